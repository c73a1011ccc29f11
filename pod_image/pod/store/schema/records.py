"""Tables of records that outlive what they are about."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from pod.store.schema.columns import (
    HISTORY,
    REMEMBERED,
    Timestamp,
    id_column,
    metadata,
    person_column,
)

account_migrations = Table(
    "account_migrations",
    metadata,
    id_column(),
    Column(
        "old_person_id", Integer, ForeignKey("people.id"), nullable=False, unique=True, info=HISTORY
    ),
    person_column("new_person_id", info=HISTORY),  # chains are followed when read
    Column("form", String(32), nullable=False),  # account_rename | account_migration
    Column("envelope", LargeBinary, nullable=False),  # as received or first sent, byte for byte
    Column("originated_here", Boolean, nullable=False, default=False),
    Column("created_at", Timestamp, nullable=False),
    Column("completed_at", Timestamp),
    Column("second_envelope", LargeBinary),  # the same in the other form, at the two homes
    info=REMEMBERED,
)

pending_migrations = Table(  # no consent of the new identity yet, or it cannot be discovered now
    "pending_migrations",
    metadata,
    id_column(),
    Column("old_id", String(255), nullable=False),
    Column("new_id", String(255), nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False, default="queued", index=True),  # queued|running
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Timestamp, nullable=False),
    UniqueConstraint("old_id", "new_id"),
)

aliases = Table(  # an old ID of which only the new one is known (the old person never was)
    "aliases",
    metadata,
    id_column(),
    Column("old_id", String(255), nullable=False, unique=True),
    person_column("new_person_id", info=HISTORY),
    Column("envelope", LargeBinary, nullable=False),
)

migration_replies = Table(  # at most one answer per (old ID, pod) and hour
    "migration_replies",
    metadata,
    id_column(),
    person_column("old_person_id", info=HISTORY),
    Column("pod_url", String(255), nullable=False),
    Column("sent_at", Timestamp, nullable=False),
    UniqueConstraint("old_person_id", "pod_url"),
)

account_deletions = Table(
    "account_deletions",
    metadata,
    id_column(),
    Column(
        "person_id", Integer, ForeignKey("people.id"), nullable=False, unique=True, info=HISTORY
    ),
    Column("created_at", Timestamp, nullable=False),
)

retractions = Table(  # tombstones: what was retracted does not come back with a late copy
    "retractions",
    metadata,
    id_column(),
    Column("target_guid", String(255), nullable=False),
    Column("target_type", String(32), nullable=False),
    person_column("author_id", nullable=True, info=HISTORY),  # author of what was retracted
    Column("created_at", Timestamp, nullable=False),
    UniqueConstraint("target_guid", "target_type"),
)
