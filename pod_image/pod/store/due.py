"""When something falls due, over all queues at once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, union_all

from pod.store.mails import Mails
from pod.store.prepared import Prepared
from pod.store.queues import Counts, Deliveries, Inbox, Queue, counts_of
from pod.store.schema import Timestamp
from pod.store.tasks import Completions, Imports, PendingMigrations

if TYPE_CHECKING:
    from pod.store.unit_of_work import UnitOfWork

QUEUES: tuple[type[Queue], ...] = (
    Inbox,
    Deliveries,
    Mails,
    Imports,
    PendingMigrations,
    Completions,
)
"""Every queue, in the order in which workers look for something to do."""

_SLEEPING = Prepared(
    union_all(
        *(
            select(func.min(queue.table.c.due_at).label("due_at")).where(
                queue.state == "queued", queue.table.c.due_at > bindparam("now", type_=Timestamp)
            )
            for queue in QUEUES
        )
    )
)

_UNFINISHED = Prepared(union_all(*(queue.unfinished for queue in QUEUES)))


def unfinished(work: UnitOfWork, now: datetime) -> Counts:
    """Count what is not finished in any queue."""
    return counts_of(_UNFINISHED.all(work.connection, now=now))


def next_due(work: UnitOfWork, now: datetime) -> datetime | None:
    """When the next thing that sleeps falls due."""
    times = _SLEEPING.scalars(work.connection, now=now)
    return min((time for time in times if time is not None), default=None)
