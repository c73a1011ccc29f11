"""Places where a pod can be made to die, to see that it recovers."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

NAMES: Final = (
    "receive.before_commit",
    "receive.after_commit",
    "deliver.before_post",
    "deliver.after_post",
    "import.account_created",
    "import.fetched",
    "import.committed",
    "import.announced",
    "import.unlocked",
    "migrate.before_commit",
    "migrate.after_commit",
)


class Crashed(BaseException):
    """A pod without a process of its own died at a crash point; nothing may handle this."""


def die(name: str) -> None:  # noqa: ARG001 - the other way to crash tells the name
    """End the process as `kill -9` does: nothing is flushed, nothing is said."""
    os._exit(137)


def fall(name: str) -> None:
    """Die where several pods share a process.

    Raises:
        Crashed: Always.
    """
    raise Crashed(name)


class CrashPoints:
    """At most one armed crash point."""

    def __init__(self, crash: Callable[[str], None] = fall, at: str | None = None) -> None:
        self.crash = crash
        """How to die; a server, which has a process of its own, sets `die`."""
        self.at: str | None = None
        self.arm(at)

    def arm(self, name: str | None) -> None:
        """Die at this point when it is next reached; None disarms.

        Raises:
            ValueError: If there is no such point.
        """
        if name is not None and name not in NAMES:
            raise ValueError(f"{name[:60]!r} is no crash point; there are {', '.join(NAMES)}")
        self.at = name

    def reach(self, name: str) -> None:
        """Say that this point is reached."""
        if name not in NAMES:
            raise ValueError(f"{name[:60]!r} is missing in pod.jobs.crash.NAMES")
        if self.at == name:
            self.crash(name)
