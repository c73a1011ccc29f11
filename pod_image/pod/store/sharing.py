"""Contacts, aspects, blocks and followed tags over a database connection."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from pod.domain.errors import Conflict
from pod.domain.people import Account, Aspect, Contact, Person
from pod.store.people import person_of, select_people
from pod.store.schema import (
    aspect_memberships,
    aspects,
    blocks,
    contacts,
    people,
    tag_followings,
)

_CONTACT = (
    contacts.c.id.label("contact_id"),
    contacts.c.account_id.label("contact_account_id"),
    contacts.c.sharing,
    contacts.c.receiving,
)


class Sharing:
    """`pod.domain.ports.Sharing` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- contacts ---

    def contact(self, account: Account, person: Person) -> Contact | None:
        found = self._contacts(
            contacts.c.account_id == account.id, contacts.c.person_id == person.id
        )
        return found[0] if found else None

    def contacts(self, account: Account) -> tuple[Contact, ...]:
        return self._contacts(contacts.c.account_id == account.id)

    def contacts_about(self, person: Person) -> tuple[Contact, ...]:
        return self._contacts(contacts.c.person_id == person.id)

    def set_contact(
        self,
        account: Account,
        person: Person,
        *,
        sharing: bool | None = None,
        receiving: bool | None = None,
    ) -> Contact | None:
        before = self.contact(account, person)
        flags = {
            "sharing": _or_as_before(sharing, before is not None and before.sharing),
            "receiving": _or_as_before(receiving, before is not None and before.receiving),
        }
        if not any(flags.values()):
            self._remove_contact(before)
            return None
        if before is None:
            values = {"account_id": account.id, "person_id": person.id, **flags}
            self._connection.execute(insert(contacts).values(values))
        else:
            self._connection.execute(
                update(contacts).where(contacts.c.id == before.id).values(flags)
            )
        return self.contact(account, person)

    def _remove_contact(self, contact: Contact | None) -> None:
        if contact is not None:
            self.set_memberships(contact, ())
            self._connection.execute(delete(contacts).where(contacts.c.id == contact.id))

    def _contacts(self, *conditions: ColumnElement[bool]) -> tuple[Contact, ...]:
        query = (
            select_people()
            .add_columns(*_CONTACT)
            .join(contacts, contacts.c.person_id == people.c.id)
            .where(*conditions)
            .order_by(people.c.diaspora_id, contacts.c.id)
        )
        return tuple(_contact_of(row) for row in self._connection.execute(query))

    # --- aspects ---

    def aspects(self, account: Account) -> tuple[Aspect, ...]:
        return self._aspects(select(aspects).where(aspects.c.account_id == account.id))

    def aspect(self, account: Account, name: str) -> Aspect | None:
        query = select(aspects).where(aspects.c.account_id == account.id, aspects.c.name == name)
        found = self._aspects(query)
        return found[0] if found else None

    def add_aspect(self, account: Account, name: str) -> Aspect:
        if self.aspect(account, name) is not None:
            raise Conflict(f"aspect {name!r} exists already; choose another name")
        last = self._connection.scalar(
            select(func.max(aspects.c.position)).where(aspects.c.account_id == account.id)
        )
        position = 0 if last is None else int(last) + 1
        values = {"account_id": account.id, "name": name, "position": position}
        row_id = self._connection.execute(
            insert(aspects).values(values).returning(aspects.c.id)
        ).scalar_one()
        return Aspect(id=row_id, account_id=account.id, name=name, position=position)

    def remove_aspect(self, aspect: Aspect) -> None:
        self._connection.execute(
            delete(aspect_memberships).where(aspect_memberships.c.aspect_id == aspect.id)
        )
        self._connection.execute(delete(aspects).where(aspects.c.id == aspect.id))

    def set_memberships(self, contact: Contact, aspects: Iterable[Aspect]) -> None:
        self._connection.execute(
            delete(aspect_memberships).where(aspect_memberships.c.contact_id == contact.id)
        )
        for aspect in aspects:
            self.add_membership(contact, aspect)

    def add_membership(self, contact: Contact, aspect: Aspect) -> None:
        self._add_once(aspect_memberships, aspect_id=aspect.id, contact_id=contact.id)

    def memberships(self, contact: Contact) -> tuple[Aspect, ...]:
        query = select(aspects).join(aspect_memberships)
        return self._aspects(query.where(aspect_memberships.c.contact_id == contact.id))

    def members(self, aspects: Iterable[Aspect]) -> tuple[Person, ...]:
        ids = [aspect.id for aspect in aspects]
        query = (
            select_people()
            .join(contacts, contacts.c.person_id == people.c.id)
            .join(aspect_memberships, aspect_memberships.c.contact_id == contacts.c.id)
            .where(aspect_memberships.c.aspect_id.in_(ids), contacts.c.receiving)
            .distinct()
            .order_by(people.c.diaspora_id)
        )
        return tuple(person_of(row) for row in self._connection.execute(query))

    def _aspects(self, query: Select[Any]) -> tuple[Aspect, ...]:
        rows = self._connection.execute(query.order_by(aspects.c.position))
        return tuple(
            Aspect(id=row.id, account_id=row.account_id, name=row.name, position=row.position)
            for row in rows
        )

    # --- blocks and tags ---

    def is_blocked(self, account: Account, person: Person) -> bool:
        return self._knows(blocks, account_id=account.id, person_id=person.id)

    def block(self, account: Account, person: Person) -> None:
        self._add_once(blocks, account_id=account.id, person_id=person.id)

    def unblock(self, account: Account, person: Person) -> None:
        self._remove(blocks, account_id=account.id, person_id=person.id)

    def blocked(self, account: Account) -> tuple[Person, ...]:
        query = (
            select_people()
            .join(blocks, blocks.c.person_id == people.c.id)
            .where(blocks.c.account_id == account.id)
            .order_by(people.c.diaspora_id)
        )
        return tuple(person_of(row) for row in self._connection.execute(query))

    def follow_tag(self, account: Account, tag: str) -> None:
        self._add_once(tag_followings, account_id=account.id, tag=tag)

    def unfollow_tag(self, account: Account, tag: str) -> None:
        self._remove(tag_followings, account_id=account.id, tag=tag)

    def followed_tags(self, account: Account) -> tuple[str, ...]:
        query = select(tag_followings.c.tag).where(tag_followings.c.account_id == account.id)
        return tuple(self._connection.scalars(query.order_by(tag_followings.c.tag)))

    # --- rows that are there or not ---

    def _knows(self, table: Table, **values: int | str) -> bool:
        query = select(table.c.id).filter_by(**values)
        return self._connection.scalar(query) is not None

    def _add_once(self, table: Table, **values: int | str) -> None:
        if not self._knows(table, **values):
            self._connection.execute(insert(table).values(values))

    def _remove(self, table: Table, **values: int | str) -> None:
        conditions = [table.c[name] == value for name, value in values.items()]
        self._connection.execute(delete(table).where(*conditions))


def _or_as_before(flag: bool | None, before: bool) -> bool:  # noqa: FBT001 - both are flags
    return before if flag is None else flag


def _contact_of(row: Row[Any]) -> Contact:
    return Contact(
        id=row.contact_id,
        account_id=row.contact_account_id,
        person=person_of(row),
        sharing=row.sharing,
        receiving=row.receiving,
    )
