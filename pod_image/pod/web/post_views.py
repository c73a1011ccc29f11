"""Posts as JSON, with what hangs on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pod.domain.content import Post
from pod.domain.entities import (
    Comment,
    Embed,
    Event,
    EventParticipation,
    Like,
    Location,
    Photo,
    Poll,
    PollParticipation,
    Relayable,
    Reshare,
    StatusMessage,
)
from pod.domain.people import Account
from pod.store.unit_of_work import UnitOfWork
from pod.wire.scalars import write_time


def view_post(work: UnitOfWork, account: Account, post: Post) -> dict[str, Any]:
    """A post with everything on it, for an account that may see it."""
    entity = work.posts.entity(post)
    on = work.interactions.on(post)
    view: dict[str, Any] = {
        "guid": post.guid,
        "kind": post.kind,
        "author": post.author.diaspora_id,
        "public": post.public,
        "created_at": time_text(entity.created_at),
        "comments": [_comment(each, on) for each in on if isinstance(each, Comment)],
        "likes": _likes(on, post.guid),
        "reshares": [
            {"guid": reshare.guid, "author": reshare.author.diaspora_id}
            for reshare in work.posts.reshares_of(post)
        ],
        "participates": work.interactions.participation(account.person, post) is not None,
    }
    if isinstance(entity, Reshare):
        return view | {"root": _root(entity)}
    return view | _content(entity, on)


def time_text(time: datetime | None) -> str | None:
    """A time as everywhere in JSON, `…Z`."""
    return None if time is None else write_time(time)


def _root(entity: Reshare) -> dict[str, str] | None:
    if entity.root_guid is None or entity.root_author is None:
        return None
    return {"guid": entity.root_guid, "author": entity.root_author}


def _content(entity: StatusMessage, on: tuple[Relayable, ...]) -> dict[str, Any]:
    return {
        "text": entity.text,
        "photos": [view_photo(photo) for photo in entity.photos],
        "location": _place(entity.location),
        "poll": entity.poll and _poll(entity.poll, on),
        "event": entity.event and _event(entity.event, on),
        "embed": entity.embed and _embed(entity.embed),
    }


def _place(place: Location | None) -> dict[str, str] | None:
    if place is None:
        return None
    return {"address": place.address, "lat": place.lat, "lng": place.lng}


def view_photo(photo: Photo) -> dict[str, Any]:
    """A photo and where its file is."""
    return {
        "guid": photo.guid,
        "url": f"{photo.remote_photo_path}{photo.remote_photo_name}",
        "text": photo.text,
        "width": photo.width,
        "height": photo.height,
    }


def _poll(poll: Poll, on: tuple[Relayable, ...]) -> dict[str, Any]:
    votes = [each for each in on if isinstance(each, PollParticipation)]
    answers = [
        {
            "guid": answer.guid,
            "answer": answer.answer,
            "votes": [vote.author for vote in votes if vote.poll_answer_guid == answer.guid],
        }
        for answer in poll.poll_answers
    ]
    return {"guid": poll.guid, "question": poll.question, "answers": answers}


def _event(event: Event, on: tuple[Relayable, ...]) -> dict[str, Any]:
    answers = [each for each in on if isinstance(each, EventParticipation)]
    return {
        "guid": event.guid,
        "summary": event.summary,
        "description": event.description,
        "start": time_text(event.start),
        "end": time_text(event.end),
        "all_day": event.all_day,
        "timezone": event.timezone,
        "location": _place(event.location),
        "answers": [{"guid": a.guid, "author": a.author, "status": a.status} for a in answers],
    }


def _embed(embed: Embed) -> dict[str, Any]:
    return {
        "url": embed.url,
        "title": embed.title,
        "description": embed.description,
        "image": embed.image,
        "nothing": embed.nothing,
    }


def _comment(comment: Comment, on: tuple[Relayable, ...]) -> dict[str, Any]:
    return {
        "guid": comment.guid,
        "author": comment.author,
        "text": comment.text,
        "created_at": time_text(comment.created_at),
        "likes": _likes(on, comment.guid),
    }


def _likes(on: tuple[Relayable, ...], target: str) -> list[dict[str, Any]]:
    return [
        {"guid": like.guid, "author": like.author, "positive": like.positive}
        for like in on
        if isinstance(like, Like) and like.parent_guid == target
    ]
