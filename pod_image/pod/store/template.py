"""The empty database: its schema revision, and an image that new SQLite databases are made from."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from sqlalchemy import StaticPool, create_engine

from pod.store.schema import metadata

HEAD = "0004"
"""The newest schema revision; `upgrades/versions` has one file for each."""


def copy_to(path: Path) -> None:
    """Make a new SQLite database of the newest schema.

    Whoever dies on the way leaves no half-made database behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_bytes(image())
    partial.replace(path)


@cache
def image() -> bytes:
    """The bytes of an empty database; made once, and inherited by processes forked later.

    Creating all tables is what upgrading from nothing leads to (a test compares them), but faster.
    """
    with closing(sqlite3.connect(":memory:")) as memory:
        engine = create_engine("sqlite://", creator=lambda: memory, poolclass=StaticPool)
        with engine.begin() as connection:
            metadata.create_all(connection)
            connection.exec_driver_sql(
                "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
                "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
            )
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (HEAD,))
        return memory.serialize()


def revision_of(path: Path) -> str | None:
    """The schema revision of an SQLite file; None if it has none."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            return None
    return None if row is None else str(row[0])


def upgrade(url: str) -> None:
    """Bring a database to the newest schema, from whatever it has."""
    # Loading Alembic takes longer than starting a pod, and most starts do not need it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("upgrades")))
    config.attributes["url"] = url
    command.upgrade(config, "head")
