"""Tables of private conversations, and of notifications."""

from sqlalchemy import Boolean, Column, String, Table, Text, UniqueConstraint, false

from pod.store.schema.columns import (
    Timestamp,
    account_column,
    guid_column,
    id_column,
    metadata,
    owned_column,
    person_column,
)

conversations = Table(
    "conversations",
    metadata,
    id_column(),
    guid_column(),
    person_column("author_id"),
    Column("subject", String(255), nullable=False),
    Column("created_at", Timestamp),
)

conversation_participants = Table(
    "conversation_participants",
    metadata,
    id_column(),
    owned_column("conversation_id", "conversations.id"),
    person_column("person_id"),
    # For somebody here who was not sent it, or has refused it.
    Column("hidden", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("conversation_id", "person_id"),
)

messages = Table(
    "messages",
    metadata,
    id_column(),
    guid_column(),
    owned_column("conversation_id", "conversations.id"),
    person_column("author_id"),
    Column("text", Text, nullable=False),
    Column("created_at", Timestamp),
)

notifications = Table(
    "notifications",
    metadata,
    id_column(),
    account_column(),
    Column("kind", String(32), nullable=False),  # started_sharing | mentioned | commented | …
    person_column("actor_id"),
    Column("target_guid", String(255)),  # of the post, comment or conversation
    Column("created_at", Timestamp, nullable=False),
    UniqueConstraint("account_id", "kind", "actor_id", "target_guid"),
)
