"""Statements made ready once, and run past SQLAlchemy from then on where the database is SQLite.

SQLAlchemy spends several times as long on a short statement as SQLite does: it looks up the
statement, makes a context to execute it in, and a result that can be read in many ways. Here it
says once what the SQL is, and how values are bound and read. Other databases are asked by
SQLAlchemy itself each time, and so is SQLite before a transaction has begun.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar, cast

from sqlalchemy import (
    Column,
    CompoundSelect,
    Connection,
    Delete,
    Dialect,
    Insert,
    Select,
    Table,
    Update,
)
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound, StatementError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from pod.store import memory
from pod.store.schema import REMEMBERED

Statement = Select[Any] | CompoundSelect[Any] | Insert | Update | Delete

_Process = Callable[[Any], Any]


class Row(tuple[Any, ...]):
    """The values of one row, in the order of its columns and by their names."""

    __slots__ = ()
    _names: ClassVar[tuple[str, ...]] = ()

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # noqa: ANN401 - whatever is in the column

    def as_dict(self) -> dict[str, Any]:
        """The values by their names."""
        return dict(zip(self._names, self, strict=True))


class Prepared:
    """A statement that is run again and again, with other values for its parameters."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._plans: dict[tuple[str, ...], _Plan | None] = {}
        """By the names of the values: an insert or update sets the columns that it is given."""

    def run(self, connection: Connection, values: Mapping[str, Any]) -> tuple[list[Row], int]:
        """Run the statement.

        Returns:
            All rows that it gives, so that nothing of it is open any more; and how many rows it
            has changed.
        """
        if connection.dialect.name != "sqlite" or not connection.in_transaction():
            return self._by_sqlalchemy(connection, values)
        names = tuple(values)
        if names not in self._plans:
            self._plans[names] = _plan(self._statement, values, connection.dialect)
        plan = self._plans[names]
        if plan is None:
            return self._by_sqlalchemy(connection, values)
        raw = cast(sqlite3.Connection, connection.connection.dbapi_connection)
        if plan.forgets:
            memory.forget(connection)
        try:
            found, count = ask(raw, plan.sql, self._bound(plan, values))
        except sqlite3.Error as error:
            # What SQLAlchemy raises for it, with the statement but without the values.
            raise DBAPIError.instance(
                plan.sql, (), error, sqlite3.Error, hide_parameters=True, dialect=connection.dialect
            ) from error
        return plan.read(found), count

    def _bound(self, plan: _Plan, values: Mapping[str, Any]) -> list[Any]:
        try:
            return plan.bind(values)
        except (AttributeError, OverflowError, TypeError, ValueError):
            # Which may quote the value.
            message = "a value is none that its column can hold"
            raise StatementError(message, plan.sql, None, None, hide_parameters=True) from None

    def all(self, connection: Connection, /, **values: object) -> list[Row]:
        """All rows."""
        return self.run(connection, values)[0]

    def first(self, connection: Connection, /, **values: object) -> Row | None:
        """The first row, if there is any."""
        found = self.run(connection, values)[0]
        return found[0] if found else None

    def one(self, connection: Connection, /, **values: object) -> Row:
        """The only row.

        Raises:
            NoResultFound: If there is none.
            MultipleResultsFound: If there are several.
        """
        return only(self.run(connection, values)[0])

    def scalar(self, connection: Connection, /, **values: object) -> Any:  # noqa: ANN401 - as in the column
        """The first value of the first row; None if there is no row."""
        found = self.run(connection, values)[0]
        return found[0][0] if found else None

    def scalars(self, connection: Connection, /, **values: object) -> list[Any]:
        """The first value of each row."""
        return [row[0] for row in self.run(connection, values)[0]]

    def change(self, connection: Connection, /, **values: object) -> int:
        """Run an insert, update or delete; how many rows there were to change."""
        return self.run(connection, values)[1]

    def _by_sqlalchemy(
        self, connection: Connection, values: Mapping[str, Any]
    ) -> tuple[list[Row], int]:
        result = connection.execute(self._statement, dict(values))
        if not result.returns_rows:
            return [], result.rowcount
        row = _row(tuple(result.keys()))
        return [row(each) for each in result], result.rowcount


