"""The neutral rows of posts and of what hangs on them; see `pod.store.state`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select

from pod.store import schema as s

_ARROW = "→"
_author, _other = s.people.alias("author"), s.people.alias("other")
_author_id, _other_id = _author.c.diaspora_id, _other.c.diaspora_id


def _by_author(*columns: Any, table: Any) -> Select[Any]:  # noqa: ANN401 - as select() itself
    return select(*columns).select_from(table).join(_author, _author.c.id == table.c.author_id)


def _container(table: Any) -> Select[Any]:  # noqa: ANN401 - any table with both columns
    """Post and comment that the rows of a table are about; one of them."""
    return (
        select(table.c.id)
        .outerjoin(s.posts, s.posts.c.id == table.c.post_id)
        .outerjoin(s.comments, s.comments.c.id == table.c.comment_id)
    )


def _kind(table: Any, post: str, comment: str) -> ColumnElement[str]:  # noqa: ANN401 - as above
    return case((table.c.post_id.is_not(None), literal(post)), else_=literal(comment))


_target = func.coalesce(s.posts.c.guid, s.comments.c.guid)

POSTS: dict[str, Select[Any]] = {
    "post": _by_author(
        s.posts.c.guid.label("key"),
        s.posts.c.kind,
        _author_id.label("author"),
        s.posts.c.public,
        s.posts.c.text,
        s.posts.c.created_at,
        s.posts.c.provider_display_name,
        s.posts.c.root_guid,
        _other_id.label("root_author"),
        s.posts.c.stub,
        table=s.posts,
    ).outerjoin(_other, _other.c.id == s.posts.c.root_author_id),
    "photo": _by_author(
        s.photos.c.guid.label("key"),
        _author_id.label("author"),
        s.photos.c.public,
        s.photos.c.text,
        s.photos.c.created_at,
        s.photos.c.remote_photo_path,
        s.photos.c.remote_photo_name,
        s.photos.c.status_message_guid,
        s.photos.c.height,
        s.photos.c.width,
        table=s.photos,
    ),
    "location": select(
        s.posts.c.guid.label("key"),
        s.locations.c.address,
        s.locations.c.lat,
        s.locations.c.lng,
    ).select_from(s.locations.join(s.posts)),
    "poll": select(
        s.polls.c.guid.label("key"), s.posts.c.guid.label("post"), s.polls.c.question
    ).select_from(s.polls.join(s.posts)),
    "poll_answer": select(
        s.poll_answers.c.guid.label("key"),
        s.polls.c.guid.label("poll"),
        s.poll_answers.c.answer,
        s.poll_answers.c.position,
    ).select_from(s.poll_answers.join(s.polls)),
    "event": select(
        s.events.c.guid.label("key"),
        s.posts.c.guid.label("post"),
        *(
            s.events.c[name]
            for name in (
                *("summary", "description", "start_at", "end_at", "all_day", "timezone"),
                *("address", "lat", "lng"),
            )
        ),
    ).select_from(s.events.join(s.posts)),
    "embed": select(
        s.posts.c.guid.label("key"),
        *(s.embeds.c[name] for name in ("url", "title", "description", "image")),
    ).select_from(s.embeds.join(s.posts)),
    "comment": _by_author(
        s.comments.c.guid.label("key"),
        _author_id.label("author"),
        s.posts.c.guid.label("post"),
        s.comments.c.text,
        s.comments.c.created_at,
        table=s.comments,
    ).join(s.posts, s.posts.c.id == s.comments.c.post_id),
    "like": _container(s.likes)
    .join(_author, _author.c.id == s.likes.c.author_id)
    .with_only_columns(
        s.likes.c.guid.label("key"),
        _author_id.label("author"),
        _kind(s.likes, "Post", "Comment").label("target_type"),
        _target.label("target"),
        s.likes.c.positive,
    ),
    "poll_participation": _by_author(
        s.poll_participations.c.guid.label("key"),
        _author_id.label("author"),
        s.polls.c.guid.label("poll"),
        s.poll_answers.c.guid.label("answer"),
        table=s.poll_participations,
    )
    .join(s.polls, s.polls.c.id == s.poll_participations.c.poll_id)
    .join(s.poll_answers, s.poll_answers.c.id == s.poll_participations.c.poll_answer_id),
    "event_participation": _by_author(
        s.event_participations.c.guid.label("key"),
        _author_id.label("author"),
        s.events.c.guid.label("event"),
        s.event_participations.c.status,
        table=s.event_participations,
    ).join(s.events, s.events.c.id == s.event_participations.c.event_id),
    "participation": _by_author(
        (_author_id + _ARROW + s.posts.c.guid).label("key"),
        s.participations.c.guid,
        table=s.participations,
    ).join(s.posts, s.posts.c.id == s.participations.c.post_id),
    "mention": _container(s.mentions)
    .join(_other, _other.c.id == s.mentions.c.person_id)
    .with_only_columns(
        (_target + _ARROW + _other_id).label("key"),
        _kind(s.mentions, "post", "comment").label("container"),
    ),
    "audience": select((s.posts.c.guid + _ARROW + _other_id).label("key"))
    .select_from(s.post_audience.join(s.posts))
    .join(_other, _other.c.id == s.post_audience.c.person_id),
    "visibility": select((s.posts.c.guid + _ARROW + _other_id).label("key"))
    .select_from(s.post_visibilities.join(s.posts))
    .join(s.accounts, s.accounts.c.id == s.post_visibilities.c.account_id)
    .join(_other, _other.c.id == s.accounts.c.person_id),
    "signature": select(
        s.relayable_signatures.c.guid.label("key"),
        s.relayable_signatures.c.entity,
        _other_id.label("signer"),
        s.relayable_signatures.c.author_signature,
        s.relayable_signatures.c.signed,
    ).join(_other, _other.c.id == s.relayable_signatures.c.signer_id),
}
