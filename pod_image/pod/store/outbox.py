"""Messages to other pods, committed with the change that caused them or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, and_, bindparam, or_, select

from pod.domain.entities import ENTITY_NAMES, Entity
from pod.domain.identity import Guid
from pod.domain.people import Account, Person
from pod.domain.ports import Condition
from pod.store import rows
from pod.store.schema import deliveries, outgoing

if TYPE_CHECKING:
    from pod.store.unit_of_work import UnitOfWork

_NAMES = {entity: name for name, entity in ENTITY_NAMES.items()}

_TOLD_PUBLICLY = (
    select(deliveries.c.pod_url)
    .join(outgoing)
    .where(outgoing.c.guid == bindparam("guid"), deliveries.c.recipient_id.is_(None))
    .distinct()
)


class Outbox:
    """`pod.domain.ports.Outbox`: seals once, queues one delivery for each pod or person."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._connection = work.connection

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
        """Send publicly, once to each remote home pod of `to`, and to other pods."""
        homes = {person.pod_url for person in to if not person.is_local}
        pods = homes.union(also_pods) - set(except_pods)
        if pods:
            self._deliver(
                self._seal(entity, sender), pods, None if concerns is None else concerns.id
            )

    def told_publicly(self, guid: Guid) -> tuple[str, ...]:
        """The pods that the entity of this GUID was ever sent to publicly."""
        return tuple(sorted(self._connection.scalars(_TOLD_PUBLICLY, {"guid": guid})))

    def private(
        self,
        entity: Entity,
        sender: Account,
        to: Iterable[Person],
        *,
        except_pods: Iterable[str] = (),
    ) -> None:
        """Send encrypted to each remote person of `to`."""
        passed_over = set(except_pods)
        remote = {p.id: p for p in to if not p.is_local and p.pod_url not in passed_over}
        if remote:
            outgoing_id = self._seal(entity, sender)
            for person in remote.values():
                self._work.deliveries.add(outgoing_id, person.pod_url, recipient_id=person.id)

    def envelope(
        self,
        entity_name: str,
        envelope: bytes,
        sender: Person,
        to_pods: Iterable[str],
        *,
        only_if: Condition | None = None,
    ) -> None:
        """Send a sealed envelope as it is, publicly, to these pods."""
        pods = set(to_pods) - {self._work.policy.url}
        if pods:
            content = {"entity": entity_name, "payload": b"", "envelope": envelope}
            outgoing_id = self._keep(sender.id, content)
            for pod in sorted(pods):
                self._work.deliveries.add(outgoing_id, pod, only_if=only_if)

    def forward(
        self, entity_name: str, envelope: bytes, sender: Person, to: Person, *, is_private: bool
    ) -> None:
        """Pass somebody's sealed envelope on to a remote person, publicly or encrypted to them."""
        content = {"entity": entity_name, "payload": b"", "envelope": envelope}
        recipient_id = to.id if is_private else None
        outgoing_id = self._keep(sender.id, content)
        self._work.deliveries.add(outgoing_id, to.pod_url, recipient_id=recipient_id)

    def send_again(self, old: Person, new: Person, since: datetime) -> None:
        """Repeat to `new` what was addressed to `old`, or concerned `old`, since then.

        Not contacts and profiles: whoever shares tells the new ID so anyhow, once.
        """
        if new.is_local:
            return
        for row in self._addressed(old, since):
            if self._was_sent(row, new):
                continue
            if row.recipient_id is None:
                self._deliver(row.outgoing_id, {new.pod_url}, new.id)
            else:
                self._work.deliveries.add(row.outgoing_id, new.pod_url, recipient_id=new.id)

    def _deliver(self, outgoing_id: int, pods: set[str], concerns_id: int | None = None) -> None:
        for pod in sorted(pods):
            self._work.deliveries.add(outgoing_id, pod, concerns_id=concerns_id)

    def _seal(self, entity: Entity, sender: Account) -> int:
        services = self._work.services
        payload = services.encode(entity)
        content = {
            "entity": _NAMES[type(entity)],
            "guid": getattr(entity, "guid", None) or getattr(entity, "target_guid", None),
            "payload": payload,
            "envelope": services.seal(payload, sender),
        }
        return self._keep(sender.person.id, content)

    def _keep(self, sender_id: int, content: dict[str, Any]) -> int:
        values = {**content, "sender_id": sender_id, "created_at": self._work.services.now()}
        return rows.add_with_id(self._connection, outgoing, values)

    def _addressed(self, old: Person, since: datetime) -> list[Row[Any]]:
        d, o = deliveries.c, outgoing.c
        unfinished = d.state.in_(("queued", "running"))
        statement = (
            select(d.outgoing_id, d.recipient_id)
            .join(outgoing)
            .where(or_(d.recipient_id == old.id, d.concerns_id == old.id))
            .where(or_(unfinished, d.finished_at >= since))
            .where(o.entity.not_in(("contact", "profile")))
            .order_by(d.id)
        )
        return list(self._connection.execute(statement))

    def _was_sent(self, row: Row[Any], new: Person) -> bool:
        """Whether this very message was addressed to the new ID before, or went to its pod."""
        d = deliveries.c
        to_new = d.recipient_id == new.id
        to_pod = and_(d.recipient_id.is_(None), d.pod_url == new.pod_url)
        statement = select(d.id).where(d.outgoing_id == row.outgoing_id, or_(to_new, to_pod))
        return self._connection.execute(statement).first() is not None
