"""Tables of what posts may bring along besides text: invitations with their answers, previews."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from pod.store.schema.columns import (
    Timestamp,
    guid_column,
    id_column,
    metadata,
    owned_column,
    person_column,
)


def _post_column() -> Column[int]:
    """A reference to the one post that a row is a part of."""
    key = ForeignKey("posts.id", ondelete="CASCADE")
    return Column("post_id", Integer, key, nullable=False, unique=True)


events = Table(
    "events",
    metadata,
    id_column(),
    guid_column(),
    _post_column(),
    Column("summary", String(255), nullable=False),
    Column("description", Text),
    Column("start_at", Timestamp, nullable=False),
    Column("end_at", Timestamp),
    Column("all_day", Boolean, nullable=False, default=False),
    Column("timezone", String(64)),
    Column("address", String(255)),
    Column("lat", String(255)),  # NULL: the event has no place
    Column("lng", String(255)),
    Column("edited_at", Timestamp),
)

embeds = Table(
    "embeds",
    metadata,
    id_column(),
    _post_column(),
    Column("url", Text),  # NULL: nothing shall be shown
    Column("title", String(255)),
    Column("description", Text),
    Column("image", Text),
)

event_participations = Table(
    "event_participations",
    metadata,
    id_column(),
    guid_column(),
    person_column("author_id"),
    owned_column("event_id", "events.id"),
    Column("status", String(16), nullable=False),  # accepted | declined | tentative
    UniqueConstraint("author_id", "event_id"),
)
