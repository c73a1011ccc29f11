"""Wakes who waits for something to do, or for nothing to be left to do."""

from __future__ import annotations

import threading


class Bell:
    """A counter of changes that threads can wait on.

    Whoever looked for work at one count waits from that count on, and so misses no ring in between.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._count = 0

    @property
    def count(self) -> int:
        """How often it rang."""
        return self._count

    def ring(self) -> None:
        """Something was queued or finished, the clock was set, or the end has come."""
        with self._condition:
            self._count += 1
            self._condition.notify_all()

    def wait(self, since: int, seconds: float | None = None) -> bool:
        """Wait until it has rung after `since`, at most so long; whether it rang."""
        with self._condition:
            return self._condition.wait_for(lambda: self._count > since, seconds)
