"""What a person is told in the interface."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from pod.domain.people import Account, Person
from pod.store import rows
from pod.store.prepared import Prepared
from pod.store.schema import iso, notifications, people

if TYPE_CHECKING:
    from pod.store.unit_of_work import UnitOfWork

# NULLs are never equal, so the constraint alone would let the same in twice.
_KNOWN = Prepared(
    select(notifications.c.id).where(
        notifications.c.account_id == bindparam("account_id"),
        notifications.c.kind == bindparam("kind"),
        notifications.c.actor_id == bindparam("actor_id"),
        notifications.c.target_guid.is_not_distinct_from(bindparam("target_guid")),
    )
)
_TOLD = Prepared(
    select(
        notifications.c.kind,
        people.c.diaspora_id,
        notifications.c.target_guid,
        notifications.c.created_at,
    )
    .join(people, people.c.id == notifications.c.actor_id)
    .where(notifications.c.account_id == bindparam("account_id"))
    .order_by(notifications.c.created_at.desc(), notifications.c.id.desc())
)


class Notifications:
    """`pod.domain.ports.Notifications` over one unit of work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._connection = work.connection

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
        about = {"account_id": account.id, "kind": kind, "actor_id": actor.id}
        about["target_guid"] = target_guid
        if _KNOWN.first(self._connection, **about) is None:
            rows.add(self._connection, notifications, {**about, "created_at": now})

    def of(self, account: Account) -> tuple[dict[str, str | None], ...]:
        """Everything the account was told, newest first."""
        return tuple(
            {
                "kind": kind,
                "actor": actor,
                "target_guid": target,
                "created_at": iso(created_at),
            }
            for kind, actor, target, created_at in _TOLD.all(
                self._connection, account_id=account.id
            )
        )
