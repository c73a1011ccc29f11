"""Rows that are found by the values of columns, by statements that are made once.

Building a statement takes several times as long as running it, and most of a pod's statements are
of a few shapes. Each shape is kept by its table and the names of its columns; values are bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Delete,
    FromClause,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    insert,
    select,
    update,
)

_MARK = "found_by_"
"""Sets the names of parameters apart from those of columns that an update sets."""


def find(connection: Connection, source: FromClause, **equal: object) -> CursorResult[Any]:
    """Select rows whose columns equal these values (none of them None), oldest first."""
    return connection.execute(_find(source, *equal), _marked(equal))


def exists(connection: Connection, table: Table, **equal: object) -> bool:
    """Whether there is a row whose columns equal these values (none of them None)."""
    return connection.execute(_find_id(table, *equal), _marked(equal)).first() is not None


def add(connection: Connection, table: Table, values: Mapping[str, object]) -> None:
    """Insert a row."""
    connection.execute(_insert(table), dict(values))


def add_with_id(connection: Connection, table: Table, values: Mapping[str, object]) -> int:
    """Insert a row.

    Returns:
        Its `id`.
    """
    return int(connection.execute(_insert_with_id(table), dict(values)).scalar_one())


def change(
    connection: Connection, table: Table, values: Mapping[str, object], **equal: object
) -> int:
    """Update the rows whose columns equal these values (none of them None).

    Returns:
        How many there were.
    """
    return connection.execute(_update(table, *equal), {**values, **_marked(equal)}).rowcount


def remove(connection: Connection, table: Table, **equal: object) -> None:
    """Delete the rows whose columns equal these values (none of them None)."""
    connection.execute(_delete(table, *equal), _marked(equal))


def _marked(values: Mapping[str, object]) -> dict[str, object]:
    return {_MARK + name: value for name, value in values.items()}


def _all_equal(source: FromClause, names: tuple[str, ...]) -> list[ColumnElement[bool]]:
    return [source.c[name] == bindparam(_MARK + name) for name in names]


@cache
def _find(source: FromClause, *names: str) -> Select[Any]:
    found = select(source).where(*_all_equal(source, names))
    return found.order_by(source.c.id) if "id" in source.c else found


@cache
def _find_id(table: Table, *names: str) -> Select[Any]:
    return select(table.c.id).where(*_all_equal(table, names)).limit(1)


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _insert_with_id(table: Table) -> Insert:
    return insert(table).returning(table.c.id)


@cache
def _update(table: Table, *names: str) -> Update:
    return update(table).where(*_all_equal(table, names))


@cache
def _delete(table: Table, *names: str) -> Delete:
    return delete(table).where(*_all_equal(table, names))
