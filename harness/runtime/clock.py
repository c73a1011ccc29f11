"""The federation's clock: it stands still, but for a second at each act."""

from datetime import UTC, datetime, timedelta
from typing import Final

BEGINNING: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TICK: Final = timedelta(seconds=1)


class VirtualClock:
    """Says when it is, in the federation.

    The pods' own clocks move only with `advance` (and `turn_to`); acts carry their time with them.
    """

    def __init__(self, now: datetime = BEGINNING) -> None:
        self._now = now

    @property
    def now(self) -> datetime:
        """When the latest act happened."""
        return self._now

    def tick(self) -> datetime:
        """The time of the next act, a second after the latest."""
        self._now += TICK
        return self._now

    def turn_to(self, now: datetime) -> None:
        """Let it be that time."""
        self._now = now
