"""Running totals of a pod, and in test mode its clock: kept with the data, so restored with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from sqlalchemy import bindparam, select

from pod.store import rows
from pod.store.prepared import Prepared
from pod.store.schema import totals

if TYPE_CHECKING:
    from pod.store.unit_of_work import UnitOfWork

Total = Literal["sent", "received", "abandoned"]

_VALUE = Prepared(select(totals.c.value).where(totals.c.name == bindparam("name")))
_VALUES = Prepared(select(totals.c.name, totals.c.value))


class Totals:
    """Named numbers."""

    def __init__(self, work: UnitOfWork) -> None:
        self._connection = work.connection

    def get(self, name: str) -> int:
        """The number of that name; 0 before the first."""
        value = _VALUE.scalar(self._connection, name=name)
        return int(value or 0)

    def all(self) -> dict[str, int]:
        """Every number that was ever set."""
        return {name: int(value) for name, value in _VALUES.all(self._connection)}

    def count(self, name: Total) -> None:
        """One more."""
        self._set(name, self.get(name) + 1)

    def next_guid(self) -> int:
        """The next number for a GUID that no act accounts for."""
        number = self.get("guids") + 1
        self._set("guids", number)
        return number

    @property
    def clock(self) -> datetime | None:
        """What the frozen clock was last set to."""
        seconds = self.get("clock")
        return datetime.fromtimestamp(seconds, UTC) if seconds else None

    def set_clock(self, now: datetime) -> None:
        """Keep the time of the frozen clock."""
        self._set("clock", int(now.timestamp()))

    def _set(self, name: str, value: int) -> None:
        if rows.change(self._connection, totals, {"value": value}, name=name) == 0:
            rows.add(self._connection, totals, {"name": name, "value": value})
