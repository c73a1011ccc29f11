"""Copies of the whole database, made and put back while the pod runs (SQLite)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import cast

from sqlalchemy import Connection

from pod.domain.errors import Conflict, Later, NotFound
from pod.store.engine import Store


def save(store: Store, path: Path) -> None:
    """Write everything committed to a new file, as one consistent database.

    Raises:
        Conflict: If there is such a file, or the database is not SQLite.
        Later: If it cannot be written, for want of space for instance.
    """
    if path.exists():
        raise Conflict(f"snapshot {path}: there is such a file; name another or remove it")
    with store.alone() as connection:
        try:
            _sqlite(connection).execute("VACUUM INTO ?", (str(path),))
        except sqlite3.OperationalError as error:
            path.unlink(missing_ok=True)
            raise Later(f"snapshot {path}: {error}; make room or name another place") from error


def restore(store: Store, path: Path) -> None:
    """Make the live database equal to a snapshot, without closing it.

    Nobody else may be working on what the database says now: its row ids get other meanings.

    Raises:
        NotFound: If there is no such file.
        Conflict: If the database is not SQLite.
    """
    if not path.is_file():
        raise NotFound(
            f"snapshot {path}: there is no such file; make it with POST /control/snapshot"
        )
    name = _name_of(path)
    with store.alone() as connection, closing(_open(path)) as snapshot:
        live = _sqlite(connection)
        store.restoring()
        snapshot.backup(live)
        store.restored(name)


def _name_of(path: Path) -> str:
    """Tells this content from what another file has, or this one at another time."""
    found = path.stat()
    return f"{found.st_dev}-{found.st_ino}-{found.st_size}-{found.st_mtime_ns}"


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _sqlite(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        raise Conflict("snapshots are made of SQLite databases; use the tools of the other engine")
    return cast(sqlite3.Connection, raw)
