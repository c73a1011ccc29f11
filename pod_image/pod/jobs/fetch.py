"""Get a public post or comment from another pod.

What is fetched is applied exactly like a message that was posted, after it was compared with what
was asked for: another pod may answer with anything that somebody validly signed.

Source: federation protocol section 6.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlsplit

from pod.domain.attribution import person_named
from pod.domain.entities import Comment, Entity, Reshare, StatusMessage
from pod.domain.errors import DomainError, Later, Missing, NotFound, Refused
from pod.domain.identity import DiasporaId
from pod.domain.people import Person
from pod.domain.ports import Work
from pod.jobs import receive
from pod.jobs.context import Context
from pod.jobs.log import one_line
from pod.wire.errors import WireError
from pod.wire.magic_envelope import CONTENT_TYPE

log = logging.getLogger(__name__)

MAX_DEPTH = 5
"""How many fetches may follow from one message."""

POST_TYPES = ("post", "status_message", "reshare")

_chain: ContextVar[tuple[tuple[str, str], ...]] = ContextVar("fetches", default=())
"""What is being fetched now, each because the one before it needs it."""


def fetch(
    context: Context, type_: str, guid: str, at: DiasporaId, author: DiasporaId | None = None
) -> None:
    """Fetch a public entity and store it, unless another thread has been doing so until now.

    Args:
        context: The pod.
        type_: A fetchable type: post, status_message, reshare, poll, event or comment.
        guid: Of that entity.
        at: Whose pod is asked; it may redirect to the owner's.
        author: Who must be the author, if that is known.

    Raises:
        NotFound: If the pod does not have it, or asking leads in a circle.
        Refused: If something else came, or it may not be stored.
        Later: If the pod cannot be asked now, or its answer cannot be used.
    """
    try:
        with _link(type_, guid), context.restraint.fetching(type_, guid) as is_wanted:
            if is_wanted:
                _fetch(context, type_, guid, at, author)
    except DomainError as error:
        # Said here, as those who follow links go on without what they lead to.
        log.info("event=unfetched entity=%s guid=%s reason=%s", type_, guid, one_line(error))
        raise


def _fetch(
    context: Context, type_: str, guid: str, at: DiasporaId, author: DiasporaId | None
) -> None:
    body = _ask(context, type_, guid, at)

    def expect(entity: Entity, sender: Person) -> None:
        _compare(context, entity, sender, (type_, guid, author))

    try:
        receive.apply_public(context, body, expect)
    except WireError as error:
        raise Later(f"{type_} {guid} from {at.host}: {error}") from None


@contextmanager
def _link(type_: str, guid: str) -> Iterator[None]:
    """Refuse circles, and long chains of posts that hang on each other."""
    chain = _chain.get()
    if (type_, guid) in chain or len(chain) >= MAX_DEPTH:
        raise NotFound(f"{type_} {guid} is being fetched already, or {MAX_DEPTH} others for it")
    token = _chain.set((*chain, (type_, guid)))
    try:
        yield
    finally:
        _chain.reset(token)


def _ask(context: Context, type_: str, guid: str, at: DiasporaId) -> bytes:
    origin = _origin(context, at)
    url = f"{origin}fetch/{type_}/{guid}"

    def is_pod(place: str) -> bool:
        with context.work() as work:
            return work.people.has_at(place)

    reply = context.client.get(
        url, follow=True, port=urlsplit(origin).port, accept=CONTENT_TYPE, is_pod=is_pod
    )
    if reply.is_success:
        return reply.body
    # diaspora* answers 500 for types that it does not know.
    if reply.status in (404, 410, 500):
        raise NotFound(f"{reply.url} answers {reply.status}: no {type_} {guid} there")
    raise Later(f"{reply.url} answers {reply.status}")


def _origin(context: Context, at: DiasporaId) -> str:
    """Where the person lives now, as far as known; else what the ID says."""
    if at.host == context.settings.host:
        raise NotFound(f"{at} is of this pod, which does not ask itself")
    with context.work() as work:
        try:
            person = person_named(work, at)
        except Missing:
            return f"https://{at.host}/"
        if person.is_local:
            raise NotFound(f"{at} lives on this pod, which does not ask itself")
        return person.pod_url


def _compare(
    context: Context,
    entity: Entity,
    sender: Person,
    expected: tuple[str, str, DiasporaId | None],
) -> None:
    """Whether this is what was asked for."""
    type_, guid, author = expected
    if guid not in _names(entity, type_):
        raise Refused(f"{sender.pod_url} answered with something else than {type_} {guid}")
    if author is None:
        return
    with context.work() as work:
        if not _is_by(work, sender, author):
            raise Refused(f"{type_} {guid} is by {sender.diaspora_id}, not by {author}")


def _names(entity: Entity, type_: str) -> tuple[str, ...]:
    """The GUIDs under which an entity may be asked for as that type."""
    match entity:
        case StatusMessage() if type_ == "poll":
            return (entity.poll.guid,) if entity.poll else ()
        case StatusMessage() if type_ == "event":
            return (entity.event.guid,) if entity.event else ()
        case StatusMessage() | Reshare() if type_ in POST_TYPES:
            return (entity.guid,)
        case Comment() if type_ == "comment":
            return (entity.guid,)
        case _:
            return ()


def _is_by(work: Work, sender: Person, author: DiasporaId) -> bool:
    try:
        return work.people.newest(sender).id == person_named(work, author).id
    except Missing:
        return False
