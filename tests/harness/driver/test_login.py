"""How acts become requests, and answers values or clear failures."""

import json
from dataclasses import dataclass, field

import pytest

from harness.driver.login import Garbled, Login, Refused
from harness.facts.identity import PodName
from harness.gate.http import Request, Response


@dataclass
class Scripted:
    """A pod that gives one answer, and remembers what it was asked."""

    answer: Response
    pod: PodName = "pod1"
    host: str = "pod1.test"
    asked: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Response:
        self.asked.append(request)
        return self.answer


def test_a_login_sends_who_asks_and_which_act_it_is() -> None:
    pod = Scripted(Response(201, (), b'{"guid": "g"}'))
    login = Login(pod, "carol", (("Authorization", "Bearer t"),)).during((("Seedbed-Act", "1/x"),))
    assert login.call("POST", "/api/posts", {"text": "hi"}) == {"guid": "g"}
    headers = (
        ("Authorization", "Bearer t"),
        ("Seedbed-Act", "1/x"),
        ("Content-Type", "application/json"),
    )
    assert pod.asked == [
        Request("POST", "/api/posts", headers, json.dumps({"text": "hi"}).encode())
    ]


def test_a_refusal_tells_who_asked_for_what_and_why_not() -> None:
    pod = Scripted(Response(409, (), b'{"error": "carol is taken, choose another name"}'))
    with pytest.raises(Refused) as refusal:
        Login(pod, "carol").call("POST", "/api/accounts", {})
    assert str(refusal.value) == (
        "carol on pod1: POST /api/accounts: 409 carol is taken, choose another name"
    )
    assert (refusal.value.status, refusal.value.reason) == (
        409,
        "carol is taken, choose another name",
    )


@pytest.mark.parametrize("body", [b"<html>", b"\xff\xfe", b"{"])
def test_an_answer_that_is_no_json_is_the_pods_fault(body: bytes) -> None:
    with pytest.raises(Garbled, match="GET /api/me is answered no JSON"):
        Login(Scripted(Response(200, (), body)), "carol").call("GET", "/api/me")


def test_a_refusal_without_json_shows_the_beginning_of_the_answer() -> None:
    with pytest.raises(Refused, match="502 gate: pod1 is unreachable"):
        Login(Scripted(Response(502, (), b"gate: pod1 is unreachable"))).call("GET", "/api/me")
