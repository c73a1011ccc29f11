"""The clock of the whole federation."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.runtime import Runtime


@dataclass(frozen=True, slots=True)
class FederationClock:
    """Stands still until it is advanced, but for a second at each act."""

    runtime: Runtime

    @property
    def now(self) -> datetime:
        """What time it is in the federation."""
        return self.runtime.clock.now

    def advance(self, by: timedelta) -> None:
        """Let time pass: what is due by then on any pod is done at the next settling."""
        self.turn_to(self.now + by)

    def turn_to(self, now: datetime) -> None:
        """Let it be that time on all pods."""
        self.runtime.clock.turn_to(now)
        self.runtime.ask_all(lambda pod: self.runtime.control[pod].set_clock(now))
