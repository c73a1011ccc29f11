"""The longest parts of a run: what to look at first if it should be faster."""

from dataclasses import dataclass, field
from typing import Final

KINDS: Final = ("boot", "restore", "scenario", "settle", "message")


@dataclass(frozen=True, slots=True)
class Step:
    """The longest of its kind.

    Attributes:
        kind: One of `KINDS`.
        what: Which one: a pod, a scenario, or the way of a message.
        seconds: By the wall clock.
    """

    kind: str
    what: str
    seconds: float


@dataclass(slots=True)
class CriticalPath:
    """Keeps the longest of each kind."""

    _longest: dict[str, Step] = field(default_factory=dict)

    def note(self, kind: str, what: str, seconds: float) -> None:
        """Take notice of something that took that long."""
        longest = self._longest.get(kind)
        if longest is None or seconds > longest.seconds:
            self._longest[kind] = Step(kind, what, seconds)

    def steps(self) -> tuple[Step, ...]:
        """The longest of each kind, in the order of `KINDS`."""
        return tuple(self._longest[kind] for kind in KINDS if kind in self._longest)