def only(found: Sequence[Row]) -> Row:
    """The only one of the rows found.

    Raises:
        NoResultFound: If there is none.
        MultipleResultsFound: If there are several.
    """
    if not found:
        raise NoResultFound("no row was found where there has to be one")
    if len(found) > 1:
        raise MultipleResultsFound(f"{len(found)} rows were found where there has to be one")
    return found[0]


def ask(raw: sqlite3.Connection, sql: str, cells: Sequence[Any]) -> tuple[list[Any], int]:
    """Let SQLite do its part; a function of its own, so that its time can be told apart."""
    cursor = raw.execute(sql, cells)
    return cursor.fetchall(), cursor.rowcount


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What SQLAlchemy says of a statement: its SQL, and how values get in and out."""

    sql: str
    given: Mapping[str, Any]
    """The values that the statement brings itself."""
    parameters: tuple[tuple[str, _Process | None], ...]
    row: type[Row]
    columns: tuple[tuple[int, _Process], ...]
    """Those that are not read as SQLite gives them."""
    forgets: bool
    """Whether it writes to a table of which is remembered what was read."""

    def bind(self, values: Mapping[str, Any]) -> list[Any]:
        bound = {**self.given, **values} if self.given else values
        return [
            bound[name] if process is None else process(bound[name])
            for name, process in self.parameters
        ]

    def read(self, found: Iterable[tuple[Any, ...]]) -> list[Row]:
        if not self.columns:
            return [self.row(each) for each in found]
        return [self.row(self._processed(each)) for each in found]

    def _processed(self, each: tuple[Any, ...]) -> list[Any]:
        cells = list(each)
        for index, process in self.columns:
            cells[index] = process(cells[index])
        return cells


def _plan(statement: Statement, values: Mapping[str, Any], dialect: Dialect) -> _Plan | None:
    """Make a statement ready for values of these names; None if SQLAlchemy has to do it each time.

    All SQLite databases of a process understand the same SQL, so that one plan is good for all.
    """
    compiled = statement.compile(dialect=dialect, column_keys=list(values))
    if _varies(compiled):
        return None
    # With lists that the statement itself brings, as in `state IN (…)`, written out.
    state = compiled.construct_expanded_state(dict(values))
    names = tuple(state.positiontup or ())
    own = {name: state.parameters[name] for name in names if name not in values}
    binding = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect)
        for name, bind in compiled.binds.items()
    } | dict(state.processors)
    columns = statement.exported_columns
    reading = (each.type.dialect_impl(dialect).result_processor(dialect, None) for each in columns)
    return _Plan(
        sql=state.statement,
        given=own | {column.key: _default(column) for column in compiled.insert_prefetch},
        parameters=tuple((name, binding.get(name)) for name in names),
        row=_row(tuple(columns.keys())),
        columns=tuple((index, process) for index, process in enumerate(reading) if process),
        forgets=_is_remembered(statement),
    )


def _is_remembered(statement: Statement) -> bool:
    """Whether it writes to a table of which is remembered what was read."""
    if not isinstance(statement, Insert | Update | Delete):
        return False
    table = statement.table
    return not isinstance(table, Table) or REMEMBERED.items() <= table.info.items()


def _varies(compiled: SQLCompiler) -> bool:
    """Whether the SQL depends on the values, or what the statement brings is made each time."""
    return (
        any(bind.callable or (bind.expanding and bind.required) for bind in compiled.binds.values())
        or any(not _is_constant(column) for column in compiled.insert_prefetch)
        or bool(compiled.update_prefetch)
    )


def _is_constant(column: Column[Any]) -> bool:
    return isinstance(column.default, ScalarElementColumnDefault)


def _default(column: Column[Any]) -> object:
    """The constant that a column has if nothing is said of it."""
    return cast(ScalarElementColumnDefault, column.default).arg


@cache
def _row(names: tuple[str, ...]) -> type[Row]:
    """Make the class of rows with columns of these names."""
    if len(set(names)) < len(names):
        raise AssertionError(f"two columns have one name: {', '.join(names)}")
    values = {name: property(itemgetter(index)) for index, name in enumerate(names)}
    return type("NamedRow", (Row,), {**values, "__slots__": (), "_names": names})
