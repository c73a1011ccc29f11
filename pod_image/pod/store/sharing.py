"""Contacts, aspects, blocks and followed tags over a database connection."""

from collections.abc import Iterable

from sqlalchemy import Connection, Table, bindparam, select

from pod.domain.errors import Conflict
from pod.domain.people import Account, Aspect, Contact, Person
from pod.store import rows
from pod.store.people import person_of, select_people
from pod.store.prepared import Prepared, Row
from pod.store.schema import (
    aspect_memberships,
    aspects,
    blocks,
    contacts,
    people,
    tag_followings,
)

_CONTACTS = (
    select_people()
    .add_columns(
        contacts.c.id.label("contact_id"),
        contacts.c.account_id.label("contact_account_id"),
        contacts.c.sharing,
        contacts.c.receiving,
    )
    .join(contacts, contacts.c.person_id == people.c.id)
    .order_by(people.c.diaspora_id, contacts.c.id)
)
_OF_ACCOUNT = contacts.c.account_id == bindparam("account")
_ABOUT_PERSON = contacts.c.person_id == bindparam("person")
_CONTACTS_OF = Prepared(_CONTACTS.where(_OF_ACCOUNT))
_CONTACTS_ABOUT = Prepared(_CONTACTS.where(_ABOUT_PERSON))
_CONTACT_WITH = Prepared(_CONTACTS.where(_OF_ACCOUNT, _ABOUT_PERSON))
_MEMBERSHIPS = Prepared(
    select(aspects)
    .join(aspect_memberships)
    .where(aspect_memberships.c.contact_id == bindparam("contact"))
)
_MEMBERS = Prepared(
    select_people()
    .join(contacts, contacts.c.person_id == people.c.id)
    .join(aspect_memberships, aspect_memberships.c.contact_id == contacts.c.id)
    .where(
        aspect_memberships.c.aspect_id.in_(bindparam("aspects", expanding=True)),
        contacts.c.receiving,
    )
    .distinct()
    .order_by(people.c.diaspora_id)
)
_BLOCKED = Prepared(
    select_people()
    .join(blocks, blocks.c.person_id == people.c.id)
    .where(blocks.c.account_id == bindparam("account"))
    .order_by(people.c.diaspora_id)
)


class Sharing:
    """`pod.domain.ports.Sharing` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- contacts ---

    def contact(self, account: Account, person: Person) -> Contact | None:
        found = self._contacts(_CONTACT_WITH, account=account.id, person=person.id)
        return found[0] if found else None

    def contacts(self, account: Account) -> tuple[Contact, ...]:
        return self._contacts(_CONTACTS_OF, account=account.id)

    def contacts_about(self, person: Person) -> tuple[Contact, ...]:
        return self._contacts(_CONTACTS_ABOUT, person=person.id)

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
            rows.add(self._connection, contacts, values)
        else:
            rows.change(self._connection, contacts, flags, id=before.id)
        return self.contact(account, person)

    def _remove_contact(self, contact: Contact | None) -> None:
        if contact is not None:
            self.set_memberships(contact, ())
            rows.remove(self._connection, contacts, id=contact.id)

    def _contacts(self, query: Prepared, **ids: int) -> tuple[Contact, ...]:
        return tuple(_contact_of(row) for row in query.all(self._connection, **ids))

    # --- aspects ---

    def aspects(self, account: Account) -> tuple[Aspect, ...]:
        found = rows.find(self._connection, aspects, account_id=account.id)
        return _aspects_of(found)

    def aspect(self, account: Account, name: str) -> Aspect | None:
        found = rows.find(self._connection, aspects, account_id=account.id, name=name)
        return next(iter(_aspects_of(found)), None)

    def add_aspect(self, account: Account, name: str) -> Aspect:
        if self.aspect(account, name) is not None:
            raise Conflict(f"aspect {name!r} exists already; choose another name")
        last = max((aspect.position for aspect in self.aspects(account)), default=None)
        position = 0 if last is None else last + 1
        values = {"account_id": account.id, "name": name, "position": position}
        row_id = rows.add_with_id(self._connection, aspects, values)
        return Aspect(id=row_id, account_id=account.id, name=name, position=position)

    def remove_aspect(self, aspect: Aspect) -> None:
        rows.remove(self._connection, aspect_memberships, aspect_id=aspect.id)
        rows.remove(self._connection, aspects, id=aspect.id)

    def set_memberships(self, contact: Contact, aspects: Iterable[Aspect]) -> None:
        rows.remove(self._connection, aspect_memberships, contact_id=contact.id)
        for aspect in aspects:
            self.add_membership(contact, aspect)

    def add_membership(self, contact: Contact, aspect: Aspect) -> None:
        self._add_once(aspect_memberships, aspect_id=aspect.id, contact_id=contact.id)

    def memberships(self, contact: Contact) -> tuple[Aspect, ...]:
        return _aspects_of(_MEMBERSHIPS.all(self._connection, contact=contact.id))

    def members(self, aspects: Iterable[Aspect]) -> tuple[Person, ...]:
        ids = [aspect.id for aspect in aspects]
        found = _MEMBERS.all(self._connection, aspects=ids)
        return tuple(person_of(row) for row in found)

    # --- blocks and tags ---

    def is_blocked(self, account: Account, person: Person) -> bool:
        which = {"account_id": account.id, "person_id": person.id}
        return rows.exists(self._connection, blocks, **which)

    def block(self, account: Account, person: Person) -> None:
        self._add_once(blocks, account_id=account.id, person_id=person.id)

    def unblock(self, account: Account, person: Person) -> None:
        rows.remove(self._connection, blocks, account_id=account.id, person_id=person.id)

    def blocked(self, account: Account) -> tuple[Person, ...]:
        found = _BLOCKED.all(self._connection, account=account.id)
        return tuple(person_of(row) for row in found)

    def follow_tag(self, account: Account, tag: str) -> None:
        self._add_once(tag_followings, account_id=account.id, tag=tag)

    def unfollow_tag(self, account: Account, tag: str) -> None:
        rows.remove(self._connection, tag_followings, account_id=account.id, tag=tag)

    def followed_tags(self, account: Account) -> tuple[str, ...]:
        found = rows.find(self._connection, tag_followings, account_id=account.id)
        return tuple(sorted(row.tag for row in found))

    def _add_once(self, table: Table, **values: int | str) -> None:
        if not rows.exists(self._connection, table, **values):
            rows.add(self._connection, table, values)


def _or_as_before(flag: bool | None, before: bool) -> bool:  # noqa: FBT001 - both are flags
    return before if flag is None else flag


def _aspects_of(found: Iterable[Row]) -> tuple[Aspect, ...]:
    each = (
        Aspect(id=row.id, account_id=row.account_id, name=row.name, position=row.position)
        for row in found
    )
    return tuple(sorted(each, key=lambda aspect: aspect.position))


def _contact_of(row: Row) -> Contact:
    return Contact(
        id=row.contact_id,
        account_id=row.contact_account_id,
        person=person_of(row),
        sharing=row.sharing,
        receiving=row.receiving,
    )
