"""Queues of work that takes several attempts: imports, completions, pending migrations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from pod.domain.identity import DiasporaId, Guid
from pod.store import rows
from pod.store.prepared import Row
from pod.store.queues import Queue
from pod.store.schema import completions, imports, pending_migrations


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """An import of an archive, as far as the wizard has come; the archive itself is read apart."""

    id: int
    guid: Guid
    state: str
    old_id: DiasporaId
    username: str | None
    email: str | None
    password_hash: str | None
    account_id: int | None
    report: str
    attempts: int


# A subquery: the archive, which is large, is not wanted each time.
_IMPORTS = select(*(imports.c[name] for name in Import.__dataclass_fields__)).subquery()


class Imports(Queue):
    """The wizard's rows: `state` is the wizard's, `task` says whether a worker has to act."""

    table = imports
    state = imports.c.task

    def add(self, guid: Guid, archive: bytes, old_id: DiasporaId) -> Import:
        """Keep an archive that was found valid; nothing is done until it is scheduled."""
        now = self._work.now
        self._insert(
            guid=guid,
            state="validated",
            archive=archive,
            old_id=old_id,
            due_at=now,
            created_at=now,
        )
        return self._only(guid=guid)

    def get(self, import_id: int) -> Import:
        """The import of that row id."""
        return self._only(id=import_id)

    def by_guid(self, guid: str) -> Import | None:
        """The import of that GUID."""
        row = rows.first(self._connection, _IMPORTS, guid=guid)
        return None if row is None else _import(row)

    def archive(self, import_id: int) -> bytes:
        """The archive as uploaded."""
        return bytes(rows.one(self._connection, imports, id=import_id).archive)

    def update(self, import_id: int, **values: object) -> None:
        """Change columns of an import: state, username, account_id, report, archive and so on."""
        self._change(import_id, dict(values))

    def schedule(self, import_id: int) -> None:
        """Let a worker take the next step now."""
        self._change(
            import_id, {"task": "queued", "due_at": self._work.services.now(), "attempts": 0}
        )

    def finish(self, import_id: int) -> None:
        """No worker has to act any more, unless it was scheduled again meanwhile."""
        self._work.has_queued = True
        rows.change(self._connection, imports, {"task": "idle"}, id=import_id, task="running")

    def claim(self, now: datetime, at_most: int) -> Import | None:
        """Take the next import to go on with."""
        row_id = self._claim(now, at_most)
        return None if row_id is None else self.get(row_id)

    def _only(self, **equal: object) -> Import:
        return _import(rows.one(self._connection, _IMPORTS, **equal))


def _import(row: Row) -> Import:
    return Import(**{**row.as_dict(), "guid": Guid(row.guid), "old_id": DiasporaId(row.old_id)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A stub to be replaced by the real person or post."""

    id: int
    kind: Literal["person", "post"]
    subject: str
    at: DiasporaId
    account_id: int | None
    attempts: int


class Completions(Queue):
    """Stubs to be completed."""

    table = completions
    state = completions.c.state

    def add(
        self,
        kind: Literal["person", "post"],
        subject: str,
        at: DiasporaId,
        due_at: datetime,
        account_id: int | None = None,
    ) -> None:
        """Plan an attempt, unless one is planned already."""
        if not rows.exists(self._connection, completions, kind=kind, subject=subject):
            self._insert(kind=kind, subject=subject, at=at, due_at=due_at, account_id=account_id)

    def whose(self, kind: Literal["person", "post"], subject: str) -> int | None:
        """The account whose archive told of a stub that waits to be completed."""
        row = rows.first(self._connection, completions, kind=kind, subject=subject)
        return None if row is None else row.account_id

    def claim(self, now: datetime, at_most: int) -> Completion | None:
        """Take the next stub to complete."""
        row_id = self._claim(now, at_most)
        if row_id is None:
            return None
        row = rows.one(self._connection, completions, id=row_id)
        values = {name: getattr(row, name) for name in Completion.__dataclass_fields__}
        return Completion(**{**values, "at": DiasporaId(row.at)})

    def finish(self, row_id: int) -> None:
        """Completed, or given up."""
        self._work.has_queued = True
        rows.remove(self._connection, completions, id=row_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingMigration:
    """An account migration that could not be judged yet; the envelope is verbatim."""

    id: int
    old_id: DiasporaId
    new_id: DiasporaId
    envelope: bytes
    attempts: int


class PendingMigrations(Queue):
    """Account migrations that wait for the new identity."""

    table = pending_migrations
    state = pending_migrations.c.state

    def add(
        self,
        old_id: DiasporaId,
        new_id: DiasporaId,
        envelope: bytes,
        due_at: datetime,
        attempts: int = -1,
    ) -> None:
        """Keep a migration, unless that pair waits already; next attempt at `due_at`.

        `attempts` counts those that failed after the first, which is no attempt again: -1 if not
        even that was made.
        """
        pair = {"old_id": old_id, "new_id": new_id}
        if not rows.exists(self._connection, pending_migrations, **pair):
            self._insert(**pair, envelope=envelope, due_at=due_at, attempts=attempts)

    def claim(self, now: datetime, at_most: int) -> PendingMigration | None:
        """Take the next migration to judge again."""
        row_id = self._claim(now, at_most)
        if row_id is None:
            return None
        row = rows.one(self._connection, pending_migrations, id=row_id)
        values = {name: getattr(row, name) for name in PendingMigration.__dataclass_fields__}
        ids = {"old_id": DiasporaId(row.old_id), "new_id": DiasporaId(row.new_id)}
        return PendingMigration(**{**values, **ids})

    def finish(self, row_id: int) -> None:
        """Applied, or given up."""
        self._work.has_queued = True
        rows.remove(self._connection, pending_migrations, id=row_id)

    def discard(self, old_id: DiasporaId, new_id: DiasporaId) -> None:
        """The pair is settled, for example as the same migration came again and was applied."""
        self._work.has_queued = True
        rows.remove(self._connection, pending_migrations, old_id=old_id, new_id=new_id)
