"""eve's pod answers drop by drop, and speaks to pods slowly or in no language at all.

Whoever waits for her waits half a minute and no longer; whoever hears her serves others meanwhile.

Clauses: DEC-4.13, DEC-4.14; protocol 9 rows 5, 6
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from harness import Account, Answer, CanHearOctets, Drip, Federation, Pace, Peer, PeerPerson
from scenarios.attacks import harmless, in_vain, met, post, seek

DRIPS = {
    "headers": Drip(every=timedelta(seconds=1)),
    "body": Drip(every=timedelta(seconds=1), part="body"),
    "larger pieces": Drip(every=timedelta(seconds=10), octets=64),
}
BROKEN = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "no version": b"POST /receive/public\r\n\r\n",
    "a space in the target": b"POST /receive /public HTTP/1.1\r\nHost: pod1.test\r\n\r\n",
    "two lengths": b"POST /receive/public HTTP/1.1\r\nHost: pod1.test\r\n"
    b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "a length below nothing": b"POST /receive/public HTTP/1.1\r\nHost: pod1.test\r\n"
    b"Content-Length: -1\r\n\r\n",
    "no end of the headers": b"POST /receive/public HTTP/1.1\r\nHost: pod1.test\r\nX: ",
    "endless headers": b"GET / HTTP/1.1\r\nHost: pod1.test\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
    "a chunk of no size": b"POST /receive/public HTTP/1.1\r\nHost: pod1.test\r\n"
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "less than was said": b"POST /receive/public HTTP/1.1\r\nHost: pod1.test\r\n"
    b"Content-Length: 99\r\n\r\nabc",
}


@pytest.mark.parametrize("drip", DRIPS)
@pytest.mark.parametrize("asked", ["WebFinger", "hCard", "fetch"])
def test_an_answer_that_comes_drop_by_drop_is_not_waited_for(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account, drip: str, asked: str
) -> None:
    """Clauses: DEC-4.13; protocol 9 row 6."""
    ann, guid = peer.person("ann"), peer.new_guid()
    answers: dict[str, tuple[str, str | bytes, str]] = {
        "WebFinger": (ann.webfinger_path, ann.webfinger(), str(ann)),
        "hCard": (ann.hcard_path, ann.hcard(), str(ann)),
        "fetch": (
            f"/fetch/post/{guid}",
            eve.seal(post(eve, guid=guid)),
            f"diaspora://{eve}/post/{guid}",
        ),
    }
    path, document, what = answers[asked]
    slow = peer.serve(path, Answer(body=document, drip=DRIPS[drip]))
    with harmless(federation, eve):
        assert not seek(carol, what)
    assert slow.times == 1
    (reason,) = in_vain(federation)
    assert f"GET https://peer.test{path}: " in reason


def test_an_answer_that_is_slow_but_comes_in_time_is_read(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-4.13; protocol 9 row 6."""
    ann = peer.person("ann")
    drip = Drip(every=timedelta(seconds=1), octets=200)
    peer.serve(ann.webfinger_path, Answer(body=ann.webfinger(), drip=drip))
    with harmless(federation, eve, but=met(ann)):
        assert seek(carol, str(ann))


@pytest.mark.needs.with_args(CanHearOctets)
def test_a_request_that_is_broken_is_none(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-4.14; protocol 9 row 5."""
    with harmless(federation, eve):
        said = {name: peer.speak(octets, "pod1") for name, octets in BROKEN.items()}
    # Each is told that it is wrong, or nothing, and the connection is closed.
    assert {name: heard[:12] for name, heard in said.items() if heard[9:12] != b"400"} == {
        "no end of the headers": b"",
        "less than was said": b"",
    }


@pytest.mark.needs.with_args(CanHearOctets)
def test_a_request_that_comes_drop_by_drop_is_heard_and_keeps_nobody_from_speaking(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-4.14; protocol 9 row 6."""
    guid, slow_ones, aspects = peer.new_guid(), 8, carol.aspects()
    body = eve.seal(post(eve, guid=guid, text="slowly"))
    head = f"POST /receive/public HTTP/1.1\r\nHost: pod1.test\r\nContent-Length: {len(body)}\r\n"
    kind = "Content-Type: application/magic-envelope+xml\r\nConnection: close\r\n\r\n"
    with harmless(federation, eve, but={"pod1": {"post": {guid}}}):
        octets = f"{head}{kind}".encode() + body
        pace = Pace(16, 3 * 16 / len(octets), waits=True)
        with ThreadPoolExecutor(slow_ones) as crowd:
            slow = [crowd.submit(peer.speak, octets, "pod1", pace) for _ in range(slow_ones)]
            assert carol.aspects() == aspects
            assert not any(each.done() for each in slow)
        assert {each.result()[:13] for each in slow} == {b"HTTP/1.1 202 "}
