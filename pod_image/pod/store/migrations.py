"""Records of account migrations, deletions and retractions; they are kept for good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from sqlalchemy import Table

from pod.domain.identity import DiasporaId
from pod.domain.people import Person
from pod.domain.ports import Migration, WireForm
from pod.store import repointing, rows
from pod.store.prepared import Row
from pod.store.schema import (
    account_deletions,
    account_migrations,
    aliases,
    migration_replies,
    photos,
    retractions,
)

if TYPE_CHECKING:
    from pod.store.unit_of_work import UnitOfWork

REPLY_EVERY = timedelta(hours=1)


class Migrations:
    """`pod.domain.ports.Migrations` in one unit of work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._connection = work.connection

    def of(self, old: Person) -> Migration | None:
        row = rows.first(self._connection, account_migrations, old_person_id=old.id)
        return None if row is None else self._read(row)

    def by_old_id(self, old_id: DiasporaId) -> Migration | None:
        old = self._work.people.by_id(old_id)
        return None if old is None else self.of(old)

    def to(self, new: Person) -> tuple[Migration, ...]:
        found = rows.find(self._connection, account_migrations, new_person_id=new.id)
        return tuple(self._read(row) for row in found)

    def _read(self, row: Row) -> Migration:
        return Migration(
            old=self._work.people.get(row.old_person_id),
            new=self._work.people.get(row.new_person_id),
            form=cast(WireForm, row.form),
            envelope=row.envelope,
            originated_here=row.originated_here,
            completed_at=row.completed_at,
            second_envelope=row.second_envelope,
        )

    def add(self, migration: Migration, now: datetime) -> None:
        values = {
            "old_person_id": migration.old.id,
            "new_person_id": migration.new.id,
            "form": migration.form,
            "envelope": migration.envelope,
            "second_envelope": migration.second_envelope,
            "originated_here": migration.originated_here,
            "completed_at": migration.completed_at,
            "created_at": now,
        }
        rows.add(self._connection, account_migrations, values)

    def add_second(self, old: Person, envelope: bytes) -> None:
        self._change(old, {"second_envelope": envelope})

    def complete(self, old: Person, now: datetime) -> None:
        self._change(old, {"completed_at": now})

    def _change(self, old: Person, values: Mapping[str, object]) -> None:
        rows.change(self._connection, account_migrations, values, old_person_id=old.id)

    def repoint(self, old: Person, new: Person) -> None:
        repointing.repoint(self._connection, old, new)

    def move_photos(self, author: Person, path: str) -> None:
        values = {"remote_photo_path": path}
        rows.change(self._connection, photos, values, author_id=author.id)

    # --- what is not applied yet, or never can be ---

    def hold(
        self, old_id: DiasporaId, new_id: DiasporaId, envelope: bytes, due_at: datetime
    ) -> None:
        self._work.pending_migrations.add(old_id, new_id, envelope, due_at)

    def alias(self, old_id: DiasporaId) -> Person | None:
        row = rows.first(self._connection, aliases, old_id=old_id)
        people = self._work.people
        return None if row is None else people.newest(people.get(row.new_person_id))

    def alias_envelope(self, old_id: DiasporaId) -> bytes | None:
        row = rows.first(self._connection, aliases, old_id=old_id)
        return None if row is None else bytes(row.envelope)

    def add_alias(self, old_id: DiasporaId, new: Person, envelope: bytes) -> None:
        self._add_once(aliases, {"old_id": old_id}, new_person_id=new.id, envelope=envelope)

    def may_reply(self, old: Person, pod_url: str, now: datetime) -> bool:
        key = {"old_person_id": old.id, "pod_url": pod_url}
        last = rows.first(self._connection, migration_replies, **key)
        if last is not None and last.sent_at <= now < last.sent_at + REPLY_EVERY:
            return False
        self._add_once(migration_replies, key, sent_at=now)
        rows.change(self._connection, migration_replies, {"sent_at": now}, **key)
        return True

    # --- deletions and retractions ---

    def record_deletion(self, person: Person, now: datetime) -> None:
        self._add_once(account_deletions, {"person_id": person.id}, created_at=now)

    def is_deleted(self, person: Person) -> bool:
        return rows.exists(self._connection, account_deletions, person_id=person.id)

    def record_retraction(
        self, target_type: str, target_guid: str, author: Person | None, now: datetime
    ) -> None:
        key = {"target_guid": target_guid, "target_type": target_type}
        author_id = None if author is None else author.id
        self._add_once(retractions, key, author_id=author_id, created_at=now)

    def is_retracted(self, target_type: str, guid: str) -> bool:
        key = {"target_guid": guid, "target_type": target_type}
        return rows.exists(self._connection, retractions, **key)

    def _add_once(self, table: Table, key: Mapping[str, object], **values: object) -> None:
        """Insert a row unless there is one of that key."""
        if not rows.exists(self._connection, table, **key):
            rows.add(self._connection, table, {**key, **values})
