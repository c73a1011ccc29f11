"""Octets that need not be HTTP, brought to a pod by hand: broken requests, and slow ones.

The gate's own client says nothing that is not well-formed, so this is another one.
"""

import socket
import threading
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Final

from harness.facts.identity import Party, PodName
from harness.gate.core import Gate
from harness.gate.decode import addressed
from harness.gate.http import Pace, Request, Response
from harness.gate.judgement import Judgement

PATIENCE: Final = timedelta(seconds=10)
"""How long the pod may be silent before it is left alone."""

_READ_BYTES: Final = 65536

_never: Final = threading.Event()


def speak(
    gate: Gate, sender: Party, to: tuple[PodName, Path], octets: bytes, pace: Pace | None
) -> bytes:
    """Say something to a pod, and hear until it has had enough, or nothing more comes.

    Args:
        gate: Records it.
        sender: Who speaks.
        to: The pod, and the Unix socket on which it listens.
        octets: What is said.
        pace: How slowly; None if at once.

    Returns:
        What the pod has said; nothing if it just closed the connection.
    """
    pod, address = to
    request = Request("-", "/", (), octets)
    begun = perf_counter()
    with gate.wiretap.travelling():
        heard = _exchanged(address, octets, pace)
        judgement = Judgement(sender, pod, pod, request, addressed(request))
        gate.finish(judgement.answered(Response(status_in(heard), raw=heard)), begun)
    return heard


def status_in(heard: bytes) -> int:
    """The status of an answer; 0 if it is none."""
    first = heard.partition(b"\r\n")[0].split(b" ")
    return int(first[1]) if len(first) > 1 and first[1].isdigit() else 0


def _exchanged(address: Path, octets: bytes, pace: Pace | None) -> bytes:
    heard = bytearray()
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as connection:
        connection.settimeout(PATIENCE.total_seconds())
        connection.connect(str(address))
        # A pod that hangs up in the middle has given its answer.
        with suppress(BrokenPipeError, ConnectionResetError):
            for piece in pace.pieces(octets) if pace else (octets,):
                connection.sendall(piece)
                if pace:
                    _never.wait(pace.seconds)
            if not (pace and pace.waits):
                connection.shutdown(socket.SHUT_WR)
        with suppress(TimeoutError, ConnectionResetError):
            while more := connection.recv(_READ_BYTES):
                heard += more
    return bytes(heard)
