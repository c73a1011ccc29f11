"""Messages to other pods, committed with the change that caused them or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, or_, select

from pod.domain.entities import ENTITY_NAMES, Entity
from pod.domain.identity import Guid
from pod.domain.people import Account, Person
from pod.domain.ports import Condition
from pod.store import rows
from pod.store.prepared import Prepared, Row
from pod.store.schema import Timestamp, deliveries, outgoing

if TYPE_CHECKING:
    from pod.store.unit_of_work import UnitOfWork

_NAMES = {entity: name for name, entity in ENTITY_NAMES.items()}

_TOLD_PUBLICLY = Prepared(
    select(deliveries.c.pod_url)
    .join(outgoing)
    .where(outgoing.c.guid == bindparam("guid"), deliveries.c.recipient_id.is_(None))
    .distinct()
)

_ADDRESSED = Prepared(
    select(deliveries.c.outgoing_id, deliveries.c.recipient_id)
    .join(outgoing)
    .where(
        or_(
            deliveries.c.recipient_id == bindparam("person_id"),
            deliveries.c.concerns_id == bindparam("person_id"),
        ),
        or_(
            deliveries.c.state.in_(("queued", "running")),
            deliveries.c.finished_at >= bindparam("since", type_=Timestamp),
        ),
        outgoing.c.entity.not_in(("contact", "profile")),
    )
    .order_by(deliveries.c.id)
)
_SENT_TO = Prepared(
    select(deliveries.c.id).where(
        deliveries.c.outgoing_id == bindparam("outgoing_id"),
        or_(
            deliveries.c.recipient_id == bindparam("person_id"),
            and_(deliveries.c.recipient_id.is_(None), deliveries.c.pod_url == bindparam("pod_url")),
        ),
    )
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
        return tuple(sorted(_TOLD_PUBLICLY.scalars(self._connection, guid=guid)))

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

    def _addressed(self, old: Person, since: datetime) -> list[Row]:
        return _ADDRESSED.all(self._connection, person_id=old.id, since=since)

    def _was_sent(self, row: Row, new: Person) -> bool:
        """Whether this very message was addressed to the new ID before, or went to its pod."""
        which = {"outgoing_id": row.outgoing_id, "person_id": new.id, "pod_url": new.pod_url}
        return _SENT_TO.first(self._connection, **which) is not None
