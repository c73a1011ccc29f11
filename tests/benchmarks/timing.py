"""How fast something is on a machine that others use, too: processor time, interleaved, medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

Operation = Callable[[], object]

_SLICE_SECONDS = 0.12
_ROUNDS = 9


def rates(operations: Mapping[str, Operation], rounds: int = _ROUNDS) -> dict[str, list[float]]:
    """Operations per second of processor time; every round measures each once, in turn.

    Args:
        operations: What to measure, by name.
        rounds: How often.
    """
    sizes = {name: _batch(operation) for name, operation in operations.items()}
    found: dict[str, list[float]] = {name: [] for name in operations}
    for _ in range(rounds):
        for name, operation in operations.items():
            found[name].append(_rate(operation, sizes[name]))
    return found


def _batch(operation: Operation) -> int:
    """How many make up a slice, so that reading the clock costs nothing."""
    size = 1
    while _seconds(operation, size) < _SLICE_SECONDS:
        size *= 2
    return size


def _rate(operation: Operation, size: int) -> float:
    return size / _seconds(operation, size)


def _seconds(operation: Operation, size: int) -> float:
    started = time.process_time()
    for _ in range(size):
        operation()
    return time.process_time() - started


def share(part: list[float], whole: list[float]) -> float:
    """What part of a bound is reached: the median of the rounds' own ratios."""
    return statistics.median(a / b for a, b in zip(part, whole, strict=True))


def median(values: list[float]) -> float:
    """The median."""
    return statistics.median(values)
