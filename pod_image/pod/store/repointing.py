"""Making everything that names one person name another.

What has to move is asked from the schema, so that a new table cannot be forgotten. Where old and
new row would be the same thing twice, the new one stays; before the old one goes, what hangs on it
is moved in the same way: memberships of a contact or an aspect, comments under a reshare.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Select,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from pod.domain.people import Person
from pod.store import rows
from pod.store.prepared import Prepared
from pod.store.schema import (
    accounts,
    aspect_memberships,
    blocks,
    comments,
    completions,
    contacts,
    event_participations,
    events,
    imports,
    inbox,
    likes,
    notifications,
    participations,
    people,
    poll_participations,
    polls,
    post_audience,
    post_visibilities,
    posts,
    references_to,
    relayable_signatures,
    sessions,
)

STAYING: frozenset[Table] = frozenset({sessions, inbox, imports, completions})
"""Tables that name an account for the pod's own work; they do not follow a person's new name."""


def repoint(connection: Connection, old: Person, new: Person) -> None:
    """Make every reference to `old`, but history, a reference to `new`, and merge what collides."""
    if old.account_id is not None and new.account_id is not None:
        for column in references_to(accounts):
            if column.table not in STAYING:
                redirect(connection, column, old.account_id, new.account_id)
    for column in references_to(people):
        redirect(connection, column, old.id, new.id)
    _let_blocks_win(connection, new)
    _forget_self(connection, new)
    if new.account_id is None:
        _drop_audiences(connection, new)
    else:
        _show_what_was_addressed(connection, new, new.account_id)


def redirect(connection: Connection, column: Column[Any], old: int, new: int) -> None:
    """Make rows that name `old` in this column name `new`; a row that exists already stays."""
    for colliding in _collisions(column):
        for lost, kept in colliding.all(connection, old=old, new=new):
            _merge(connection, column.table, lost, kept)
            rows.remove(connection, column.table, id=lost)
    rows.change(connection, column.table, {column.name: new}, **{column.name: old})


@cache
def _collisions(column: Column[Any]) -> tuple[Prepared, ...]:
    """For each set of columns that must be unique together, and that `column` is in, a query."""
    table = column.table
    sets = [list(each.columns) for each in table.constraints if isinstance(each, UniqueConstraint)]
    sets += [list(index.columns) for index in table.indexes if index.unique]
    return tuple(Prepared(_colliding(column, each)) for each in sets if column in each)


def _colliding(column: Column[Any], unique: list[Column[Any]]) -> Select[Any]:
    """Pairs of rows that would become equal: the one that goes, the one that stays."""
    table, twin = column.table, column.table.alias()
    # Two missing targets of notifications are the same; elsewhere NULL says "of another kind".
    null_safe = table is notifications
    same = [
        each.is_not_distinct_from(twin.c[each.name]) if null_safe else each == twin.c[each.name]
        for each in unique
        if each is not column
    ]
    same.append(table.c.id != twin.c.id)
    named = column == bindparam("old"), twin.c[column.name] == bindparam("new")
    return select(table.c.id, twin.c.id).where(*named, *same)


def _merge(connection: Connection, table: Table, lost: int, kept: int) -> None:
    merge = MERGES.get(table.name)
    if merge is not None:
        merge(connection, lost, kept)
    for column in references_to(table):
        redirect(connection, column, lost, kept)


def _unite_flags(connection: Connection, lost: int, kept: int) -> None:
    both = select(contacts).where(contacts.c.id.in_((lost, kept)))
    found = connection.execute(both).mappings().all()
    flags = {name: any(row[name] for row in found) for name in ("sharing", "receiving")}
    connection.execute(update(contacts).where(contacts.c.id == kept).values(flags))


def _join_discussions(connection: Connection, lost: int, kept: int) -> None:
    """Let notifications about a reshare that goes lead to the one that stays."""
    query = select(posts.c.id, posts.c.guid).where(posts.c.id.in_((lost, kept)))
    guids = {row.id: row.guid for row in connection.execute(query)}
    twin = notifications.alias()
    doubled = select(notifications.c.id).join(
        twin,
        (twin.c.account_id == notifications.c.account_id)
        & (twin.c.kind == notifications.c.kind)
        & (twin.c.actor_id == notifications.c.actor_id),
    )
    doubled = doubled.where(
        notifications.c.target_guid == guids[lost], twin.c.target_guid == guids[kept]
    )
    connection.execute(delete(notifications).where(notifications.c.id.in_(doubled)))
    connection.execute(
        update(notifications)
        .where(notifications.c.target_guid == guids[lost])
        .values(target_guid=guids[kept])
    )


def _forget_signature(table: Table) -> Callable[[Connection, int, int], None]:
    """A signature without what it signs is of no use."""

    def forget(connection: Connection, lost: int, kept: int) -> None:  # noqa: ARG001 - as MERGES
        guid = select(table.c.guid).where(table.c.id == lost).scalar_subquery()
        connection.execute(delete(relayable_signatures).where(relayable_signatures.c.guid == guid))

    return forget


MERGES: dict[str, Callable[[Connection, int, int], None]] = {
    contacts.name: _unite_flags,
    posts.name: _join_discussions,
    likes.name: _forget_signature(likes),
    poll_participations.name: _forget_signature(poll_participations),
    event_participations.name: _forget_signature(event_participations),
}
"""What is taken over from a row before it goes; nothing in other tables: the kept row wins."""


def _let_blocks_win(connection: Connection, person: Person) -> None:
    """An account that blocks the person does not share with them: no aspect, no receiving."""
    blocking = select(blocks.c.account_id).where(blocks.c.person_id == person.id)
    blocked = (contacts.c.person_id == person.id) & contacts.c.account_id.in_(blocking)
    _stop_sharing(connection, blocked)
    if person.account_id is not None:
        those = select(blocks.c.person_id).where(blocks.c.account_id == person.account_id)
        own = (contacts.c.account_id == person.account_id) & contacts.c.person_id.in_(those)
        _stop_sharing(connection, own)


def _stop_sharing(connection: Connection, which: Any) -> None:  # noqa: ANN401 - an SQL expression
    ids = select(contacts.c.id).where(which)
    connection.execute(delete(aspect_memberships).where(aspect_memberships.c.contact_id.in_(ids)))
    connection.execute(update(contacts).where(which).values(receiving=False))
    connection.execute(delete(contacts).where(which, contacts.c.sharing.is_(False)))


def _forget_self(connection: Connection, person: Person) -> None:
    """Nobody is a contact of themselves, blocks or notifies themselves, or addresses themselves."""
    for table, column in (
        (contacts, contacts.c.person_id),
        (blocks, blocks.c.person_id),
        (notifications, notifications.c.actor_id),
    ):
        connection.execute(
            delete(table).where(table.c.account_id == person.account_id, column == person.id)
        )
    own = select(posts.c.id).where(posts.c.author_id == person.id)
    for table, column, value in (
        (post_audience, post_audience.c.person_id, person.id),
        (post_visibilities, post_visibilities.c.account_id, person.account_id),
    ):
        connection.execute(delete(table).where(table.c.post_id.in_(own), column == value))


def _drop_audiences(connection: Connection, author: Person) -> None:
    """Whom a limited post goes to is known at its author's home, which is elsewhere now."""
    own = select(posts.c.id).where(posts.c.author_id == author.id)
    connection.execute(delete(post_audience).where(post_audience.c.post_id.in_(own)))


