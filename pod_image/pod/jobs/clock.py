"""The pod's clock: the real one, or one that stands still until it is set."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time and how long it takes until another time."""

    @property
    def is_frozen(self) -> bool: ...
    def now(self) -> datetime: ...
    def set(self, now: datetime) -> None:
        """Set a frozen clock. Raises `ValueError` for the real one."""
        ...

    def seconds_until(self, time: datetime) -> float | None:
        """How long to wait; None if waiting does not help, as the clock is frozen."""
        ...


class RealClock:
    """The computer's clock."""

    is_frozen = False

    def now(self) -> datetime:
        """This moment, UTC."""
        return datetime.now(UTC)

    def set(self, now: datetime) -> None:  # noqa: ARG002 - the protocol's signature
        """Refuse."""
        raise ValueError("the real clock cannot be set; start the pod with POD_TEST_MODE=true")

    def seconds_until(self, time: datetime) -> float | None:
        """Seconds, at least 0."""
        return max(0.0, (time - self.now()).total_seconds())


class FrozenClock:
    """Stands still until it is set."""

    is_frozen = True

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        """The time that was last set."""
        return self._now

    def set(self, now: datetime) -> None:
        """Move the clock, in whichever direction."""
        self._now = now.astimezone(UTC)

    def seconds_until(self, time: datetime) -> float | None:  # noqa: ARG002 - the protocol's signature
        """Nothing comes closer by waiting."""
        return None
