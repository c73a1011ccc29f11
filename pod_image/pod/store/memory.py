"""What a unit of work has read before and need not ask for again: whom it deals with.

A rule asks for the same few people over and over. What was read is kept beside the connection,
which is all that repositories share. All of it is forgotten when a table marked as `REMEMBERED` is
written to, when a part of the unit is undone, and when the unit begins and ends.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event

T = TypeVar("T")

_KEY = "pod.store.memory"

_CHANGES_NOTHING = ("SELECT", "SAVEPOINT", "RELEASE")
"""How statements begin that leave every row as it is."""


def once(connection: Connection, what: Hashable, read: Callable[[], T]) -> T:
    """Read something, unless this transaction did so and has not written to such tables since."""
    known = of(connection)
    if what not in known:
        known[what] = read()
    found: T = known[what]
    return found


def of(connection: Connection) -> dict[Hashable, Any]:
    """What is remembered in this transaction, to be read and added to; nothing outside of one."""
    if not connection.in_transaction():
        return {}
    known: dict[Hashable, Any] = connection.info.setdefault(_KEY, {})
    return known


def forget(connection: Connection) -> None:
    """Remember nothing of what was read so far."""
    # What belonged to a connection that was lost is gone with it; to ask for it would connect anew.
    if not connection.invalidated:
        connection.info.pop(_KEY, None)


def watch(engine: Engine) -> None:
    """Forget whenever something that passes through SQLAlchemy may have changed what was read.

    What is run past SQLAlchemy is watched in `pod.store.prepared`.
    """
    for ends in ("begin", "commit", "rollback"):
        event.listen(engine, ends, forget)
    event.listen(engine, "before_cursor_execute", _forget_if_changed)


def _forget_if_changed(
    connection: Connection, _cursor: object, statement: str, *_more: object
) -> None:
    """Rolling back to a savepoint is a statement, too."""
    if not statement.startswith(_CHANGES_NOTHING):
        forget(connection)
