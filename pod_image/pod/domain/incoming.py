"""A federation message on its way into the domain."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pod.domain.people import Account, Person
from pod.domain.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What is known about a message besides its entity.

    `sender` is the person whose pinned key verified the envelope. `recipient` is the account
    addressed on the private route; None on the public route and for what was fetched. `envelope` is
    the magic envelope, byte for byte.
    """

    sender: Person
    recipient: Account | None
    envelope: bytes

    @property
    def is_public(self) -> bool:
        """Whether it came by the public route."""
        return self.recipient is None


Receiver = Callable[[Work, Any, Incoming], None]
"""A rule for one entity type: applies it, or raises Refused, Missing or Later."""
