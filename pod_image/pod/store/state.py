"""What the pod believes, as neutral rows: people are diaspora IDs, no local ids.

One query for each type of row, straight from the tables; the column `key` is the row's key, all
others are its fields.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import Select, case, literal, select

from pod.store import schema as s
from pod.store.prepared import Prepared
from pod.store.state_of_posts import POSTS

if TYPE_CHECKING:
    from pod.store.unit_of_work import UnitOfWork

Row = tuple[str, str, dict[str, Any]]

_ARROW = "→"
_person, _owner = s.people.alias("person"), s.people.alias("owner")
_person_id, _owner_id = _person.c.diaspora_id, _owner.c.diaspora_id

_ACCOUNTS = s.accounts.join(_owner, _owner.c.id == s.accounts.c.person_id)


def _with_owner(*columns: Any, table: Any) -> Select[Any]:  # noqa: ANN401 - as select() itself
    """Rows of an account's, with the account's owner."""
    return select(*columns).select_from(
        table.join(s.accounts, s.accounts.c.id == table.c.account_id).join(
            _owner, _owner.c.id == s.accounts.c.person_id
        )
    )


_PROFILE = (
    "full_name",
    "first_name",
    "last_name",
    "image_url",
    "image_url_medium",
    "image_url_small",
    "bio",
    "birthday",
    "gender",
    "location",
    "searchable",
    "public",
    "nsfw",
    "tag_string",
)

_PEOPLE: dict[str, Select[Any]] = {
    "person": select(
        _person_id.label("key"),
        _person.c.guid,
        _person.c.public_key,
        _person.c.pod_url.label("pod"),
        _person.c.closed,
        s.accounts.c.id.is_not(None).label("local"),
        _person.c.stub,
    ).select_from(_person.outerjoin(s.accounts, s.accounts.c.person_id == _person.c.id)),
    "profile": select(
        _person_id.label("key"), *(s.profiles.c[name] for name in _PROFILE)
    ).select_from(s.profiles.join(_person, _person.c.id == s.profiles.c.person_id)),
    "account": select(
        _owner_id.label("key"),
        s.accounts.c.username,
        s.accounts.c.email,
        s.accounts.c.state,
        s.accounts.c.language,
    ).select_from(_ACCOUNTS),
    "aspect": _with_owner(
        (_owner_id + "/" + s.aspects.c.name).label("key"), s.aspects.c.position, table=s.aspects
    ),
    "contact": _with_owner(
        (_owner_id + _ARROW + _person_id).label("key"),
        s.contacts.c.sharing,
        s.contacts.c.receiving,
        s.contacts.c.id.label("aspects"),
        table=s.contacts,
    ).join(_person, _person.c.id == s.contacts.c.person_id),
    "block": _with_owner((_owner_id + _ARROW + _person_id).label("key"), table=s.blocks).join(
        _person, _person.c.id == s.blocks.c.person_id
    ),
    "tag_following": _with_owner(
        (_owner_id + "/" + s.tag_followings.c.tag).label("key"), table=s.tag_followings
    ),
    "notification": _with_owner(
        (
            _owner_id
            + "/"
            + s.notifications.c.kind
            + "/"
            + _person_id
            + "/"
            + case(
                (s.notifications.c.target_guid.is_(None), literal("")),
                else_=s.notifications.c.target_guid,
            )
        ).label("key"),
        table=s.notifications,
    ).join(_person, _person.c.id == s.notifications.c.actor_id),
}

_RECORDS: dict[str, Select[Any]] = {
    "conversation": select(
        s.conversations.c.guid.label("key"),
        _person_id.label("author"),
        s.conversations.c.subject,
        s.conversations.c.created_at,
        s.conversations.c.id.label("participants"),
    ).join(_person, _person.c.id == s.conversations.c.author_id),
    "message": select(
        s.messages.c.guid.label("key"),
        s.conversations.c.guid.label("conversation"),
        _person_id.label("author"),
        s.messages.c.text,
        s.messages.c.created_at,
    )
    .join(s.conversations, s.conversations.c.id == s.messages.c.conversation_id)
    .join(_person, _person.c.id == s.messages.c.author_id),
    "account_migration": select(
        _owner_id.label("key"),
        _person_id.label("new_id"),
        s.account_migrations.c.form,
        s.account_migrations.c.completed_at.is_not(None).label("completed"),
        s.account_migrations.c.created_at,
    )
    .join(_owner, _owner.c.id == s.account_migrations.c.old_person_id)
    .join(_person, _person.c.id == s.account_migrations.c.new_person_id),
    "account_deletion": select(_person_id.label("key")).select_from(
        s.account_deletions.join(_person, _person.c.id == s.account_deletions.c.person_id)
    ),
    "retraction": select(
        (s.retractions.c.target_type + "/" + s.retractions.c.target_guid).label("key"),
        _person_id.label("author"),
    ).select_from(s.retractions.outerjoin(_person, _person.c.id == s.retractions.c.author_id)),
}

_TYPES = {kind: Prepared(query) for kind, query in (_PEOPLE | POSTS | _RECORDS).items()}

_ASPECTS = Prepared(select(s.aspect_memberships.c.contact_id, s.aspects.c.name).join(s.aspects))
"""Names of aspects by contact."""

_PARTICIPANTS = Prepared(
    select(s.conversation_participants.c.conversation_id, s.people.c.diaspora_id).join(
        s.people, s.people.c.id == s.conversation_participants.c.person_id
    )
)
"""Diaspora IDs by conversation."""


def rows(work: UnitOfWork) -> list[Row]:
    """Every neutral row, sorted by type and key."""
    read = _Reader(work)
    return sorted(
        (row for kind, query in _TYPES.items() for row in read(kind, query)),
        key=lambda row: row[:2],
    )


class _Reader:
    """Turns what a query gives into the fields of a neutral row."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        lists = {
            ("contact", "aspects"): self._lists(_ASPECTS),
            ("conversation", "participants"): self._lists(_PARTICIPANTS),
        }
        self._special: dict[tuple[str, str], Callable[[Any], object]] = {
            ("person", "public_key"): work.crypto.fingerprint,
            ("person", "pod"): lambda url: urlsplit(url).netloc,
            ("signature", "signed"): json.loads,
            **{name: partial_get(values) for name, values in lists.items()},
        }

    def __call__(self, kind: str, query: Prepared) -> Iterator[Row]:
        read = {name: read for (of, name), read in self._special.items() if of == kind}
        for found in query.all(self._work.connection):
            cells = found.as_dict()
            key = cells.pop("key")
            yield kind, key, {name: read.get(name, _plain)(cells[name]) for name in cells}

    def _lists(self, query: Prepared) -> dict[int, list[str]]:
        found: defaultdict[int, list[str]] = defaultdict(list)
        for owner, value in query.all(self._work.connection):
            found[owner].append(value)
        return {owner: sorted(values) for owner, values in found.items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return s.iso(value)
    return None if value == "" else value


def partial_get(values: dict[int, list[str]]) -> Callable[[int], list[str]]:
    """Look up by row id; nothing there is an empty list."""
    return lambda row_id: values.get(row_id, [])
