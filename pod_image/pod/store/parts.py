"""What belongs to a post and goes away with it: place, poll, event, embed."""

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError

from pod.domain.content import Post
from pod.domain.entities import Embed, Event, Location, Poll, PollAnswer, StatusMessage
from pod.domain.errors import Conflict
from pod.domain.identity import Guid
from pod.store import rows
from pod.store.content import ContentRows
from pod.store.prepared import Row
from pod.store.schema import embeds, events, locations, poll_answers, polls


class Parts(ContentRows):
    """The parts of posts, over one connection."""

    def put_event(self, event: Event) -> None:
        """Let a known event say what its author says now."""
        rows.change(self._connection, events, _event_columns(event), guid=event.guid)

    def _add_parts(self, entity: StatusMessage, post: Post) -> None:
        if entity.location is not None:
            place = _place(entity.location)
            rows.add(self._connection, locations, {"post_id": post.id, **place})
        if entity.embed is not None:
            rows.add(self._connection, embeds, _embed_columns(entity.embed, post))
        try:
            if entity.poll is not None:
                self._add_poll(entity.poll, post)
            if entity.event is not None:
                values = {"guid": entity.event.guid, "post_id": post.id}
                row = {**values, **_event_columns(entity.event)}
                rows.add(self._connection, events, row)
        except IntegrityError:
            raise Conflict(f"post {post.guid}: poll or event have GUIDs of others") from None

    def _add_poll(self, poll: Poll, post: Post) -> None:
        values = {"guid": poll.guid, "post_id": post.id, "question": poll.question}
        poll_id = rows.add_with_id(self._connection, polls, values)
        for position, answer in enumerate(poll.poll_answers):
            row = {"guid": answer.guid, "answer": answer.answer, "position": position}
            rows.add(self._connection, poll_answers, {"poll_id": poll_id, **row})

    def _part(self, table: Table, post: Post) -> Row | None:
        return self._one(table, post_id=post.id)

    def _location(self, post: Post) -> Location | None:
        row = self._part(locations, post)
        return None if row is None else _location(row)

    def _poll(self, post: Post) -> Poll | None:
        row = self._part(polls, post)
        if row is None:
            return None
        found = self._all(poll_answers, poll_id=row.id)
        answers = tuple(
            PollAnswer(guid=Guid(answer.guid), answer=answer.answer)
            for answer in sorted(found, key=lambda row: int(row.position))
        )
        return Poll(guid=Guid(row.guid), question=row.question, poll_answers=answers)

    def _event(self, post: Post) -> Event | None:
        row = self._part(events, post)
        if row is None:
            return None
        return Event(
            author=post.author.diaspora_id,
            guid=Guid(row.guid),
            edited_at=row.edited_at,
            summary=row.summary,
            description=row.description,
            start=row.start_at,
            end=row.end_at,
            all_day=row.all_day,
            timezone=row.timezone,
            location=None if row.lat is None else _location(row),
        )

    def _embed(self, post: Post) -> Embed | None:
        row = self._part(embeds, post)
        if row is None:
            return None
        named = {name: getattr(row, name) for name in ("url", "title", "description", "image")}
        return Embed(**named, nothing=row.url is None)


def _place(place: Location | None) -> dict[str, str | None]:
    if place is None:
        return {"address": None, "lat": None, "lng": None}
    return {"address": place.address, "lat": place.lat, "lng": place.lng}


def _location(row: Row) -> Location:
    return Location(address=row.address or "", lat=row.lat, lng=row.lng)


def _event_columns(event: Event) -> dict[str, object]:
    return {
        "summary": event.summary,
        "description": event.description,
        "start_at": event.start,
        "end_at": event.end,
        "all_day": event.all_day,
        "timezone": event.timezone,
        "edited_at": event.edited_at,
        **_place(event.location),
    }


def _embed_columns(embed: Embed, post: Post) -> dict[str, object]:
    return {
        "post_id": post.id,
        "url": embed.url,
        "title": embed.title,
        "description": embed.description,
        "image": embed.image,
    }
