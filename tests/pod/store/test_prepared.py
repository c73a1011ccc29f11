"""Statements that are made ready once do what SQLAlchemy would do."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import (
    IntegrityError,
    MultipleResultsFound,
    NoResultFound,
    OperationalError,
    StatementError,
)

from pod.store import prepared
from pod.store.engine import open_engine
from pod.store.prepared import Prepared, Statement
from pod.store.schema import Timestamp

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

_counted = iter(range(100))

things = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(20), nullable=False, unique=True),
    Column("state", String(20), nullable=False, default="queued"),
    Column("is_red", Boolean),
    Column("body", LargeBinary),
    Column("made_at", Timestamp),
    Column("number", Integer, default=lambda: next(_counted)),
)

ADD = Prepared(insert(things).returning(things.c.id))
ALL = Prepared(select(things).order_by(things.c.id))
NAMED = Prepared(select(things).where(things.c.name == bindparam("wanted")))
IN_STATE = Prepared(
    select(things.c.name)
    .where(things.c.state.in_(("queued", "running")), things.c.made_at <= bindparam("now"))
    .limit(2)
)
LISTED = Prepared(select(things.c.name).where(things.c.id.in_(bindparam("ids", expanding=True))))
PAINT = Prepared(update(things).where(things.c.name == bindparam("wanted")))
DROP = Prepared(delete(things).where(things.c.name == bindparam("wanted")))


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A database with a table, and no transaction begun."""
    engine = open_engine(f"sqlite:///{tmp_path / 'things'}.sqlite3")
    with engine.begin() as made:
        things.metadata.create_all(made)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


@pytest.fixture(params=["past SQLAlchemy", "by SQLAlchemy"])
def begun(
    request: pytest.FixtureRequest, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Connection]:
    """A transaction in that database; the statements run in both ways."""
    if request.param == "by SQLAlchemy":
        monkeypatch.setattr(Prepared, "run", Prepared._by_sqlalchemy)
    with connection.begin():
        yield connection


def test_values_are_bound_and_read_as_their_columns_say(begun: Connection) -> None:
    ADD.change(begun, name="one", is_red=True, body=b"\0", made_at=NOON, number=7)
    ADD.change(begun, name="two", is_red=None, body=None, made_at=None, number=8)
    assert [tuple(row) for row in ALL.all(begun)] == [
        (1, "one", "queued", True, b"\0", NOON, 7),
        (2, "two", "queued", None, None, None, 8),
    ]
    stored = begun.exec_driver_sql("SELECT is_red, made_at FROM things").first()
    assert stored == (1, "2026-01-01T12:00:00Z")


def test_a_row_has_its_values_by_name(begun: Connection) -> None:
    assert ADD.scalar(begun, name="one", number=7) == 1
    row = NAMED.one(begun, wanted="one")
    assert (row.id, row.name, row.state, row.number) == (1, "one", "queued", 7)
    assert NAMED.first(begun, wanted="one") == row
    assert row.as_dict() == dict(zip(things.c.keys(), row, strict=True))


def test_what_a_value_is_made_from_is_asked_for_each_row(begun: Connection) -> None:
    ADD.change(begun, name="one")
    ADD.change(begun, name="two")
    first, second = (row.number for row in ALL.all(begun))
    assert second == first + 1


def test_lists_are_written_out(begun: Connection) -> None:
    for name in ("one", "two", "three"):
        ADD.change(begun, name=name, made_at=NOON, number=0)
    ADD.change(begun, name="done", state="done", made_at=NOON, number=0)
    assert IN_STATE.scalars(begun, now=NOON) == ["one", "two"]
    assert LISTED.scalars(begun, ids=[1]) == ["one"]
    assert LISTED.scalars(begun, ids=[1, 3, 4]) == ["one", "three", "done"]


def test_each_set_of_columns_is_a_statement_of_its_own(begun: Connection) -> None:
    ADD.change(begun, name="one", number=7)
    assert PAINT.change(begun, wanted="one", is_red=True) == 1
    assert PAINT.change(begun, wanted="one", number=9, state="done") == 1
    assert PAINT.change(begun, wanted="nobody", number=10) == 0
    row = ALL.one(begun)
    assert (row.is_red, row.number, row.state) == (True, 9, "done")
    assert DROP.change(begun, wanted="one") == 1
    assert ALL.all(begun) == []


def test_nothing_found_is_told_apart_from_too_much(begun: Connection) -> None:
    assert NAMED.first(begun, wanted="one") is None
    assert NAMED.scalar(begun, wanted="one") is None
    with pytest.raises(NoResultFound):
        ALL.one(begun)
    ADD.change(begun, name="one", number=7)
    ADD.change(begun, name="two", number=7)
    with pytest.raises(MultipleResultsFound):
        ALL.one(begun)


def test_errors_are_those_of_sqlalchemy_and_tell_no_values(begun: Connection) -> None:
    ADD.change(begun, name="a secret", number=7)
    with pytest.raises(IntegrityError) as twice:
        ADD.change(begun, name="a secret", number=7)
    assert isinstance(twice.value.orig, sqlite3.IntegrityError)
    assert "INSERT INTO things" in str(twice.value)
    assert "secret" not in str(twice.value)
    missing = Table("missing", MetaData(), Column("id", Integer))
    with pytest.raises(OperationalError):
        Prepared(select(missing)).all(begun)


def test_a_part_that_fails_is_undone_alone(begun: Connection) -> None:
    ADD.change(begun, name="one", number=7)
    with pytest.raises(IntegrityError), begun.begin_nested():
        [ADD.change(begun, name=name, number=7) for name in ("two", "one")]
    assert [row.name for row in ALL.all(begun)] == ["one"]


def test_what_was_begun_by_a_statement_is_rolled_back(connection: Connection) -> None:
    """Without `begin`, SQLAlchemy begins by itself, and waits for a commit."""
    ADD.change(connection, name="one", number=7)
    assert connection.in_transaction()
    ADD.change(connection, name="two", number=7)
    connection.rollback()
    with connection.begin():
        assert ALL.all(connection) == []


def test_a_statement_leaves_nothing_open_that_a_commit_would_wait_for(
    connection: Connection,
) -> None:
    with connection.begin():
        ADD.change(connection, name="one", number=7)
        ADD.change(connection, name="two", number=7)
        ALL.first(connection)
    with connection.begin():
        assert Prepared(select(func.count()).select_from(things)).scalar(connection) == 2


@pytest.mark.parametrize("statement", [ALL._statement, IN_STATE._statement, ADD._statement])
def test_sqlite_is_asked_past_sqlalchemy(
    statement: Statement, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = prepared.ask

    def note(raw: sqlite3.Connection, sql: str, cells: list[object]) -> tuple[list[object], int]:
        asked.append(sql)
        return ask(raw, sql, cells)

    monkeypatch.setattr(prepared, "ask", note)
    values = {"name": "one", "number": 7} if statement.is_dml else {"now": NOON}
    with connection.begin():
        Prepared(statement).run(connection, values)
    assert len(asked) == 1


def test_a_value_that_no_column_can_hold_is_not_quoted(connection: Connection) -> None:
    with connection.begin(), pytest.raises(StatementError) as trouble:
        PAINT.run(connection, {"wanted": "a", "is_red": "a secret"})
    assert "a secret" not in str(trouble.value)
    assert trouble.value.__suppress_context__


def test_rows_have_no_two_columns_of_one_name(connection: Connection) -> None:
    twice = Prepared(select(things.c.name.label("same"), things.c.state.label("same")))
    with pytest.raises(AssertionError, match="two columns have one name"):
        twice.all(connection)
