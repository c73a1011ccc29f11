"""Who else may be at the gate: peers under the full control of a scenario.

A guest is reached like a pod, under a host of its own, but lives in the harness.
"""

from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from harness.facts.identity import Party
from harness.gate.http import Request, Response


class Guest(Protocol):
    """A peer, as the gate knows it; it may be asked from several threads."""

    def answer(self, sender: Party, request: Request) -> Response:
        """What it answers; raises `OSError` if it gives no answer."""
        ...

    def private_key(self, guid: str) -> RSAPrivateKey | None:
        """The key of one of its people, so that the gate can read what is addressed to them."""
        ...
