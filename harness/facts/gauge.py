"""How much a pod has left to do, and how much it has done."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One reading of a pod's counters.

    Attributes:
        queued: Work that is due.
        in_flight: Work being done right now.
        sleeping: Work due in the future, by the pod's clock.
        sleeping_until: When the first of it is due.
        sent: Running count of messages that other pods have acknowledged.
        received: Running count of messages accepted.
        abandoned: Running count of deliveries given up.
    """

    queued: int
    in_flight: int
    sleeping: int
    sent: int
    received: int
    abandoned: int
    sleeping_until: datetime | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is due."""
        return self.queued == 0 and self.in_flight == 0

    @property
    def totals(self) -> tuple[int, int, int]:
        """The running counts: equal in two rounds if nothing moved in between."""
        return self.sent, self.received, self.abandoned

    def __str__(self) -> str:
        until = f" until {self.sleeping_until:%Y-%m-%dT%H:%M:%SZ}" if self.sleeping_until else ""
        return (
            f"queued={self.queued} in_flight={self.in_flight} sleeping={self.sleeping}{until} "
            f"sent={self.sent} received={self.received} abandoned={self.abandoned}"
        )
