"""How acts are numbered, timed and written down."""

from datetime import UTC, datetime, timedelta

import pytest

from harness.driver.adapter import Newcomer
from harness.driver.login import Login, Refused
from harness.driver.reference import ReferencePod
from harness.facts.identity import DiasporaId, PodName
from harness.facts.journal import Journal
from harness.facts.reference import Ref
from harness.federation.account import Account
from harness.federation.acting import Acting, Home
from harness.gate.http import Request, Response
from harness.runtime.clock import VirtualClock

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Scripted:
    """A pod that gives the same answer to everything."""

    pod: PodName = "pod1"
    host = "pod1.test"

    def __init__(self, answer: Response) -> None:
        self.answer = answer
        self.asked: list[Request] = []

    def send(self, request: Request) -> Response:
        self.asked.append(request)
        return self.answer


def account(pod: Scripted, journal: Journal) -> Account:
    home = Home(pod, ReferencePod(), Acting(7, VirtualClock(NOON), journal))
    who = Newcomer(username="carol", email="carol@mail.test", password="secret")  # noqa: S106
    return Account(DiasporaId("carol", "pod1.test"), home, who, Login(pod, "carol"))


def test_each_act_of_a_person_has_a_number_and_a_second_of_its_own() -> None:
    pod, journal = Scripted(Response(201, (), b'{"guid": "0123456789abcdef"}')), Journal()
    carol = account(pod, journal)
    ref = carol.post("hello @{bob@pod3.test}")
    carol.comment(ref, "and hello again")
    assert [
        [value for name, value in request.headers if name.startswith("Seedbed")]
        for request in pod.asked
    ] == [["7/carol@pod1/1", "2026-01-05T12:00:01Z"], ["7/carol@pod1/2", "2026-01-05T12:00:02Z"]]
    first, second = journal
    assert first.refs == (Ref("post", "0123456789abcdef"),)
    assert first.arguments["mentions"] == ["bob@pod3.test"]
    assert (second.verb, second.at) == ("comment", NOON + timedelta(seconds=2))


def test_what_was_refused_did_not_happen() -> None:
    pod, journal = Scripted(Response(404, (), b'{"error": "no such post"}')), Journal()
    with pytest.raises(Refused, match="no such post"):
        account(pod, journal).comment(Ref("post", "0123456789abcdef"), "hello?")
    assert tuple(journal) == ()


def test_what_a_person_cannot_open_is_not_seen() -> None:
    pod = Scripted(Response(404, (), b'{"error": "no such post"}'))
    assert not account(pod, Journal()).sees(Ref("post", "0123456789abcdef"))
