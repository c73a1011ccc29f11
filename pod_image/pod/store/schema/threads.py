"""Tables of what hangs on posts: comments, likes, votes, participations, signatures."""

from sqlalchemy import Boolean, Column, String, Table, Text, UniqueConstraint

from pod.store.schema.columns import (
    HISTORY,
    Timestamp,
    guid_column,
    id_column,
    metadata,
    owned_column,
    person_column,
)

comments = Table(
    "comments",
    metadata,
    id_column(),
    guid_column(),
    person_column("author_id"),
    owned_column("post_id", "posts.id"),
    Column("text", Text, nullable=False),
    Column("created_at", Timestamp),
)

likes = Table(
    "likes",
    metadata,
    id_column(),
    guid_column(),
    person_column("author_id"),
    owned_column("post_id", "posts.id", nullable=True),
    owned_column("comment_id", "comments.id", nullable=True),
    Column("positive", Boolean, nullable=False, default=True),
    UniqueConstraint("author_id", "post_id"),
    UniqueConstraint("author_id", "comment_id"),
)

poll_participations = Table(
    "poll_participations",
    metadata,
    id_column(),
    guid_column(),
    person_column("author_id"),
    owned_column("poll_id", "polls.id"),
    owned_column("poll_answer_id", "poll_answers.id"),
    UniqueConstraint("author_id", "poll_id"),
)

participations = Table(
    "participations",
    metadata,
    id_column(),
    guid_column(),
    person_column("author_id"),
    owned_column("post_id", "posts.id"),
    UniqueConstraint("author_id", "post_id"),
)

relayable_signatures = Table(  # what is needed to relay or export a relayable byte-true
    "relayable_signatures",
    metadata,
    id_column(),
    Column("entity", String(32), nullable=False),  # comment | like | …
    guid_column(),
    # Who signed, by the ID valid then: a signature never follows its author to a new ID.
    person_column("signer_id", info=HISTORY),
    Column("author_signature", Text),
    Column("signed", Text, nullable=False),  # JSON: [[element, raw text], …] in signing order
)
