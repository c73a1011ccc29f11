"""Posts, photos, events and reshares that arrive from other pods.

Source: federation protocol sections 4.2, 4.3, 4.5 and 7.2.
"""

from collections.abc import Mapping
from dataclasses import replace

from pod.domain.attribution import person_named
from pod.domain.content import Post
from pod.domain.entities import Entity, Event, Photo, Reshare, StatusMessage
from pod.domain.errors import Conflict, EntityMissing, Invalid, Later, Refused
from pod.domain.identity import Guid
from pod.domain.incoming import Incoming, Receiver
from pod.domain.notices import mention_in_post, tell_reshared
from pod.domain.people import Person
from pod.domain.ports import Work
from pod.domain.retracted import refuse_retracted


def receive_status_message(work: Work, entity: StatusMessage, incoming: Incoming) -> None:
    """Store a post, or let one more account see the post that is stored already."""
    refuse_retracted(work, "Post", entity.guid)
    if not entity.text.strip() and not entity.photos:
        raise Invalid(f"post {entity.guid}: neither text nor photos")
    stored = _known_post(work, entity.guid, incoming.sender)
    if stored is None or stored.stub:
        stored = work.posts.add(_checked(work, entity, incoming.sender), incoming.sender)
    if incoming.recipient is not None and not stored.public:
        work.posts.show(stored, incoming.recipient)
    # What counts is what was said first: a copy may say something else.
    mention_in_post(work, stored, getattr(work.posts.entity(stored), "text", ""))


def _known_post(work: Work, guid: Guid, author: Person) -> Post | None:
    known = work.posts.by_guid(guid)
    if known is not None and known.author.id != author.id:
        raise Conflict(f"post {guid} is by another author than {author.diaspora_id} here")
    return known


def _checked(work: Work, entity: StatusMessage, author: Person) -> StatusMessage:
    """The message without photos that were retracted before."""
    for photo in entity.photos:
        _check_photo(work, photo, author)
    if entity.event is not None and entity.event.author != author.diaspora_id:
        raise Conflict(f"event {entity.event.guid} is not by {author.diaspora_id}")
    kept = (
        photo for photo in entity.photos if not work.migrations.is_retracted("Photo", photo.guid)
    )
    return replace(entity, photos=tuple(kept))


def _check_photo(work: Work, photo: Photo, author: Person) -> None:
    known = work.posts.photo(photo.guid)
    if photo.author != author.diaspora_id or (known is not None and known[1].id != author.id):
        raise Conflict(f"photo {photo.guid} is not by {author.diaspora_id}")


def receive_event(work: Work, entity: Event, incoming: Incoming) -> None:
    """Note what an author says anew about an event; the event itself came with its post."""
    post = work.posts.by_event(entity.guid)
    if post is None:
        if not incoming.is_public:
            raise Later(f"event {entity.guid}: its post has not arrived yet")
        raise EntityMissing("event", entity.guid, entity.author, entity.author)
    if post.author.id != incoming.sender.id:
        raise Conflict(f"event {entity.guid} is not by {incoming.sender.diaspora_id}")
    if incoming.is_public and not post.public:
        raise Refused(f"post {post.guid} is limited, its event may not come publicly")
    known = getattr(work.posts.entity(post), "event", None)
    if known is not None and _is_newer(entity, known):
        work.posts.put_event(entity)


def _is_newer(event: Event, known: Event) -> bool:
    if event.edited_at is None:
        return False
    return known.edited_at is None or event.edited_at > known.edited_at


def receive_photo(work: Work, entity: Photo, incoming: Incoming) -> None:
    """Store a photo that comes on its own, or update the one of that GUID."""
    refuse_retracted(work, "Photo", entity.guid)
    _check_photo(work, entity, incoming.sender)
    if entity.status_message_guid is not None:
        _known_post(work, entity.status_message_guid, incoming.sender)
    work.posts.put_photo(entity, incoming.sender)


def receive_reshare(work: Work, entity: Reshare, incoming: Incoming) -> None:
    """Store a reshare; its root is fetched if it is not known."""
    refuse_retracted(work, "Post", entity.guid)
    known = _known_post(work, entity.guid, incoming.sender)
    if known is not None and not known.stub:
        return
    root = _reshared(work, entity)
    if root is None:
        work.posts.add(replace(entity, root_author=None, root_guid=None), incoming.sender)
        return
    if work.posts.reshare_by(incoming.sender, root) is not None:
        raise Conflict(f"{incoming.sender.diaspora_id} reshared {root.guid} before")
    work.posts.add(entity, incoming.sender)
    tell_reshared(work, root, incoming.sender)


def _reshared(work: Work, entity: Reshare) -> Post | None:
    """The root; None if it was deleted.

    Raises:
        EntityMissing: If it is not known here.
        Refused: If it is by somebody else than the reshare says, or not public.
    """
    if entity.root_author is None or entity.root_guid is None:
        return None
    root = work.posts.by_guid(entity.root_guid)
    if root is None and work.migrations.is_retracted("Post", entity.root_guid):
        return None
    author = person_named(work, entity.root_author)
    if root is None:
        raise EntityMissing("post", entity.root_guid, entity.root_author, entity.root_author)
    if root.author.id != author.id:
        raise Conflict(f"post {root.guid} is not by {entity.root_author}, as its reshare says")
    if not root.public:
        raise Refused(f"post {root.guid} is not public, its reshare is refused")
    return root


RECEIVERS: Mapping[type[Entity], Receiver] = {
    StatusMessage: receive_status_message,
    Photo: receive_photo,
    Event: receive_event,
    Reshare: receive_reshare,
}
