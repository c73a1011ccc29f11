"""What the benchmarks share: measuring things side by side, and keeping a history.

A time means little on a machine that others use, so each is taken beside a floor: the least that
must be done, by the shortest way there is. Both are measured in turns in the same run, and the
ratio of their medians is what is compared with a goal, and with earlier runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter

from tabulate import tabulate

from tests.benchmarks.record import append


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing that was measured.

    Attributes:
        what: Its name.
        seconds: The median.
        floor: The median of what bounds it.
        rounds: How often it was measured.
        goal: Seconds that it may take; None if the goal is a ratio, or there is none.
        goal_ratio: How many times its floor it may take.
    """

    what: str
    seconds: float
    floor: float
    rounds: int
    goal: float | None = None
    goal_ratio: float | None = None

    @property
    def ratio(self) -> float:
        """How many times its floor it took."""
        return self.seconds / self.floor

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is reached; None if there is none."""
        if self.goal is not None:
            return self.seconds <= self.goal
        return None if self.goal_ratio is None else self.ratio <= self.goal_ratio


def seconds(action: Callable[[], object]) -> float:
    """How long something takes."""
    begun = perf_counter()
    action()
    return perf_counter() - begun


def interleaved(
    actions: Mapping[str, Callable[[], float]], rounds: int
) -> dict[str, tuple[float, ...]]:
    """Measure several things in turns, so that what disturbs one disturbs all.

    Args:
        actions: Each does one round of something, and returns the seconds that count.
        rounds: How often each is done.
    """
    taken: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            taken[name].append(action())
    return {name: tuple(times) for name, times in taken.items()}


def figure(
    what: str,
    taken: Iterable[float],
    floor: Iterable[float],
    *,
    goal: float | None = None,
    goal_ratio: float | None = None,
) -> Figure:
    """Sum up what was measured."""
    times = tuple(taken)
    return Figure(
        what=what,
        seconds=median(times),
        floor=median(floor),
        rounds=len(times),
        goal=goal,
        goal_ratio=goal_ratio,
    )


def conclude(name: str, figures: Iterable[Figure]) -> None:
    """Print a table, and add one line to the history of this benchmark."""
    found = tuple(figures)
    print(table(found))  # noqa: T201 - a program's result
    append(name, [_rounded(asdict(each)) | {"ratio": round(each.ratio, 2)} for each in found])


def table(figures: Iterable[Figure]) -> str:
    """The figures for people."""
    rows = [
        (each.what, _time(each.seconds), _time(each.floor), f"{each.ratio:.1f}", _goal(each))
        for each in figures
    ]
    return tabulate(rows, headers=("what", "median", "floor", "ratio", "goal"))


def _time(value: float) -> str:
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def _goal(each: Figure) -> str:
    if each.is_met is None:
        return ""
    limit = f"{each.goal:g} s" if each.goal is not None else f"{each.goal_ratio:g} times the floor"
    return f"≤ {limit}: {'met' if each.is_met else 'missed'}"


def _rounded(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: round(value, 6) if isinstance(value, float) else value
        for name, value in values.items()
    }
