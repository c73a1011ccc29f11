"""A scripted peer answers what was declared, and complains of everything else."""

from collections import deque
from collections.abc import Iterator
from datetime import timedelta

import pytest

from harness.facts.identity import POD_HOSTS
from harness.gate import Gate, KeyRing, Wiretap, compose, forge
from harness.gate.forge import Identity
from harness.gate.http import Pace, Request
from harness.gate.inline import InlineGate
from harness.gate.script import (
    NEVER,
    Answer,
    Answering,
    Declared,
    Drip,
    RequestNeverMade,
    Script,
    UndeclaredRequest,
)
from tests.harness.gate.letters import person

BOB = person("bob", "pod3")
EVE = Identity(BOB.diaspora_id, BOB.guid, BOB.key)


@pytest.fixture
def waited() -> list[timedelta]:
    return []


@pytest.fixture
def script(waited: list[timedelta]) -> Script:
    return Script("peer.test", waited.append)


@pytest.fixture
def gate(script: Script) -> Iterator[Gate]:
    with Wiretap() as wiretap:
        gate = Gate({host: pod for pod, host in POD_HOSTS.items()}, wiretap, KeyRing())
        gate.welcome("peer", script)
        yield gate


def expect(script: Script, target: str, *answers: Answer | Answering) -> Declared:
    return script.declare(
        Declared(target, lambda request, _: request.target == target, deque(answers))
    )


def ask(gate: Gate, target: str, url: str = "https://peer.test") -> tuple[int, bytes]:
    status, _, body = InlineGate(gate).carrier("pod1")("GET", url + target, [], b"")
    return status, body


def test_answers_are_given_in_turn_and_the_last_for_good(gate: Gate, script: Script) -> None:
    page = expect(script, "/a", Answer(status=503), Answer(body="here"))
    assert [ask(gate, "/a") for _ in range(3)] == [(503, b""), (200, b"here"), (200, b"here")]
    assert (page.times, script.undeclared) == (3, ())
    (first, *_) = gate.wiretap.exchanges()
    assert (first.sender, first.recipient, first.host) == ("pod1", "peer", "peer.test")


def test_an_answer_may_be_made_when_it_is_asked_for(gate: Gate, script: Script) -> None:
    expect(script, "/a?b", lambda request: Answer(body=request.target))
    assert ask(gate, "/a?b") == (200, b"/a?b")


def test_what_was_declared_last_goes_first(gate: Gate, script: Script) -> None:
    expect(script, "/a", Answer(body="old"))
    expect(script, "/a", Answer(body="new"))
    assert ask(gate, "/a") == (200, b"new")


def test_a_request_that_was_expected_and_never_made_is_named(gate: Gate, script: Script) -> None:
    expect(script, "/a", Answer()).is_optional = True
    page = expect(script, "/b", Answer())
    with pytest.raises(RequestNeverMade, match=r"peer\.test was never asked for: /b$"):
        script.check_to_the_end()
    assert (ask(gate, "/b"), page.times) == ((200, b""), 1)
    script.check_to_the_end()


SLOW = Drip(every=timedelta(seconds=1), octets=10)
SLOW_BODY = Drip(every=timedelta(seconds=1), part="body")


def test_an_answer_may_come_drop_by_drop_if_it_comes_in_time(gate: Gate) -> None:
    timeless = Script("peer.test", None)
    gate.welcome("peer", timeless)
    expect(timeless, "/a", Answer(body="x" * 28, drip=SLOW_BODY))
    assert ask(gate, "/a") == (200, b"x" * 28)
    expect(timeless, "/a", Answer(body="x" * 30, drip=SLOW_BODY))
    expect(timeless, "/b", Answer(body="x" * 300, drip=SLOW))
    for target in ("/a", "/b"):
        with pytest.raises(ConnectionError, match="answers too slowly"):
            ask(gate, target)


