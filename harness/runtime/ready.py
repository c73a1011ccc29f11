"""Waits for something to come true, but fails at once when it no longer can."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

INTERVAL: Final = timedelta(milliseconds=25)
LOG_LINES: Final = 50

_never = threading.Event()


def wait_until(
    is_ready: Callable[[], bool],
    *,
    timeout: timedelta,
    check: Callable[[], None] = lambda: None,
    interval: timedelta = INTERVAL,
) -> bool:
    """Ask again and again until it is so; False if it is not when the time is over.

    Args:
        is_ready: What is waited for.
        timeout: When to stop asking.
        check: Called before each question; raises if waiting has become pointless.
        interval: The pause between two questions.
    """
    deadline = time.monotonic() + timeout.total_seconds()
    while True:
        check()
        if is_ready():
            return True
        if time.monotonic() >= deadline:
            return False
        _never.wait(interval.total_seconds())


def last_lines(log: Path, count: int = LOG_LINES) -> str:
    """The end of a log, for a message about its pod."""
    try:
        lines = log.read_text("utf-8", errors="replace").splitlines()[-count:]
    except OSError:
        lines = []
    return "\n".join(f"  | {line}" for line in lines) or "  | (it has logged nothing)"
