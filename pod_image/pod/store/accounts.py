"""Log-ins on this pod over a database connection."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, func, insert, select, update

from pod.domain.entities import Profile
from pod.domain.errors import Invalid, NameTaken, NotFound
from pod.domain.identity import Guid
from pod.domain.people import Account, AccountState, Person
from pod.store.people import People
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


def token_hash(token: str) -> str:
    """What is stored of a session's token: who reads the database cannot log in with it."""
    return hashlib.sha256(token.encode()).hexdigest()


class Accounts:
    """`pod.domain.ports.Accounts` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, account_id: int) -> Account:
        return self._need(accounts.c.id == account_id, f"account with the row id {account_id}")

    def by_username(self, username: str) -> Account | None:
        return self._one(accounts.c.username == username)

    def by_person(self, person: Person) -> Account | None:
        return self._one(accounts.c.person_id == person.id)

    def by_guid(self, guid: Guid) -> Account | None:
        person = People(self._connection).by_guid(guid)
        return None if person is None else self.by_person(person)

    def by_email(self, email: str) -> Account | None:
        return self._one(accounts.c.email == email)

    def by_token(self, token: str) -> Account | None:
        query = select(sessions.c.account_id).where(sessions.c.token_hash == token_hash(token))
        account_id = self._connection.scalar(query)
        return None if account_id is None else self.get(account_id)

    def local(self, people: Iterable[Person]) -> tuple[Account, ...]:
        ids = [person.account_id for person in people if person.account_id is not None]
        query = select(accounts).where(accounts.c.id.in_(ids), accounts.c.state != "closed")
        rows = self._connection.execute(query.order_by(accounts.c.id)).all()
        return tuple(self._account_of(row) for row in rows)

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
        self._connection.execute(insert(accounts).values({**values, **credentials}))
        return self._need(accounts.c.person_id == stored.id, f"account {username}")

    def set_state(self, account: Account, state: AccountState) -> None:
        self._update(account, {"state": state})

    def update(self, account: Account, settings: Mapping[str, object]) -> None:
        unknown = sorted(set(settings) - SETTINGS)
        if unknown:
            raise Invalid(f"account settings: {', '.join(unknown)} unknown")
        if settings:
            self._update(account, settings)

    def password_hash(self, account: Account) -> str:
        query = select(accounts.c.password_hash).where(accounts.c.id == account.id)
        return str(self._connection.execute(query).scalar_one())

    def open_session(self, account: Account, token: str) -> None:
        values = {"account_id": account.id, "token_hash": token_hash(token)}
        self._connection.execute(insert(sessions).values(values))

    def close_session(self, token: str) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash(token)))

    def clear(self, account: Account) -> None:
        for table in _PRIVATE:
            self._connection.execute(delete(table).where(table.c.account_id == account.id))
        self._connection.execute(
            update(completions)
            .where(completions.c.account_id == account.id)
            .values(account_id=None)
        )
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
        highest = self._connection.scalar(select(func.max(key_pool.c.position)))
        position = 0 if highest is None else int(highest) + 1
        self._connection.execute(insert(key_pool).values(position=position))
        return position

    def count(self) -> int:
        """How many accounts are open or locked."""
        query = select(func.count()).select_from(accounts).where(accounts.c.state != "closed")
        return self._connection.execute(query).scalar_one()

    def _update(self, account: Account, values: Mapping[str, object]) -> None:
        self._connection.execute(
            update(accounts).where(accounts.c.id == account.id).values(dict(values))
        )

    def _need(self, condition: ColumnElement[bool], what: str) -> Account:
        found = self._one(condition)
        if found is None:
            raise NotFound(f"{what}: not on this pod")
        return found

    def _one(self, condition: ColumnElement[bool]) -> Account | None:
        query = select(accounts).where(condition).order_by(accounts.c.id).limit(1)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else self._account_of(row)

    def _account_of(self, row: Row[Any]) -> Account:
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