def test_where_time_passes_what_is_too_slow_comes_fast_but_not_to_its_end(
    script: Script,
) -> None:
    request = Request("GET", "/a")
    expect(script, "/a", Answer(body="x" * 20, drip=SLOW_BODY), Answer(body="x" * 400, drip=SLOW))
    slow, endless = script.answer("pod1", request), script.answer("pod1", request)
    pieces = -(-len(endless.octets) // 10)
    assert (slow.pace, endless.pace) == (
        Pace(1, 1 / 21, len(slow.octets) - 20),
        Pace(10, 1 / pieces),
    )
    assert (slow.raw, endless.raw) == (slow.octets, endless.octets[:-1])


def test_a_request_that_nobody_expected_is_named(gate: Gate, script: Script) -> None:
    script.check()
    expect(script, "/a", Answer())
    assert ask(gate, "/b") == (404, b"")
    with pytest.raises(UndeclaredRequest, match=r"peer\.test did not expect: GET /b from pod1"):
        script.check()
    assert list(script.never_made()) == ["/a"]


def test_an_answer_that_takes_too_long_never_comes(
    gate: Gate, script: Script, waited: list[timedelta]
) -> None:
    expect(script, "/a", NEVER, Answer(after=timedelta(seconds=3)))
    with pytest.raises(ConnectionError, match="gives no answer"):
        ask(gate, "/a")
    assert waited == []
    assert ask(gate, "/a")[0] == 200
    assert waited == [timedelta(seconds=1)]


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"hello",
        b"HTTP/1.1 200 OK\r\n\r",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
)
def test_octets_that_are_no_answer_break_the_connection(
    gate: Gate, script: Script, octets: bytes
) -> None:
    expect(script, "/a", Answer(raw=octets))
    with pytest.raises(ConnectionError):
        ask(gate, "/a")


def test_octets_that_are_an_answer_are_one(gate: Gate, script: Script) -> None:
    early = b"HTTP/1.1 100 Continue\r\n\r\n"
    expect(script, "/a", Answer(raw=early + b"HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno"))
    expect(script, "/b", Answer(raw=b"HTTP/1.1 200 OK\r\n\r\nuntil the end"))
    assert (ask(gate, "/a"), ask(gate, "/b")) == ((404, b"no"), (200, b"until the end"))


def test_a_private_message_is_read_with_the_key_of_its_recipient(
    gate: Gate, script: Script
) -> None:
    script.read_with(EVE.guid, EVE.private_key)
    script.declare(Declared("any", lambda _, message: message.is_delivery, deque([Answer()])))
    envelope = forge.seal(compose.entity("contact", {"author": EVE.diaspora_id}), EVE)
    body = compose.encrypted(envelope, EVE.private_key.public_key())
    gate.carry("pod1", "peer.test", compose.privately(body, EVE.guid, "peer.test"))
    gate.carry("pod1", "peer.test", compose.privately(body, "0" * 32, "peer.test"))
    first, second = script.deliveries
    assert (first.sender, first.message.entity, first.envelope) == ("pod1", "contact", envelope)
    assert (second.message.is_opaque, second.envelope) == (True, b"")
    assert [each.entity for each in gate.wiretap.messages(to="peer")] == ["contact", None]


def test_a_peer_is_there_until_the_gate_is_reset(gate: Gate, script: Script) -> None:
    expect(script, "/a", Answer())
    assert ask(gate, "/a")[0] == 200
    gate.reset()
    with pytest.raises(ConnectionError, match=r"no pod is called peer\.test"):
        ask(gate, "/a")
    assert set(gate.hosts) == set(POD_HOSTS.values())


def test_what_a_peer_sends_is_carried_in_its_name(gate: Gate) -> None:
    inline = InlineGate(gate)
    inline.register("pod1", lambda *_request: (202, [], b""))
    judgement = gate.carry("peer", "pod1.test", Request("POST", "/receive/public", (), b"<x/>"))
    assert judgement.answer is not None
    assert judgement.answer.status == 202
    assert [each.sender for each in gate.wiretap.messages(to="pod1")] == ["peer"]
