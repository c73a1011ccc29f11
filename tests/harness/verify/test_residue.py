"""The sweep through databases, with small ones."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from harness.verify.residue import ALLOWED, Cell, old_identity_in, tokens_in

OLD, GUID, KEY = "carol@pod1.test", "c" * 16, "-----BEGIN PUBLIC KEY-----\nold\n"
SCHEMA = """
CREATE TABLE people (id INTEGER PRIMARY KEY, diaspora_id TEXT, guid TEXT, public_key TEXT);
CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES people, text TEXT);
CREATE TABLE comments (id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES people, text TEXT);
CREATE TABLE blocks (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES people);
CREATE TABLE inbox (id INTEGER PRIMARY KEY, body BLOB, sender_id INTEGER REFERENCES people);
CREATE TABLE cached_names (id INTEGER PRIMARY KEY, name TEXT, about BLOB, position INTEGER);
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database in which nothing is left of person 1, who has become person 2."""
    path = tmp_path / "pod.sqlite3"
    fill(path, SCHEMA)
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("INSERT INTO people VALUES (1, ?, ?, ?)", (OLD, GUID, KEY))
        base.execute("INSERT INTO people VALUES (2, 'christy@pod2.test', 'd', 'new key')")
        base.execute("INSERT INTO posts VALUES (1, 2, ?)", (f"Hello @{{{OLD}}}",))
        base.execute("INSERT INTO inbox VALUES (1, ?, 1)", (OLD.encode(),))
        # The same number elsewhere is not the person.
        base.execute("INSERT INTO cached_names VALUES (1, 'christy', NULL, 1)")
    return path


def fill(path: Path, script: str) -> None:
    """Run statements, in which $OLD, $GUID and $KEY stand for the old identity."""
    for name, value in (("$OLD", OLD), ("$GUID", GUID), ("$KEY", KEY)):
        script = script.replace(name, value)
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(script)


def test_a_database_without_residue_is_clean(path: Path) -> None:
    assert list(old_identity_in(path, OLD)) == []


@pytest.mark.parametrize(
    ("planted", "cell"),
    [
        ("INSERT INTO blocks VALUES (7, 1), (8, 1), (9, 2)", Cell("blocks", "person_id", 2, "7")),
        (
            "INSERT INTO cached_names VALUES (3, '$OLD', NULL, 0)",
            Cell("cached_names", "name", 1, "3"),
        ),
        (
            "INSERT INTO cached_names VALUES (4, NULL, CAST('of $GUID.' AS BLOB), 0)",
            Cell("cached_names", "about", 1, "4"),
        ),
        (
            "INSERT INTO cached_names VALUES (5, '$KEY', NULL, 0)",
            Cell("cached_names", "name", 1, "5"),
        ),
        ("INSERT INTO comments VALUES (6, 1, 'x')", Cell("comments", "author_id", 1, "6")),
    ],
)
def test_what_is_left_is_found_in_tables_known_or_not(path: Path, planted: str, cell: Cell) -> None:
    fill(path, planted)
    assert list(old_identity_in(path, OLD)) == [cell]


def test_what_may_stay_is_where_the_list_says(path: Path) -> None:
    assert {("people", "*"), ("inbox", "*"), ("posts", "text")} <= ALLOWED
    fill(path, "INSERT INTO comments VALUES (1, 2, 'to $OLD')")
    assert list(old_identity_in(path, OLD)) == []
    fill(path, "UPDATE people SET public_key = 'signed for $OLD' WHERE id = 2")
    assert list(old_identity_in(path, OLD)) == []


def test_an_id_that_was_never_known_can_be_left_too(path: Path) -> None:
    fill(path, "INSERT INTO cached_names VALUES (1000, 'eve@pod4.test', NULL, 0)")
    assert list(old_identity_in(path, "eve@pod4.test")) == [Cell("cached_names", "name", 1, "1000")]


def test_tokens_are_found_in_every_column_and_counted(path: Path) -> None:
    fill(path, "INSERT INTO comments VALUES (2, 2, 'canaryA'), (3, 2, 'canaryA and canaryB')")
    fill(path, "INSERT INTO inbox VALUES (4, CAST('<text>canaryA</text>' AS BLOB), 2)")
    assert set(tokens_in(path, ("canaryA", "canaryB", "canaryC"))) == {
        ("canaryA", Cell("comments", "text", 2, "2")),
        ("canaryB", Cell("comments", "text", 1, "3")),
        ("canaryA", Cell("inbox", "body", 1, "4")),
    }
    assert list(tokens_in(path, ())) == []
