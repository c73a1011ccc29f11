"""Log-ins on this pod over a database connection."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Table, bindparam, func, select

from pod.domain.entities import Profile
from pod.domain.errors import Invalid, NameTaken, NotFound
from pod.domain.identity import Guid
from pod.domain.people import Account, AccountState, Person
from pod.store import rows
from pod.store.people import People
from pod.store.prepared import Prepared, Row
from pod.store.schema import (
    accounts,
    aspects,
    blocks,
    completions,
    contacts,
    key_pool,
    notifications,
    post_visibilities,
    sessions,
    tag_followings,
)

SETTINGS = frozenset(
    {
        "email",
        "language",
        "disable_mail",
        "show_community_spotlight",
        "auto_follow_back",
        "auto_follow_back_aspect",
        "password_hash",
    }
)

# What belongs to the account alone; memberships and the aspects of posts follow by cascade.
_PRIVATE: tuple[Table, ...] = (
    sessions,
    contacts,
    aspects,
    blocks,
    tag_followings,
    post_visibilities,
    notifications,
)

_OPEN = Prepared(
    select(accounts)
    .where(accounts.c.id.in_(bindparam("ids", expanding=True)), accounts.c.state != "closed")
    .order_by(accounts.c.id)
)
_COUNT = Prepared(select(func.count()).select_from(accounts).where(accounts.c.state != "closed"))
_HIGHEST_POSITION = Prepared(select(func.max(key_pool.c.position)))


def token_hash(token: str) -> str:
    """What is stored of a session's token: who reads the database cannot log in with it."""
    return hashlib.sha256(token.encode()).hexdigest()


class Accounts:
    """`pod.domain.ports.Accounts` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, account_id: int) -> Account:
        return self._need(f"account with the row id {account_id}", id=account_id)

    def by_username(self, username: str) -> Account | None:
        return self._one(username=username)

    def by_person(self, person: Person) -> Account | None:
        return self._one(person_id=person.id)

    def by_guid(self, guid: Guid) -> Account | None:
        person = People(self._connection).by_guid(guid)
        return None if person is None else self.by_person(person)

    def by_email(self, email: str) -> Account | None:
        return self._one(email=email)

    def by_token(self, token: str) -> Account | None:
        row = rows.first(self._connection, sessions, token_hash=token_hash(token))
        return None if row is None else self.get(row.account_id)

    def local(self, people: Iterable[Person]) -> tuple[Account, ...]:
        ids = [person.account_id for person in people if person.account_id is not None]
        found = _OPEN.all(self._connection, ids=ids) if ids else ()
        return tuple(self._account_of(row) for row in found)

    def add(
        self,
        person: Person,
        profile: Profile,
        *,
        credentials: Mapping[str, str],
        state: AccountState,
        now: datetime,
    ) -> Account:
        username = person.diaspora_id.username
        store = People(self._connection)
        if self.by_username(username) is not None or store.by_id(person.diaspora_id) is not None:
            raise NameTaken(f"username {username} is taken, or was once; choose another")
        stored = store.add(replace(person, account_id=None), profile, now)
        values = {"person_id": stored.id, "username": username, "state": state, "created_at": now}
        rows.add(self._connection, accounts, {**values, **credentials})
        return self._need(f"account {username}", person_id=stored.id)

    def set_state(self, account: Account, state: AccountState) -> None:
        self._update(account, {"state": state})

    def update(self, account: Account, settings: Mapping[str, object]) -> None:
        unknown = sorted(set(settings) - SETTINGS)
        if unknown:
            raise Invalid(f"account settings: {', '.join(unknown)} unknown")
        if settings:
            self._update(account, settings)

    def password_hash(self, account: Account) -> str:
        return str(rows.one(self._connection, accounts, id=account.id).password_hash)

    def open_session(self, account: Account, token: str) -> None:
        values = {"account_id": account.id, "token_hash": token_hash(token)}
        rows.add(self._connection, sessions, values)

    def close_session(self, token: str) -> None:
        rows.remove(self._connection, sessions, token_hash=token_hash(token))

    def clear(self, account: Account) -> None:
        for table in _PRIVATE:
            rows.remove(self._connection, table, account_id=account.id)
        rows.change(self._connection, completions, {"account_id": None}, account_id=account.id)
        # Nobody can log in with an empty hash, and no mail goes to an empty address.
        self._update(
            account,
            {
                "email": "",
                "password_hash": "",
                "disable_mail": True,
                "show_community_spotlight": False,
                "auto_follow_back": False,
                "auto_follow_back_aspect": None,
            },
        )

    def next_key_position(self) -> int:
        highest = _HIGHEST_POSITION.scalar(self._connection)
        position = 0 if highest is None else int(highest) + 1
        rows.add(self._connection, key_pool, {"position": position})
        return position

    def count(self) -> int:
        """How many accounts are open or locked."""
        return int(_COUNT.scalar(self._connection))

    def _update(self, account: Account, values: Mapping[str, object]) -> None:
        rows.change(self._connection, accounts, values, id=account.id)

    def _need(self, what: str, **equal: object) -> Account:
        found = self._one(**equal)
        if found is None:
            raise NotFound(f"{what}: not on this pod")
        return found

    def _one(self, **equal: object) -> Account | None:
        row = rows.first(self._connection, accounts, **equal)
        return None if row is None else self._account_of(row)

    def _account_of(self, row: Row) -> Account:
        return Account(
            id=row.id,
            person=People(self._connection).get(row.person_id),
            username=row.username,
            email=row.email,
            private_key=row.private_key,
            state=row.state,
            language=row.language,
            disable_mail=row.disable_mail,
            show_community_spotlight=row.show_community_spotlight,
            auto_follow_back=row.auto_follow_back,
            auto_follow_back_aspect=row.auto_follow_back_aspect,
        )
