"""The database of one pod: made, opened, and used by one unit of work at a time.

SQLite is written by one connection at a time anyway, and waiting for its lock means polling; so
there is one connection, and a lock of our own hands it from thread to thread. It is kept open: what
it prepared stays prepared. The same holds for PostgreSQL: every unit of work is serializable.

Write-ahead log with `synchronous=NORMAL`: what is committed survives the death of the process, and
the database stays whole if the computer dies.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from pod.store import memory, template
from pod.store.ids import Act
from pod.store.unit_of_work import Services, UnitOfWork, is_open, mark_open

TROUBLE = (OperationalError, InterfaceError, InternalError, sqlite3.OperationalError)
"""What the database raises when it cannot work now: the disk is full, the server is away. What we
ask wrongly is none of these. The last one comes from beginning, which goes past SQLAlchemy."""

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16000",
)

_KEPT_STATEMENTS = 512
"""More than a pod has, so that SQLite parses each once; `sqlite3` would keep 128."""


def open_engine(url: str) -> Engine:
    """Connect to a database, without making it."""
    parsed = make_url(url)
    if not parsed.drivername.startswith("sqlite"):
        engine = create_engine(
            parsed, poolclass=NullPool, isolation_level="SERIALIZABLE", hide_parameters=True
        )
        memory.watch(engine)
        return engine
    engine = create_engine(
        parsed,
        poolclass=NullPool,
        connect_args={"check_same_thread": False, "cached_statements": _KEPT_STATEMENTS},
        query_cache_size=2000,
        # They are what people wrote, and keys: nothing for a log.
        hide_parameters=True,
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin_immediate)
    memory.watch(engine)
    return engine


def _configure(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # None: Python must not begin transactions on its own, later and weaker than we want them.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_immediate(connection: Connection) -> None:
    raw = connection.connection.dbapi_connection  # several times as fast as by way of SQLAlchemy
    cast(sqlite3.Connection, raw).execute("BEGIN IMMEDIATE")


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite database; None for other engines."""
    parsed = make_url(url)
    is_sqlite = parsed.drivername.startswith("sqlite")
    return Path(parsed.database) if is_sqlite and parsed.database else None


def prepare(url: str) -> None:
    """Make the database, if it is not there; upgrade its schema, if it is older.

    A new SQLite file is a copy of a template that is made once, so that a pod starts without
    loading the upgrade machinery.
    """
    path = sqlite_path(url)
    if path is None:
        template.upgrade(url)
    elif not path.exists():
        template.copy_to(path)
    elif template.revision_of(path) != template.HEAD:
        template.upgrade(url)


_TAGS = "pod.store.tags"


@dataclass(slots=True)
class _Tags:
    """What names of states of the database are made of.

    Attributes:
        name: The connection's own, which no other has.
        restores: How often the database was made equal to a snapshot, or was about to be.
        snapshot: Tells the content of the last one from all others; empty if there was none.
        changes: How many rows the connection had changed by then.
    """

    name: str = field(default_factory=lambda: secrets.token_hex(8))
    restores: int = 0
    snapshot: str = ""
    changes: int = 0


class Store:
    """One pod's database."""

    def __init__(
        self, url: str, services: Services, on_commit: Callable[[], None] = lambda: None
    ) -> None:
        self._lock = threading.RLock()
        self._engine = open_engine(url)
        self._connection = self._engine.connect()
        self._services = services
        self._on_commit = on_commit
        self.path = sqlite_path(url)

    @contextmanager
    def work(self, act: Act | None = None) -> Iterator[UnitOfWork]:
        """Open a unit of work: committed at the end of the block, rolled back on an exception.

        Raises:
            AssertionError: If this thread has one open already.
        """
        with self.alone() as connection:
            work = UnitOfWork(connection, self._services, act)
            with connection.begin():
                yield work
            work.committed()
        if work.has_queued:
            self._on_commit()

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Hold the connection without a transaction, while nobody else has one.

        Raises:
            AssertionError: If this thread has a unit of work open.
        """
        if is_open():
            raise AssertionError("a unit of work is open in this thread: it commits as a whole")
        with self._lock:
            mark_open(is_open=True)
            try:
                yield self._connection
            finally:
                mark_open(is_open=False)

    def restoring(self) -> None:
        """Let no tag that was given before be given again: all may change, and not be counted."""
        self._tags.restores += 1
        self._tags.snapshot = ""

    def restored(self, snapshot: str) -> None:
        """Remember that all is now as in a snapshot, of which this name tells the content."""
        self._tags.snapshot, self._tags.changes = snapshot, self._changes()

    def tag(self) -> str | None:
        """A name for all that is committed, which nothing else gets; None if there is none.

        To be asked within a unit of work that has changed nothing.
        """
        if self.path is None:
            return None
        tags, changes = self._tags, self._changes()
        if tags.snapshot and changes == tags.changes:
            return tags.snapshot
        return f"{tags.name}-{tags.restores}-{changes}"

    @property
    def _tags(self) -> _Tags:
        """Kept with the connection, as SQLite counts for each anew."""
        found: _Tags = self._connection.info.setdefault(_TAGS, _Tags())
        return found

    def _changes(self) -> int:
        """How many rows this connection has changed so far; what was rolled back counts, too."""
        return cast(sqlite3.Connection, self._connection.connection.dbapi_connection).total_changes

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()
            self._engine.dispose()
