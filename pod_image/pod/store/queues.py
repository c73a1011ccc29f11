"""Queues in tables: what came in, and what has to go out.

A row is `queued` with a time when it is due, then `running` while somebody works on it. A claim is
one transaction; a pod that died in between starts with everything queued again (`requeue`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sqlalchemy import Column, Integer, Select, Table, bindparam, func, select, update

from pod.domain.ports import Condition
from pod.store import rows
from pod.store.prepared import Prepared, Row
from pod.store.schema import Timestamp, deliveries, inbox, outgoing

if TYPE_CHECKING:
    from pod.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How a queue stands: due now, being worked on, due in the future."""

    queued: int = 0
    running: int = 0
    sleeping: int = 0
    sleeping_until: datetime | None = None

    def __add__(self, other: Counts) -> Counts:
        times = [time for time in (self.sleeping_until, other.sleeping_until) if time]
        return Counts(
            queued=self.queued + other.queued,
            running=self.running + other.running,
            sleeping=self.sleeping + other.sleeping,
            sleeping_until=min(times, default=None),
        )


class Queue:
    """What all queues do.

    A subclass names its table, the column that says queued or running, and, if at most one row of
    each kind may be worked on at a time, the column that tells the kind.
    """

    table: ClassVar[Table]
    state: ClassVar[Column[Any]]
    one_per: ClassVar[Column[Any] | None] = None
    unfinished: ClassVar[Select[Any]]
    """How many rows are in which state, due later than the parameter `now` or not."""
    _count: ClassVar[Prepared]
    _find: ClassVar[Prepared]
    _take: ClassVar[Prepared]
    _put_off: ClassVar[Prepared]
    _requeue: ClassVar[Prepared]

    def __init_subclass__(cls) -> None:
        """Make the statements once: workers look for work all the time."""
        cls.unfinished = _unfinished(cls.table, cls.state)
        cls._count = Prepared(cls.unfinished)
        cls._find = Prepared(_find(cls.table, cls.state, cls.one_per))
        row = update(cls.table).where(cls.table.c.id == bindparam("row_id"))
        cls._take = Prepared(row.values({cls.state: "running"}))
        again = {cls.state: "queued", "attempts": cls.table.c.attempts + 1}
        then = bindparam("then", type_=Timestamp)
        cls._put_off = Prepared(row.values({**again, "due_at": then}))
        running = update(cls.table).where(cls.state == "running")
        cls._requeue = Prepared(running.values({cls.state: "queued"}))

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._connection = work.connection

    def counts(self, now: datetime) -> Counts:
        """Count what is not finished."""
        return counts_of(self._count.all(self._connection, now=now))

    def requeue(self) -> None:
        """Queue again what was being worked on: after a restart nobody does any more."""
        self._requeue.change(self._connection)

    def retry(self, row_id: int, due_at: datetime) -> None:
        """Count a failed attempt and queue the row again, for later."""
        self._work.has_queued = True
        self._put_off.change(self._connection, row_id=row_id, then=due_at)

    def _insert(self, **values: object) -> int:
        self._work.has_queued = True
        return rows.add_with_id(self._connection, self.table, values)

    def _change(self, row_id: int, values: dict[str, object]) -> None:
        self._work.has_queued = True
        rows.change(self._connection, self.table, values, id=row_id)

    def _claim(self, now: datetime, at_most: int) -> int | None:
        """Take the row that is due longest, unless `at_most` rows are being worked on."""
        row_id = self._find.scalar(self._connection, now=now, at_most=at_most)
        if row_id is None:
            return None
        self._take.change(self._connection, row_id=row_id)
        return int(row_id)


def _find(table: Table, state: Column[Any], one_per: Column[Any] | None) -> Select[Any]:
    """The row that is due longest, unless too many are being worked on."""
    running = select(func.count()).where(state == "running").scalar_subquery()
    find = (
        select(table.c.id)
        .where(state == "queued", table.c.due_at <= bindparam("now", type_=Timestamp))
        .where(running < bindparam("at_most", type_=Integer))
        .order_by(table.c.due_at, table.c.id)
        .limit(1)
    )
    if one_per is None:
        return find
    busy = table.alias()
    taken = select(busy.c[one_per.name]).where(busy.c[state.name] == "running")
    return find.where(one_per.not_in(taken))


def _unfinished(table: Table, state: Column[Any]) -> Select[Any]:
    sleeps = table.c.due_at > bindparam("now", type_=Timestamp)
    return (
        select(
            state.label("state"),
            sleeps.label("sleeps"),
            func.count().label("number"),
            func.min(table.c.due_at).label("first"),
        )
        .where(state.in_(("queued", "running")))
        .group_by(state, sleeps)
    )


