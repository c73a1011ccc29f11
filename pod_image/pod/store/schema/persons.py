"""Tables of whom this pod knows: people, profiles, accounts."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from pod.store.schema.columns import (
    HISTORY,
    REMEMBERED,
    Timestamp,
    account_column,
    guid_column,
    id_column,
    metadata,
)

people = Table(
    "people",
    metadata,
    id_column(),
    Column("diaspora_id", String(255), nullable=False, unique=True),
    guid_column(),
    Column("public_key", Text, nullable=False),  # PEM, pinned at first discovery
    Column("pod_url", String(255), nullable=False),  # origin with a trailing slash
    Column("closed", Boolean, nullable=False, default=False),
    Column("stub", Boolean, nullable=False, default=False),  # made from an archive, not discovered
    Column("created_at", Timestamp, nullable=False),
    info=REMEMBERED,
)

profiles = Table(
    "profiles",
    metadata,
    id_column(),
    # A profile belongs to one ID for ever; the old one is emptied, not moved.
    Column(
        "person_id", Integer, ForeignKey("people.id"), nullable=False, unique=True, info=HISTORY
    ),
    Column("full_name", String(70)),
    Column("first_name", String(32)),
    Column("last_name", String(32)),
    Column("image_url", Text),
    Column("image_url_medium", Text),
    Column("image_url_small", Text),
    Column("bio", Text),
    Column("birthday", String(10)),
    Column("gender", String(255)),
    Column("location", String(255)),
    Column("searchable", Boolean, nullable=False, default=True),
    Column("public", Boolean, nullable=False, default=False),
    Column("nsfw", Boolean, nullable=False, default=False),
    Column("tag_string", Text),
    Column("edited_at", Timestamp),
)

accounts = Table(
    "accounts",
    metadata,
    id_column(),
    Column(
        "person_id", Integer, ForeignKey("people.id"), nullable=False, unique=True, info=HISTORY
    ),
    Column("username", String(32), nullable=False, unique=True),  # never given out twice
    Column("email", String(255), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("private_key", Text, nullable=False),  # PEM; kept when the account closes, to answer
    Column("state", String(16), nullable=False),  # open | locked | closed
    Column("language", String(16), nullable=False, default="en"),
    Column("disable_mail", Boolean, nullable=False, default=False),
    Column("show_community_spotlight", Boolean, nullable=False, default=False),
    Column("auto_follow_back", Boolean, nullable=False, default=False),
    Column("auto_follow_back_aspect", String(255)),
    Column("created_at", Timestamp, nullable=False),
    info=REMEMBERED,
)

sessions = Table(
    "sessions",
    metadata,
    id_column(),
    account_column(),
    Column("token_hash", String(64), nullable=False, unique=True),
)

key_pool = Table(
    "key_pool",
    metadata,
    id_column(),
    Column("position", Integer, nullable=False, unique=True),  # which test keys were handed out
)
