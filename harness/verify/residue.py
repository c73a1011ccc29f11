"""Nothing of the old identity is left behind, and nothing private lies where it should not.

Both checks read the pods' own databases, table by table, known to the harness or not: what a
mapping does not show cannot hide.

Source: seed specification, section 8 ("no data left referenced to the old user and old person")
"""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from os.path import commonprefix
from pathlib import Path

from harness.facts.finding import Finding
from harness.facts.identity import PodName
from harness.facts.snapshot import short
from harness.verify.evidence import Evidence

ALLOWED: frozenset[tuple[str, str]] = frozenset(
    {
        ("people", "*"),  # the old person's row itself: closed, kept to resolve the old ID
        ("profiles", "person_id"),  # the emptied profile of the old person
        ("accounts", "*"),  # the old home's locked log-in and the kept key
        ("account_migrations", "*"),
        ("pending_migrations", "*"),
        ("migration_replies", "*"),
        ("aliases", "*"),
        ("retractions", "*"),
        ("account_deletions", "*"),
        ("relayable_signatures", "*"),  # what was signed under the old ID stays as it was signed
        ("inbox", "*"),  # messages as they came and went
        ("outgoing", "*"),
        ("deliveries", "*"),
        ("mails", "*"),
        ("imports", "*"),
        ("completions", "*"),
        ("posts", "text"),  # texts are people's words and are not rewritten
        ("comments", "text"),
        ("events", "summary"),
        ("events", "description"),
        ("embeds", "title"),
        ("embeds", "description"),
        ("messages", "text"),
        ("conversations", "subject"),
        ("profiles", "bio"),
    }
)
"""(table, column) where the old identity may remain, and why; `*` is every column."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where something was found: a table, a column, how many rows, and one of their ids."""

    table: str
    column: str
    rows: int
    example: str


def nothing_is_left_of_the_old_identity(evidence: Evidence) -> Iterator[Finding]:
    """No table refers to the old person or holds the old ID, GUID or key, but for the allow-list.

    Source: docs/verification.md#nothing-is-left-of-the-old-identity
    """
    for pod, path in sorted(evidence.databases.items()):
        for old in sorted(evidence.snapshots[pod].rows("account_migration")):
            for cell in old_identity_in(path, old):
                yield Finding(
                    "nothing_is_left_of_the_old_identity",
                    pod,
                    f"{cell.table} row {cell.example}",
                    cell.column,
                    f"no trace of {short(old)}",
                    f"{cell.rows} row(s)",
                )


def private_items_stay_private(evidence: Evidence) -> Iterator[Finding]:
    """The token of a private item occurs in no database of a pod that was not addressed.

    Source: docs/verification.md#private-items-stay-private
    """
    model = evidence.expectation
    if model is None:
        return
    for pod, path in sorted(evidence.databases.items()):
        foreign = {
            token: guid
            for token, guid in evidence.canaries.items()
            if guid in model.items and pod not in _entitled(evidence, guid)
        }
        for token, cell in tokens_in(path, foreign):
            item = model.items[foreign[token]]
            yield Finding(
                "private_items_stay_private",
                pod,
                f"{item.kind} {item.guid[:8]} by {short(item.author)}",
                f"{cell.table}.{cell.column}",
                "no copy of a private text",
                f"{cell.rows} row(s)",
            )


def _entitled(evidence: Evidence, guid: str) -> set[PodName]:
    return evidence.expectation.items[guid].holders if evidence.expectation else set()


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def _tables(base: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    """Each table and its columns."""
    tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    for (table,) in tables.fetchall():
        yield table, [row[1] for row in base.execute(f'PRAGMA table_info("{table}")')]


def _is_allowed(table: str, column: str) -> bool:
    return (table, "*") in ALLOWED or (table, column) in ALLOWED


def old_identity_in(path: Path, old: str) -> Iterator[Cell]:
    """Every cell of a database, outside the allow-list, that still refers to an old ID."""
    with closing(_open(path)) as base:
        person = base.execute(
            "SELECT id, guid, public_key FROM people WHERE diaspora_id = ?", (old,)
        ).fetchone()
        needles = (old, *(person[1:] if person is not None else ()))
        for table, columns in _tables(base):
            judged = [column for column in columns if not _is_allowed(table, column)]
            if person is not None:
                for column in _references(base, table):
                    if column in judged:
                        yield from _count(base, table, column, person[0])
            for _, cell in _search(base, table, judged, needles):
                yield cell


def _references(base: sqlite3.Connection, table: str) -> list[str]:
    """The columns that refer to people."""
    keys = base.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
    return [key[3] for key in keys if key[2] == "people"]


def _count(base: sqlite3.Connection, table: str, column: str, value: object) -> Iterator[Cell]:
    # Table and column names come from the database's own catalogue.
    query = f'SELECT count(*), min(rowid) FROM "{table}" WHERE "{column}" = ?'  # noqa: S608
    rows, example = base.execute(query, (value,)).fetchone()
    if rows:
        yield Cell(table, column, rows, str(example))


def tokens_in(path: Path, tokens: Collection[str]) -> Iterator[tuple[str, Cell]]:
    """Every cell of a database in which one of these tokens occurs, and which one."""
    with closing(_open(path)) as base:
        for table, columns in _tables(base) if tokens else ():
            yield from _search(base, table, columns, tokens)


def _search(
    base: sqlite3.Connection, table: str, columns: Sequence[str], needles: Collection[str]
) -> Iterator[tuple[str, Cell]]:
    """Read a table once and look for all needles; a statement for each would take far longer."""
    if not columns:
        return
    beginning = commonprefix(list(needles))  # noqa: RUF071 (these are no paths)
    found: dict[tuple[str, str], list[int]] = {}
    named = ", ".join(f'"{column}"' for column in columns)
    for rowid, *values in base.execute(f'SELECT rowid, {named} FROM "{table}"'):  # noqa: S608
        for column, value in zip(columns, values, strict=True):
            text = value if isinstance(value, str) else _as_text(value)
            if beginning in text:
                for needle in needles:
                    if needle in text:
                        found.setdefault((needle, column), []).append(rowid)
    for (needle, column), rows in found.items():
        yield needle, Cell(table, column, len(rows), str(min(rows)))


def _as_text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
