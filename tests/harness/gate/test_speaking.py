"""Octets that need not be HTTP reach a pod as they are, and what it says comes back."""

import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.facts.identity import POD_HOSTS
from harness.gate import Gate, KeyRing, Wiretap
from harness.gate.http import Pace
from harness.gate.speaking import speak, status_in


@pytest.fixture
def gate() -> Iterator[Gate]:
    with Wiretap() as wiretap:
        yield Gate({host: pod for pod, host in POD_HOSTS.items()}, wiretap, KeyRing())


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(tmp_path / "pod1.sock"))
        listening.listen()
        yield listening


def hear(listener: socket.socket, answer: bytes) -> bytes:
    """Take what comes on one connection until its end, and answer."""
    connection, _ = listener.accept()
    with connection:
        heard = b""
        while more := connection.recv(4096):
            heard += more
        connection.sendall(answer)
    return heard


@pytest.mark.parametrize("pace", [None, Pace(3, 0.001), Pace(1, 0.001, promptly=5)])
@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"rubbish"])
def test_what_is_said_by_hand_is_heard_and_recorded(
    gate: Gate, listener: socket.socket, tmp_path: Path, pace: Pace | None, answer: bytes
) -> None:
    octets = b"\x16\x03no HTTP"
    with ThreadPoolExecutor(1) as pod:
        heard: Future[bytes] = pod.submit(hear, listener, answer)
        said = speak(gate, "peer", ("pod1", tmp_path / "pod1.sock"), octets, pace)
    assert (heard.result(), said) == (octets, answer)
    (exchange,) = gate.wiretap.exchanges()
    assert (exchange.sender, exchange.recipient, exchange.status) == (
        "peer",
        "pod1",
        400 if answer.startswith(b"HTTP") else 0,
    )


def test_only_an_answer_has_a_status() -> None:
    said = (b"HTTP/1.1 202 Accepted\r\n", b"HTTP/1.1 200\r\n\r\n", b"HTTP/1.1", b"a b", b"")
    assert list(map(status_in, said)) == [202, 200, 0, 0, 0]