def counts_of(found: Iterable[Row]) -> Counts:
    """Add up what `Queue.unfinished` gives, of one queue or of several."""
    return sum((_counts(row) for row in found), Counts())


def _counts(row: Row) -> Counts:
    if row.state == "running":
        return Counts(running=row.number)
    if row.sleeps:
        return Counts(sleeping=row.number, sleeping_until=row.first)
    return Counts(queued=row.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message as it was posted to this pod."""

    id: int
    body: bytes
    recipient_account_id: int | None
    attempts: int


_WAITING = Prepared(
    select(inbox.c.id)
    .where(inbox.c.state == "queued")
    .limit(1)
    .offset(bindparam("passed_over", type_=Integer))
)


class Inbox(Queue):
    """Messages received and not handled yet; those of one lane in the order in which they came."""

    table = inbox
    state = inbox.c.state
    one_per = inbox.c.lane

    def add(self, body: bytes, recipient_account_id: int | None, lane: str) -> int:
        """Queue a message and count it."""
        self._work.totals.count("received")
        return self._insert(
            body=body,
            recipient_account_id=recipient_account_id,
            lane=lane,
            received_at=self._work.now,
            state="queued",
            due_at=self._work.now,
        )

    def has(self, number: int) -> bool:
        """Whether at least so many messages wait."""
        return _WAITING.first(self._connection, passed_over=number - 1) is not None

    def claim(self, now: datetime, at_most: int) -> Received | None:
        """Take the next message to handle."""
        row_id = self._claim(now, at_most)
        if row_id is None:
            return None
        row = rows.one(self._connection, inbox, id=row_id)
        return Received(
            id=row.id,
            body=row.body,
            recipient_account_id=row.recipient_account_id,
            attempts=row.attempts,
        )

    def postpone(self, row_id: int, due_at: datetime, reason: str) -> None:
        """Count a failed attempt, and queue the message again for later; say why."""
        self.retry(row_id, due_at)
        self._change(row_id, {"reason": reason})

    def finish(self, row_id: int) -> None:
        """The message has had its effect; its body is not needed any more."""
        self._change(row_id, {"state": "done", "body": b"", "reason": None})

    def drop(self, row_id: int, reason: str) -> None:
        """The message will never have an effect; say why, without its content."""
        self._change(row_id, {"state": "dropped", "body": b"", "reason": reason})


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One sealed message on its way to one pod, or encrypted to one person there."""

    id: int
    entity: str
    guid: str | None
    envelope: bytes
    pod_url: str
    recipient_id: int | None
    attempts: int
    only_if: Condition | None = None


_DELIVERY = Prepared(
    select(
        *(deliveries.c[name] for name in ("id", "pod_url", "recipient_id", "attempts", "only_if")),
        *(outgoing.c[name] for name in ("entity", "guid", "envelope")),
    )
    .join(outgoing)
    .where(deliveries.c.id == bindparam("row_id"))
)


class Deliveries(Queue):
    """What goes to other pods: one at a time to each, in order; a slow one delays nobody."""

    table = deliveries
    state = deliveries.c.state
    one_per = deliveries.c.pod_url

    def add(
        self,
        outgoing_id: int,
        pod_url: str,
        *,
        recipient_id: int | None = None,
        concerns_id: int | None = None,
        only_if: Condition | None = None,
    ) -> int:
        """Queue a delivery of an outgoing message."""
        return self._insert(
            outgoing_id=outgoing_id,
            pod_url=pod_url,
            recipient_id=recipient_id,
            concerns_id=concerns_id,
            only_if=only_if,
            state="queued",
            due_at=self._work.services.now(),
        )

    def claim(self, now: datetime, at_most: int) -> Delivery | None:
        """Take the next delivery to a pod to which none is under way."""
        row_id = self._claim(now, at_most)
        if row_id is None:
            return None
        return Delivery(**_DELIVERY.one(self._connection, row_id=row_id).as_dict())

    def finish(self, row_id: int) -> None:
        """The other pod has it."""
        self._end(row_id, "done")
        self._work.totals.count("sent")

    def skip(self, row_id: int) -> None:
        """The other pod does not need it."""
        self._end(row_id, "done")

    def abandon(self, row_id: int) -> None:
        """The last attempt failed."""
        self._end(row_id, "abandoned")
        self._work.totals.count("abandoned")

    def _end(self, row_id: int, state: Literal["done", "abandoned"]) -> None:
        self._change(row_id, {"state": state, "finished_at": self._work.services.now()})
