"""Meet the people and things that a text names, before or after it is stored.

A text that mentions somebody who cannot be found is a good text all the same: everybody unknown is
looked up once, outside of any transaction, and the rules go on with whoever is known then.

Source: federation protocol sections 1.5, 6.4 and 9 (row 20).
"""

from __future__ import annotations

from pod.domain import text as words
from pod.domain.attribution import MAX_MENTIONS
from pod.domain.entities import Comment, Entity, Profile, StatusMessage
from pod.domain.errors import DomainError
from pod.domain.identity import DiasporaId
from pod.jobs import discover, fetch
from pod.jobs.context import Context
from pod.wire.errors import WireError

MAX_LINKS = 10
"""Linked entities fetched for one text."""


def meet(context: Context, text: str) -> None:
    """Look up everybody mentioned who is not known yet; failures are ignored one by one."""
    for name in words.mentioned(text)[:MAX_MENTIONS]:
        if not _knows(context, name):
            try:
                discover.discover(context, name)
            except (DomainError, WireError):
                continue


def _knows(context: Context, name: DiasporaId) -> bool:
    with context.work() as work:
        return work.people.by_id(name) is not None or work.migrations.alias(name) is not None


def meet_in(context: Context, entity: Entity) -> None:
    """Look up everybody mentioned in a received post or comment."""
    if isinstance(entity, StatusMessage | Comment):
        meet(context, entity.text)


def has_links(entity: Entity) -> bool:
    """Whether there is something to follow when the entity is accepted."""
    return bool(words.entity_links(_text(entity)))


def follow_links(context: Context, entity: Entity) -> None:
    """Fetch what an accepted entity links to and is not known here; failures are ignored."""
    for author, type_, guid in words.entity_links(_text(entity))[:MAX_LINKS]:
        if not _has(context, type_, guid):
            try:
                fetch.fetch(context, type_, guid, author, author)
            except (DomainError, WireError):
                continue


def _text(entity: Entity) -> str:
    match entity:
        case StatusMessage() | Comment():
            return entity.text
        case Profile():
            return entity.bio or ""
        case _:
            return ""


def _has(context: Context, type_: str, guid: str) -> bool:
    with context.work() as work:
        if type_ == "poll":
            return work.posts.by_poll(guid) is not None
        if type_ == "event":
            return work.posts.by_event(guid) is not None
        if type_ == "comment":
            return work.interactions.find("comment", guid) is not None
        return type_ not in fetch.POST_TYPES or work.posts.by_guid(guid) is not None
