"""Every kind of interaction as rows of one shape: what an entity and its root need."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Subquery, Table, case, func, select

from pod.domain.entities import Comment, EventParticipation, Like, PollParticipation, Relayable
from pod.domain.identity import DiasporaId, Guid
from pod.domain.ports import InteractionKind
from pod.store.prepared import Row
from pod.store.schema import (
    comments,
    event_participations,
    events,
    likes,
    poll_answers,
    poll_participations,
    polls,
    posts,
)

TABLES: Mapping[InteractionKind, Table] = MappingProxyType(
    {
        "comment": comments,
        "like": likes,
        "poll_participation": poll_participations,
        "event_participation": event_participations,
    }
)


def columns(table: Table, *names: str) -> list[Column[Any]]:
    """Some columns of a table."""
    return [table.columns[name] for name in names]


def _comments() -> Subquery[Any]:
    """Every comment, with what an entity and its root need."""
    return (
        select(comments, comments.c.post_id.label("root_id"), posts.c.guid.label("parent"))
        .join(posts, comments.c.post_id == posts.c.id)
        .subquery()
    )


def _likes() -> Subquery[Any]:
    """Every like, of posts and of comments."""
    return (
        select(
            *columns(likes, "id", "guid", "author_id", "positive"),
            func.coalesce(likes.c.post_id, comments.c.post_id).label("root_id"),
            func.coalesce(posts.c.guid, comments.c.guid).label("parent"),
            case((likes.c.post_id.is_(None), "Comment"), else_="Post").label("parent_type"),
        )
        .select_from(likes)
        .outerjoin(posts, likes.c.post_id == posts.c.id)
        .outerjoin(comments, likes.c.comment_id == comments.c.id)
        .subquery()
    )


def _votes() -> Subquery[Any]:
    """Every vote."""
    return (
        select(
            *columns(poll_participations, "id", "guid", "author_id"),
            polls.c.post_id.label("root_id"),
            polls.c.guid.label("parent"),
            poll_answers.c.guid.label("answer"),
        )
        .join(polls, poll_participations.c.poll_id == polls.c.id)
        .join(poll_answers, poll_participations.c.poll_answer_id == poll_answers.c.id)
        .subquery()
    )


def _answers() -> Subquery[Any]:
    """Every answer to an invitation."""
    return (
        select(
            *columns(event_participations, "id", "guid", "author_id", "status"),
            events.c.post_id.label("root_id"),
            events.c.guid.label("parent"),
        )
        .join(events, event_participations.c.event_id == events.c.id)
        .subquery()
    )


STORED: Mapping[InteractionKind, Subquery[Any]] = MappingProxyType(
    {
        "comment": _comments(),
        "like": _likes(),
        "poll_participation": _votes(),
        "event_participation": _answers(),
    }
)
"""By kind, in the order in which they are listed."""


def as_entity(kind: InteractionKind, row: Row, author: DiasporaId) -> Relayable:
    """The interaction of a row, without a signature."""
    named: dict[str, Any] = {
        "author": author,
        "guid": Guid(row.guid),
        "parent_guid": Guid(row.parent),
    }
    match kind:
        case "comment":
            return Comment(**named, text=row.text, created_at=row.created_at)
        case "like":
            return Like(**named, parent_type=row.parent_type, positive=row.positive)
        case "poll_participation":
            return PollParticipation(**named, poll_answer_guid=Guid(row.answer))
        case "event_participation":
            return EventParticipation(**named, status=row.status)