def _show_what_was_addressed(connection: Connection, person: Person, account_id: int) -> None:
    """Let an account that moved here see the limited posts that its person could see before.

    Those are the ones of people here that were addressed to the person, and those under which the
    person has written, as this pod knows from their home and not only from an archive.
    """
    on_polls = select(polls.c.post_id).join(
        poll_participations, poll_participations.c.poll_id == polls.c.id
    )
    on_events = select(events.c.post_id).join(
        event_participations, event_participations.c.event_id == events.c.id
    )
    for seen in (
        select(post_audience.c.post_id).where(post_audience.c.person_id == person.id),
        select(comments.c.post_id).where(comments.c.author_id == person.id),
        select(likes.c.post_id).where(likes.c.author_id == person.id),
        select(participations.c.post_id).where(participations.c.author_id == person.id),
        on_polls.where(poll_participations.c.author_id == person.id),
        on_events.where(event_participations.c.author_id == person.id),
    ):
        missing = select(posts.c.id).where(
            posts.c.id.in_(seen),
            posts.c.public.is_(False),
            posts.c.author_id != person.id,
            posts.c.id.not_in(
                select(post_visibilities.c.post_id).where(
                    post_visibilities.c.account_id == account_id
                )
            ),
        )
        shown = [
            {"post_id": post_id, "account_id": account_id}
            for post_id in connection.scalars(missing)
        ]
        if shown:
            connection.execute(insert(post_visibilities), shown)
