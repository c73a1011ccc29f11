"""The columns that tables share, and what their values are."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Dialect, ForeignKey, Integer, MetaData, String, TypeDecorator

HISTORY = {"history": True}
"""Marks a person reference that a migration must leave alone."""

REMEMBERED = {"remembered": True}
"""Marks a table of which a unit of work remembers what it has read, until it writes there."""

metadata = MetaData()


def iso(time: datetime) -> str:
    """An aware time as ISO text, UTC, cut to whole seconds."""
    # strftime writes years before 1000 with fewer digits than can be read again.
    return f"{time.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


LENGTH = len("2026-01-01T12:00:00Z")


class Timestamp(TypeDecorator[datetime]):
    """An aware UTC datetime as ISO text, cut to whole seconds: sortable, equal on every engine."""

    impl = String(LENGTH)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else iso(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        # Padded, as years before 1000 were once stored without leading zeros.
        return None if value is None else datetime.fromisoformat(value.zfill(LENGTH))


def id_column() -> Column[int]:
    """A local row number."""
    return Column("id", Integer, primary_key=True)


def person_column(
    name: str, *, nullable: bool = False, index: bool = True, info: dict[str, Any] | None = None
) -> Column[int]:
    """A reference to a person; a migration re-points it unless `info` is `HISTORY`."""
    return Column(
        name, Integer, ForeignKey("people.id"), nullable=nullable, index=index, info=info or {}
    )


def account_column(name: str = "account_id", *, nullable: bool = False) -> Column[int]:
    """A reference to a local account."""
    return Column(name, Integer, ForeignKey("accounts.id"), nullable=nullable, index=True)


def owned_column(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    """A reference to what a row belongs to and goes away with."""
    return Column(
        name, Integer, ForeignKey(target, ondelete="CASCADE"), nullable=nullable, index=True
    )


def guid_column(*, unique: bool = True) -> Column[str]:
    """The network-wide id of an entity."""
    return Column("guid", String(255), nullable=False, unique=unique, index=True)
