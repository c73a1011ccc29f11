"""Ports to what leaves the pod: federation messages, mail; and to notifications."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, Protocol

from pod.domain.entities import Entity
from pod.domain.identity import Guid
from pod.domain.people import Account, Person

Condition = Literal["needed", "understood"]
"""Which pods get a message that says in a second form what another one says in the first.

`needed`: those that understand this form and not the other one. `understood`: those that understand
this form.
"""


class Outbox(Protocol):
    """Deliveries, committed with the change that caused them or not at all."""

    def public(
        self,
        entity: Entity,
        sender: Account,
        to: Iterable[Person],
        *,
        concerns: Person | None = None,
        except_pods: Iterable[str] = (),
        also_pods: Iterable[str] = (),
    ) -> None:
        """Send publicly, once to each remote home pod of `to`, in an envelope of the sender's.

        Args:
            entity: Relayables go out as signed by their author.
            sender: Signs the envelope.
            to: People; local ones are skipped.
            concerns: The person at the other end whose post this is about, if it is sent to one
                pod for that reason; sent again to the new home if that person has moved.
            except_pods: Pods (URLs) that must not get it, as they sent it.
            also_pods: Pods (URLs) that get it, whoever lives there.
        """
        ...

    def told_publicly(self, guid: Guid) -> tuple[str, ...]:
        """The pods (URLs, sorted) that the entity of this GUID was ever sent to publicly."""
        ...

    def private(
        self,
        entity: Entity,
        sender: Account,
        to: Iterable[Person],
        *,
        except_pods: Iterable[str] = (),
    ) -> None:
        """Send encrypted to each remote person of `to`; local ones are skipped."""
        ...

    def envelope(
        self,
        entity_name: str,
        envelope: bytes,
        sender: Person,
        to_pods: Iterable[str],
        *,
        only_if: Condition | None = None,
    ) -> None:
        """Send a sealed envelope as it is, publicly, to these pods (URLs).

        With a condition it depends on what each of them says of itself, found out on delivery.
        """
        ...

    def forward(
        self, entity_name: str, envelope: bytes, sender: Person, to: Person, *, is_private: bool
    ) -> None:
        """Pass somebody's sealed envelope on to a remote person, publicly or encrypted to them."""
        ...

    def send_again(self, old: Person, new: Person, since: datetime) -> None:
        """Repeat to `new` what was addressed to `old`, or concerned `old`, since then."""
        ...


class Mails(Protocol):
    """Mail to the owners of accounts."""

    def add(self, recipient: str, subject: str, text: str, now: datetime) -> None: ...


class Notifications(Protocol):
    """What a person is told in the interface."""

    def add(
        self,
        account: Account,
        kind: str,
        actor: Person,
        now: datetime,
        *,
        target_guid: str | None = None,
    ) -> None:
        """Notify once: the same again is ignored."""
        ...

    def of(self, account: Account) -> tuple[dict[str, str | None], ...]: ...
