"""Upgrading from nothing, or from an earlier schema, leads to the tables as they are declared."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pod.store import engine, template
from pod.store.schema import metadata
from pod.store.upgrades import ENGINES, create_statements, statements

Schema = dict[str, tuple[object, ...]]

REVISIONS = ("0001", "0002", "0003", "0004")


def _schema(path: Path) -> Schema:
    """Columns, foreign keys and indexes of every table."""
    with closing(sqlite3.connect(path)) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        return {
            name: tuple(
                # Without the number in front: tables are the same whatever was made first.
                sorted(str(row[1:]) for row in connection.execute(f"PRAGMA {what}({name})"))
                for what in ("table_info", "foreign_key_list", "index_list")
            )
            for name in names
        }


def _one_line(statement: str) -> str:
    return " ".join(statement.split())


def _changed(table: str, change: str) -> str | None:
    """The statement that creates a table, as if it had been changed before; None if it is gone."""
    if change == "DROP":
        return None
    if found := re.fullmatch(r"RENAME TO (\w+)", change):
        return re.sub(r"^CREATE TABLE \w+", f"CREATE TABLE {found[1]}", table)
    if found := re.fullmatch(r"ALTER COLUMN (\w+) TYPE (\S+)", change):
        return re.sub(rf"\b{found[1]} \S+", f"{found[1]} {found[2]}", table)
    found = re.fullmatch(r"ADD COLUMN (.+)", change)
    assert found is not None, change
    return table.replace("PRIMARY KEY (id)", f"{found[1]}, PRIMARY KEY (id)")


def _as_if_at_once(every: list[str]) -> set[str]:
    """The statements that create tables, as if what was changed later had been so at once."""
    result: list[str] = []
    for statement in every:
        found = re.fullmatch(r"(?:ALTER|(DROP)) TABLE (\w+)(?: (.+))?", statement)
        if found is None:
            result += [] if statement.startswith("INSERT ") else [statement]
            continue
        (table,) = (each for each in result if each.startswith(f"CREATE TABLE {found[2]} "))
        result.remove(table)
        result += filter(None, [_changed(table, found[1] or found[3])])
    return set(result)


def _columns(statement: str) -> tuple[str, ...]:
    """A statement with its parts in any order."""
    return tuple(sorted(re.split(r", (?![^(]*\))|\( | \)", statement)))


@pytest.mark.parametrize("engine_name", ENGINES)
def test_all_revisions_together_create_what_is_declared(engine_name: str) -> None:
    every = [_one_line(each) for name in REVISIONS for each in statements(name, engine_name)]
    written = {_columns(each) for each in _as_if_at_once(every)}

    declared = {_columns(_one_line(each)) for each in create_statements(metadata, engine_name)}
    assert written == declared
    assert REVISIONS[-1] == template.HEAD


def test_upgrading_from_nothing_equals_the_template(tmp_path: Path) -> None:
    upgraded, copied = tmp_path / "upgraded.sqlite3", tmp_path / "copied.sqlite3"
    template.upgrade(f"sqlite:///{upgraded}")
    template.copy_to(copied)
    assert _schema(upgraded) == _schema(copied)
    assert template.revision_of(upgraded) == template.revision_of(copied) == template.HEAD


def test_a_database_of_the_first_release_is_upgraded_and_keeps_its_rows(tmp_path: Path) -> None:
    path, copied = tmp_path / "pod.sqlite3", tmp_path / "copied.sqlite3"
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements("0001", "sqlite"):
            connection.execute(statement)
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        connection.execute(
            "INSERT INTO people VALUES (1, 'a@pod1.test', 'guid-of-a-0000001', '', '', 0, 0, '')"
        )
        connection.execute(
            "INSERT INTO profiles (person_id, first_name, searchable, public, nsfw)"
            " VALUES (1, 'Ann', 1, 0, 0)"
        )

    engine.prepare(f"sqlite:///{path}")

    template.copy_to(copied)
    upgraded, new = _schema(path), _schema(copied)
    assert {name: upgraded[name] for name in new if name != "alembic_version"} == {
        name: new[name] for name in new if name != "alembic_version"
    }
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT first_name, full_name FROM profiles").fetchall()
    assert rows == [("Ann", None)]


def test_a_database_without_revision_is_upgraded_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "pod.sqlite3"
    path.touch()
    engine.prepare(f"sqlite:///{path}")
    assert template.revision_of(path) == template.HEAD
