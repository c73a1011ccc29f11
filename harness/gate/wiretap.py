"""Who sent what to whom: every exchange that met the gate, as it happened.

Each record becomes one line of JSON at once, so that a run that is killed leaves all it saw. Of
what people wrote nothing is kept, only names, GUIDs, sizes and verdicts.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Self, TextIO

from harness.errors import DiskFull
from harness.facts.identity import Party
from harness.gate.decode import Message, Route
from harness.gate.rules import named

Verdict = Literal["passed", "lost", "refused", "parked", "released", "garbled", "failed", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request between pods and what became of it.

    Attributes:
        seq: Counts from 1, in the order in which exchanges ended.
        at: When it ended, by the wall clock.
        virtual_at: When it ended, by the federation's clock; None if it has none.
        sender: The pod that made the request.
        recipient: The pod it was for; None if the host is no pod's.
        host: The host that was asked for.
        route: Which kind of endpoint it used.
        entity: Name of the entity delivered or fetched; None if there is none, or it is opaque.
        status: What the sender was answered; None if it was not answered, and for a released
            message what the recipient answered.
        verdict: What the gate did. `unknown`: passed, although a rule may have concerned it.
        reason: Why it failed; None unless it did.
    """

    seq: int = 0
    at: datetime
    virtual_at: datetime | None
    sender: Party
    recipient: Party | None
    host: str
    method: str
    path: str
    route: Route
    entity: str | None = None
    author: str | None = None
    envelope_sender: str | None = None
    guid: str | None = None
    parent_guid: str | None = None
    target_guid: str | None = None
    recipient_guid: str | None = None
    is_opaque: bool = False
    status: int | None = None
    verdict: Verdict
    reason: str | None = None
    request_bytes: int
    response_bytes: int
    duration_ms: float

    @property
    def is_delivery(self) -> bool:
        """Whether an entity was pushed to a pod, rather than something asked of it."""
        return self.as_message().is_delivery

    def as_message(self) -> Message:
        """What the gate understood of the content."""
        return Message(
            route=self.route,
            entity=self.entity,
            author=self.author,
            envelope_sender=self.envelope_sender,
            guid=self.guid,
            parent_guid=self.parent_guid,
            target_guid=self.target_guid,
            recipient_guid=self.recipient_guid,
            is_opaque=self.is_opaque,
        )

    def as_json(self) -> str:
        """One line of `wire.jsonl`, without its line break."""
        return json.dumps(asdict(self), default=datetime.isoformat, ensure_ascii=False)


class Wiretap:
    """The record of all exchanges; safe to use from several threads."""

    def __init__(
        self,
        path: Path | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        virtual_now: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        """Start recording.

        Args:
            path: Where the lines of JSON go; None keeps the records in memory only.
            now: The wall clock.
            virtual_now: The federation's clock.
        """
        self.now = now
        self.virtual_now = virtual_now
        self._path = path
        self._records: list[Exchange] = []
        self._beginning = 0
        self._changed = threading.Condition()
        self._in_flight = 0
        self._failure: DiskFull | None = None
        self._file: TextIO | None = path.open("a", encoding="utf-8") if path else None

    def record(self, exchange: Exchange) -> Exchange:
        """Number an exchange, keep it, and write it down."""
        with self._changed:
            numbered = replace(exchange, seq=len(self._records) + 1)
            self._records.append(numbered)
            self._write(numbered)
            self._changed.notify_all()
        return numbered

    def mark(self) -> int:
        """The number of the latest exchange, to be given as `since` later.

        Raises:
            DiskFull: If some exchange could not be written down.
        """
        with self._changed:
            if self._failure is not None:
                raise self._failure
            return len(self._records)

    def begin(self) -> None:
        """Let what was recorded so far be past: only the file keeps it in sight."""
        self._beginning = self.mark()

    def exchanges(self, *, since: int = 0, route: Route | None = None) -> tuple[Exchange, ...]:
        """Every exchange after a mark, and after the latest beginning."""
        self.mark()
        with self._changed:
            records = self._records[max(since, self._beginning) :]
        return tuple(each for each in records if route in (None, each.route))

    def messages(
        self,
        *,
        entity: str | Iterable[str] | None = None,
        to: Party | None = None,
        sender: Party | None = None,
        since: int = 0,
        verdict: Verdict | None = None,
    ) -> tuple[Exchange, ...]:
        """The deliveries that match all that is given; opaque ones match no entity.

        Entities are named as in rules, so that `account migration` means either form.
        A message that was held appears twice: `parked`, and later `released`.
        """
        entities = named(entity)
        return tuple(
            each
            for each in self.exchanges(since=since)
            if each.is_delivery
            and (not entities or each.entity in entities)
            and to in (None, each.recipient)
            and sender in (None, each.sender)
            and verdict in (None, each.verdict)
        )

    @property
    def in_flight(self) -> int:
        """How many exchanges have begun and not ended."""
        with self._changed:
            return self._in_flight

    @contextmanager
    def travelling(self) -> Iterator[None]:
        """Count one exchange as being in flight."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def wait_until_idle(self, timeout: timedelta) -> bool:
        """Wait until nothing is in flight; False if something still is when the time is over."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._in_flight, timeout.total_seconds())

    def wait_until_recorded(self, seq: int, timeout: timedelta) -> bool:
        """Wait until so many exchanges have ended; False if they have not when the time is over."""
        with self._changed:
            return self._changed.wait_for(
                lambda: len(self._records) >= seq, timeout.total_seconds()
            )

    def close(self) -> None:
        """Close the file; what is in memory can still be asked for."""
        with self._changed:
            if self._file:
                self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _count(self, change: int) -> None:
        with self._changed:
            self._in_flight += change
            self._changed.notify_all()

    def _write(self, exchange: Exchange) -> None:
        if self._file is None:
            return
        try:
            self._file.write(exchange.as_json() + "\n")
            self._file.flush()
        except OSError as error:
            # Told to whoever reads the record: here it would only break one pod's connection.
            self._failure = DiskFull(f"could not write {self._path}: {error.strerror}")
