"""Persons and profiles over a database connection.

`select_people` and `person_of` are for other repositories: persons beside their own rows.
"""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, FromClause, Select, bindparam, select

from pod.domain.entities import Profile
from pod.domain.errors import Conflict, NotFound, PersonMissing
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Person
from pod.store import memory, rows
from pod.store.prepared import Prepared, Row
from pod.store.schema import account_migrations, accounts, aliases, mentions, people, profiles

MAX_LINKS = 5
"""How many account migrations in a row are followed."""

_CLEARED = {
    **dict.fromkeys(column.name for column in profiles.columns if column.nullable),
    "searchable": False,
    "public": False,
    "nsfw": False,
}

_PROFILE_FIELDS = tuple(field.name for field in fields(Profile) if field.name != "author")


def select_people() -> Select[Any]:
    """Select persons, each with the local account if there is one; made for `person_of`."""
    return select(people, accounts.c.id.label("account_id")).select_from(_with_accounts())


def _with_accounts() -> FromClause:
    return people.outerjoin(accounts, accounts.c.person_id == people.c.id)


def person_of(row: Row) -> Person:
    """Read a row of `select_people`."""
    return Person(
        id=row.id,
        diaspora_id=DiasporaId(row.diaspora_id),
        guid=Guid(row.guid),
        public_key=row.public_key,
        pod_url=row.pod_url,
        closed=row.closed,
        stub=row.stub,
        account_id=row.account_id,
    )


# Asked for so often that building the statement each time would cost more than running it.
_BY_ROW = Prepared(select_people().where(people.c.id == bindparam("key")))
_BY_DIASPORA_ID = Prepared(select_people().where(people.c.diaspora_id == bindparam("key")))
_BY_GUID = Prepared(select_people().where(people.c.guid == bindparam("key")))
_BY_KEY = Prepared(select_people().where(people.c.public_key == bindparam("key")).limit(1))
_FOLLOWING = Prepared(
    select(account_migrations.c.new_person_id).where(
        account_migrations.c.old_person_id == bindparam("key")
    )
)


class People:
    """`pod.domain.ports.People` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, person_id: int) -> Person:
        found = self._one(_BY_ROW, person_id)
        if found is None:
            raise NotFound(f"no person has the row id {person_id}")
        return found

    def by_id(self, diaspora_id: DiasporaId) -> Person | None:
        return self._one(_BY_DIASPORA_ID, diaspora_id)

    def by_guid(self, guid: Guid | str) -> Person | None:
        return self._one(_BY_GUID, guid)

    def by_key(self, public_key: str) -> Person | None:
        """Somebody whose key is this PEM text."""
        return self._one(_BY_KEY, public_key)

    def has_at(self, pod_url: str) -> bool:
        """Whether somebody known lives on the pod of that origin."""
        return rows.exists(self._connection, people, pod_url=pod_url)

    def need(self, diaspora_id: DiasporaId) -> Person:
        """The person of that ID; for an old ID of which only the new one is known, the new one.

        Raises:
            PersonMissing: If this pod does not know the ID.
        """
        found = self.by_id(diaspora_id) or self._renamed(diaspora_id)
        if found is None:
            raise PersonMissing(diaspora_id)
        return found

    def _renamed(self, old_id: DiasporaId) -> Person | None:
        alias = rows.first(self._connection, aliases, old_id=old_id)
        return None if alias is None else self.newest(self.get(alias.new_person_id))

    def newest(self, person: Person) -> Person:
        current = person.id
        for _ in range(MAX_LINKS):
            following = self._following(current)
            if following is None:
                break
            current = following
        return person if current == person.id else self.get(current)

    def _following(self, person_id: int) -> int | None:
        def read() -> int | None:
            new_id: int | None = _FOLLOWING.scalar(self._connection, key=person_id)
            return new_id

        return memory.once(self._connection, (_FOLLOWING, person_id), read)

    def add(self, person: Person, profile: Profile, now: datetime) -> Person:
        other = self.by_guid(person.guid)
        if other is not None:
            raise Conflict(
                f"GUID {person.guid} of {person.diaspora_id} belongs to {other.diaspora_id} here"
            )
        values = {
            "diaspora_id": person.diaspora_id,
            "guid": person.guid,
            "public_key": person.public_key,
            "pod_url": person.pod_url,
            "closed": person.closed,
            "stub": person.stub,
            "created_at": now,
        }
        person_id = rows.add_with_id(self._connection, people, values)
        rows.add(self._connection, profiles, {"person_id": person_id, **_columns_of(profile)})
        return replace(person, id=person_id)

    def complete(self, person: Person, profile: Profile) -> Person:
        stub = self.by_id(person.diaspora_id)
        if stub is None:
            raise NotFound(f"{person.diaspora_id} is not known here, nothing to complete")
        if (stub.guid, stub.public_key.strip()) != (person.guid, person.public_key.strip()):
            raise Conflict(f"{person.diaspora_id} was known here with another GUID or key")
        changes = {"pod_url": person.pod_url, "stub": False}
        rows.change(self._connection, people, changes, id=stub.id)
        self.set_profile(stub, profile)
        return self.get(stub.id)

    def close(self, person: Person) -> None:
        rows.change(self._connection, people, {"closed": True, "stub": False}, id=person.id)
        self._update_profile(person, _CLEARED)

    def unmention(self, person: Person) -> None:
        """Delete every mention of the person; the texts keep their words."""
        rows.remove(self._connection, mentions, person_id=person.id)

    def profile(self, person: Person) -> Profile:
        row = rows.one(self._connection, profiles, person_id=person.id)
        values = {name: getattr(row, name) for name in _PROFILE_FIELDS}
        birthday = values.pop("birthday")
        return Profile(
            author=person.diaspora_id,
            birthday=None if birthday is None else date.fromisoformat(birthday),
            **values,
        )

    def set_profile(self, person: Person, profile: Profile) -> None:
        self._update_profile(person, _columns_of(profile))

    def pods(self, people: Iterable[Person]) -> tuple[str, ...]:
        return tuple(sorted({person.pod_url for person in people if not person.is_local}))

    def _update_profile(self, person: Person, values: dict[str, Any]) -> None:
        rows.change(self._connection, profiles, values, person_id=person.id)

    def _one(self, query: Prepared, key: int | str) -> Person | None:
        return memory.once(self._connection, (query, key), lambda: self._read(query, key))

    def _read(self, query: Prepared, key: int | str) -> Person | None:
        row = query.first(self._connection, key=key)
        if row is None:
            return None
        person = person_of(row)
        known = memory.of(self._connection)
        known[_BY_ROW, person.id] = known[_BY_DIASPORA_ID, person.diaspora_id] = person
        return person


def _columns_of(profile: Profile) -> dict[str, Any]:
    """The profile as columns; an empty text is no text."""
    values = {name: getattr(profile, name) for name in _PROFILE_FIELDS}
    texts = {name: value or None for name, value in values.items() if isinstance(value, str)}
    birthday = None if profile.birthday is None else profile.birthday.isoformat()
    return {**values, **texts, "birthday": birthday}
