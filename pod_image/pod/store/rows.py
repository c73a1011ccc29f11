"""Rows that are found by the values of columns, by statements that are made once.

Building a statement takes several times as long as running it, and most of a pod's statements are
of a few shapes. Each shape is kept by its table and the names of its columns; values are bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from pod.store.prepared import Prepared, Row, only

_MARK = "found_by_"
"""Sets the names of parameters apart from those of columns that an update sets."""


def find(connection: Connection, source: FromClause, /, **equal: object) -> list[Row]:
    """Select rows whose columns equal these values (none of them None), oldest first."""
    return _find(source, *equal).run(connection, equal)[0]


def first(connection: Connection, source: FromClause, /, **equal: object) -> Row | None:
    """Select the oldest row whose columns equal these values (none of them None)."""
    found = find(connection, source, **equal)
    return found[0] if found else None


def one(connection: Connection, source: FromClause, /, **equal: object) -> Row:
    """Select the only row whose columns equal these values (none of them None).

    Raises:
        NoResultFound: If there is none.
        MultipleResultsFound: If there are several.
    """
    return only(find(connection, source, **equal))


def exists(connection: Connection, table: Table, /, **equal: object) -> bool:
    """Whether there is a row whose columns equal these values (none of them None)."""
    return bool(_find_id(table, *equal).run(connection, equal)[0])


def add(connection: Connection, table: Table, values: Mapping[str, object]) -> None:
    """Insert a row."""
    _insert(table).run(connection, values)


def add_with_id(connection: Connection, table: Table, values: Mapping[str, object]) -> int:
    """Insert a row.

    Returns:
        Its `id`.
    """
    return int(_insert_with_id(table).run(connection, values)[0][0].id)


def change(
    connection: Connection, table: Table, values: Mapping[str, object], /, **equal: object
) -> int:
    """Update the rows whose columns equal these values (none of them None).

    Returns:
        How many there were.
    """
    marked = {_MARK + name: value for name, value in equal.items()}
    return _update(table, *equal).run(connection, {**values, **marked})[1]


def remove(connection: Connection, table: Table, /, **equal: object) -> None:
    """Delete the rows whose columns equal these values (none of them None)."""
    _delete(table, *equal).run(connection, equal)


def _all_equal(
    source: FromClause, names: tuple[str, ...], mark: str = ""
) -> list[ColumnElement[bool]]:
    return [source.c[name] == bindparam(mark + name) for name in names]


@cache
def _find(source: FromClause, *names: str) -> Prepared:
    found = select(source).where(*_all_equal(source, names))
    return Prepared(found.order_by(source.c.id) if "id" in source.c else found)


@cache
def _find_id(table: Table, *names: str) -> Prepared:
    return Prepared(select(table.c.id).where(*_all_equal(table, names)).limit(1))


@cache
def _insert(table: Table) -> Prepared:
    return Prepared(insert(table))


@cache
def _insert_with_id(table: Table) -> Prepared:
    return Prepared(insert(table).returning(table.c.id))


@cache
def _update(table: Table, *names: str) -> Prepared:
    return Prepared(update(table).where(*_all_equal(table, names, _MARK)))


@cache
def _delete(table: Table, *names: str) -> Prepared:
    return Prepared(delete(table).where(*_all_equal(table, names)))
