"""Tables of sharing: contacts, aspects, blocks, followed tags."""

from sqlalchemy import Boolean, Column, Integer, String, Table, UniqueConstraint

from pod.store.schema.columns import (
    account_column,
    id_column,
    metadata,
    owned_column,
    person_column,
)

contacts = Table(
    "contacts",
    metadata,
    id_column(),
    account_column(),
    person_column("person_id"),
    Column("sharing", Boolean, nullable=False, default=False),  # the person shares with the account
    Column("receiving", Boolean, nullable=False, default=False),  # the account shares with them
    UniqueConstraint("account_id", "person_id"),
)

aspects = Table(
    "aspects",
    metadata,
    id_column(),
    account_column(),
    Column("name", String(255), nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("account_id", "name"),
)

aspect_memberships = Table(
    "aspect_memberships",
    metadata,
    id_column(),
    owned_column("aspect_id", "aspects.id"),
    owned_column("contact_id", "contacts.id"),
    UniqueConstraint("aspect_id", "contact_id"),
)

blocks = Table(
    "blocks",
    metadata,
    id_column(),
    account_column(),
    person_column("person_id"),
    UniqueConstraint("account_id", "person_id"),
)

tag_followings = Table(
    "tag_followings",
    metadata,
    id_column(),
    account_column(),
    Column("tag", String(255), nullable=False),
    UniqueConstraint("account_id", "tag"),
)
