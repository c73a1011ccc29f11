"""Meet the people and things that a text names, before or after it is stored.

A text that mentions somebody who cannot be found is a good text all the same: everybody unknown is
looked up once, outside of any transaction, and the rules go on with whoever is known then. How many
that may be is counted over a whole message, with all that is fetched because of it.

Source: federation protocol sections 1.5, 6.4 and 9 (row 20).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TypeVar

from pod.domain import text as words
from pod.domain.attribution import MAX_MENTIONS
from pod.domain.entities import (
    Comment,
    Conversation,
    Entity,
    Message,
    Photo,
    Profile,
    StatusMessage,
)
from pod.domain.errors import DomainError
from pod.domain.identity import DiasporaId
from pod.jobs import discover, fetch, restraint
from pod.jobs.context import Context
from pod.wire.errors import WireError

log = logging.getLogger(__name__)

Named = TypeVar("Named")


def meet(context: Context, text: str) -> None:
    """Look up everybody mentioned who is not known yet; failures are ignored one by one."""
    for name in _strangers(context, text):
        _look_up(context, name)


def _strangers(context: Context, text: str) -> list[DiasporaId]:
    names = _first(words.mentioned(text), MAX_MENTIONS, "mentions")
    return [name for name in names if not _knows(context, name)]


def _look_up(context: Context, name: DiasporaId) -> bool:
    try:
        context.restraint.ask(name.host, context.clock.now())
        discover.discover(context, name)
    except (DomainError, WireError):
        return False
    return True


def _knows(context: Context, name: DiasporaId) -> bool:
    with context.work() as work:
        return work.people.by_id(name) is not None or work.migrations.alias(name) is not None


def meet_in(context: Context, entity: Entity) -> None:
    """Look up everybody mentioned in a received post or comment, but who was just not found."""
    if not isinstance(entity, StatusMessage | Comment):
        return
    now, memory = context.clock.now(), context.restraint
    names = [each for each in _strangers(context, entity.text) if not memory.is_nobody(each, now)]
    with restraint.one_message() as budget:
        for name in _first(names, budget.take_mentions(len(names)), "mentions"):
            if not _look_up(context, name):
                memory.found_nobody(name, now)


def has_links(entity: Entity) -> bool:
    """Whether there is something to follow when the entity is accepted."""
    return bool(words.entity_links(_text(entity)))


def follow_links(context: Context, entity: Entity) -> None:
    """Fetch what an accepted entity links to and is not known here; failures are ignored.

    The links of a text are counted before the first is followed: what they lead to gets the rest.
    """
    links = _first(words.entity_links(_text(entity)), restraint.MAX_LINKS, "links")
    unknown = [each for each in links if not _has(context, each[1], each[2])]
    with restraint.one_message() as budget:
        for author, type_, guid in _first(unknown, budget.take_links(len(unknown)), "links"):
            try:
                context.restraint.ask(author.host, context.clock.now())
                fetch.fetch(context, type_, guid, author, author)
            except (DomainError, WireError):
                continue


def _first(named: Sequence[Named], most: int, what: str) -> Sequence[Named]:
    """As many as one text may make us ask for."""
    if len(named) > most:
        log.info("event=ignored reason=%s %s, only %s are looked up", len(named), what, most)
    return named[:most]


def _text(entity: Entity) -> str:
    """Everything that somebody wrote there, in one."""
    match entity:
        case StatusMessage():
            event = None if entity.event is None else entity.event.description
            return _joined(entity.text, event, *(photo.text for photo in entity.photos))
        case Conversation():
            return _joined(*(message.text for message in entity.messages))
        case Comment() | Message() | Photo():
            return _joined(entity.text)
        case Profile():
            return _joined(entity.bio)
        case _:
            return ""


def _joined(*texts: str | None) -> str:
    return "\n".join(text for text in texts if text)


def _has(context: Context, type_: str, guid: str) -> bool:
    with context.work() as work:
        if type_ == "poll":
            return work.posts.by_poll(guid) is not None
        if type_ == "event":
            return work.posts.by_event(guid) is not None
        if type_ == "comment":
            return work.interactions.find("comment", guid) is not None
        return type_ not in fetch.POST_TYPES or work.posts.by_guid(guid) is not None
