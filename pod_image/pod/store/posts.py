"""Status messages and reshares over a database connection."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Select, bindparam, delete, or_, select

from pod.domain.content import Post, PostKind
from pod.domain.entities import Photo, Reshare, StatusMessage
from pod.domain.errors import NotFound
from pod.domain.identity import Guid
from pod.domain.people import Person
from pod.store import rows
from pod.store.parts import Parts
from pod.store.photos import Photos, as_photo
from pod.store.prepared import Prepared, Row
from pod.store.schema import (
    comments,
    event_participations,
    events,
    likes,
    photos,
    poll_participations,
    polls,
    posts,
    relayable_signatures,
)
from pod.store.visibility import Visibility

_PHOTOS_IN = Prepared(
    select(photos)
    .where(photos.c.status_message_guid == bindparam("guid"))
    .where(photos.c.author_id == bindparam("author_id"))
    .order_by(photos.c.position, photos.c.id)
)


class Posts(Photos, Parts, Visibility):
    """`pod.domain.ports.Posts` over one connection."""

    def by_guid(self, guid: Guid | str) -> Post | None:
        return self._post(guid=guid)

    def by_poll(self, guid: Guid | str) -> Post | None:
        poll = self._one(polls, guid=guid)
        return None if poll is None else self._post(id=poll.post_id)

    def by_event(self, guid: Guid | str) -> Post | None:
        event = self._one(events, guid=guid)
        return None if event is None else self._post(id=event.post_id)

    def by_author(self, author: Person) -> tuple[Post, ...]:
        return self._posts(author_id=author.id)

    def reshares_of(self, post: Post) -> tuple[Post, ...]:
        return self._posts(root_guid=post.guid)

    def reshare_by(self, author: Person, root: Post) -> Post | None:
        return self._post(author_id=author.id, root_guid=root.guid)

    def add(self, entity: StatusMessage | Reshare, author: Person) -> Post:
        """Store a post with its parts, or fill in the stub that stands for it."""
        values = self._columns(entity) | {"author_id": author.id, "stub": False}
        known = self.by_guid(entity.guid)
        if known is None:
            rows.add(self._connection, posts, {"guid": entity.guid, **values})
        else:
            rows.change(self._connection, posts, values, id=known.id)
        post = self._added(entity.guid)
        if isinstance(entity, StatusMessage):
            self._add_content(entity, post)
        return post

    def add_stub(self, guid: Guid, author: Person, kind: PostKind = "status_message") -> Post:
        values = {"guid": guid, "kind": kind, "author_id": author.id}
        rows.add(self._connection, posts, {"public": True, "stub": True, **values})
        return self._added(guid)

    def _added(self, guid: Guid) -> Post:
        post = self.by_guid(guid)
        if post is None:
            raise NotFound(f"post {guid} was not stored")
        return post

    def _columns(self, entity: StatusMessage | Reshare) -> dict[str, Any]:
        if isinstance(entity, StatusMessage):
            return {
                "kind": "status_message",
                "public": entity.public,
                "text": entity.text,
                "created_at": entity.created_at,
                "provider_display_name": entity.provider_display_name,
            }
        root = entity.root_author and self._people.newest(self._people.need(entity.root_author))
        return {
            "kind": "reshare",
            "public": True,
            "created_at": entity.created_at,
            "root_guid": entity.root_guid,
            "root_author_id": root.id if root else None,
        }

    def _add_content(self, entity: StatusMessage, post: Post) -> None:
        for position, photo in enumerate(entity.photos):
            self.put_photo(_of_post(photo, post), post.author, position)
        self._add_parts(entity, post)

    def entity(self, post: Post) -> StatusMessage | Reshare:
        """The post as a federation entity; people by the IDs that this pod resolves them to."""
        row = self._one(posts, id=post.id)
        if row is None:
            raise NotFound(f"post {post.guid} is not here any more")
        if post.kind == "reshare":
            return Reshare(
                author=post.author.diaspora_id,
                guid=post.guid,
                created_at=row.created_at,
                root_author=post.root_author.diaspora_id if post.root_author else None,
                root_guid=post.root_guid,
            )
        return self._status_message(post, row)

    def _status_message(self, post: Post, row: Row) -> StatusMessage:
        return StatusMessage(
            author=post.author.diaspora_id,
            guid=post.guid,
            created_at=row.created_at,
            public=post.public,
            provider_display_name=row.provider_display_name,
            text=row.text or "",
            photos=self._photos_in(post),
            location=self._location(post),
            poll=self._poll(post),
            event=self._event(post),
            embed=self._embed(post),
        )

    def _photos_in(self, post: Post) -> tuple[Photo, ...]:
        found = _PHOTOS_IN.all(self._connection, guid=post.guid, author_id=post.author.id)
        return tuple(as_photo(row, post.author.diaspora_id) for row in found)

    def remove_poll(self, post: Post) -> None:
        """Delete the poll of a post, with the votes."""
        self._remove_signatures_of_votes(post)
        rows.remove(self._connection, polls, post_id=post.id)

    def remove(self, post: Post) -> None:
        """Delete the post and what hangs on it; reshares of it stay, their root being gone."""
        self._remove_signatures(post)
        for photo in self._photos_in(post):
            self.remove_photo(photo.guid)
        rootless = {"root_guid": None, "root_author_id": None}
        rows.change(self._connection, posts, rootless, root_guid=post.guid)
        rows.remove(self._connection, posts, id=post.id)

    def _remove_signatures(self, post: Post) -> None:
        """Signatures are kept by GUID, so that no foreign key takes them along."""
        self._remove_signatures_of_votes(post)
        commented = select(comments.c.id).where(comments.c.post_id == post.id)
        on_post = or_(likes.c.post_id == post.id, likes.c.comment_id.in_(commented))
        invited = select(events.c.id).where(events.c.post_id == post.id)
        answers = event_participations.c
        gone = (
            select(comments.c.guid).where(comments.c.post_id == post.id),
            select(likes.c.guid).where(on_post),
            select(answers.guid).where(answers.event_id.in_(invited)),
        )
        for guids in gone:
            self._forget_signatures(guids)

    def _remove_signatures_of_votes(self, post: Post) -> None:
        asked = select(polls.c.id).where(polls.c.post_id == post.id)
        votes = poll_participations.c
        self._forget_signatures(select(votes.guid).where(votes.poll_id.in_(asked)))

    def _forget_signatures(self, guids: Select[tuple[str]]) -> None:
        signatures = relayable_signatures.c.guid.in_(guids)
        self._connection.execute(delete(relayable_signatures).where(signatures))


def _of_post(photo: Photo, post: Post) -> Photo:
    """The photo as part of the post: what belongs to it is as public as the post itself."""
    return replace(photo, status_message_guid=post.guid, public=post.public)
