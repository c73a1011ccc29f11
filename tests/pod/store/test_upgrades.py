"""Upgrading from nothing leads to the tables as they are declared."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pod.store import engine, template
from pod.store.schema import metadata
from pod.store.upgrades import ENGINES, create_statements, statements

Schema = dict[str, tuple[object, ...]]


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


@pytest.mark.parametrize("engine_name", ENGINES)
def test_the_first_revision_creates_what_is_declared(engine_name: str) -> None:
    """Until the first release: `python -m pod.store.upgrades` writes it anew."""
    written = sorted(" ".join(text.split()) for text in statements(template.HEAD, engine_name))
    declared = create_statements(metadata, engine_name)
    assert written == sorted(" ".join(text.split()) for text in declared)


def test_upgrading_from_nothing_equals_the_template(tmp_path: Path) -> None:
    upgraded, copied = tmp_path / "upgraded.sqlite3", tmp_path / "copied.sqlite3"
    template.upgrade(f"sqlite:///{upgraded}")
    template.copy_to(copied)
    assert _schema(upgraded) == _schema(copied)
    assert template.revision_of(upgraded) == template.revision_of(copied) == template.HEAD


def test_a_database_without_revision_is_upgraded_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "pod.sqlite3"
    path.touch()
    engine.prepare(f"sqlite:///{path}")
    assert template.revision_of(path) == template.HEAD
