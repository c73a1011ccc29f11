"""The whole suite in `joined`, in scenarios a minute.

Floor: SQLite copies four databases before each scenario.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from tests.benchmarks import floors
from tests.benchmarks.federations import town
from tests.benchmarks.measuring import conclude, figure

GOAL_SECONDS: Final = 60 / 600
"""600 scenarios a minute."""


def main() -> None:
    """Run all scenarios once with a federation for each processor, and once with one alone."""
    with town("joined") as there:
        databases = tuple(there.saved.databases.values())
    floor = [floors.copies(databases)[0] for _ in range(15)]
    many, alone = _played(), _played("--jobs=1")
    name = f"one of {many.count} scenarios"
    conclude(
        "suite",
        [
            figure(f"{name}, all processors", [many.seconds], floor, goal=GOAL_SECONDS),
            figure(f"{name}, one federation", [alone.seconds], floor),
            figure(f"{name}, processor time", [alone.processor], floor),
        ],
    )


@dataclass(frozen=True, slots=True)
class Played:
    """How long the command took for each scenario, starting, booting and seeding included.

    Attributes:
        count: How many scenarios there were.
        seconds: By the wall clock, for each.
        processor: The same of processor time.
    """

    count: int
    seconds: float
    processor: float


def _played(*options: str) -> Played:
    with tempfile.TemporaryDirectory() as reports:
        words = ("run", "all", "--federation", "joined", "--json", "--reports", reports, *options)
        processor, begun = _processor_seconds(), perf_counter()
        said = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "harness.cli", *words],
            capture_output=True,
            text=True,
            check=False,
        )
        taken = perf_counter() - begun
    count = len(json.loads(said.stdout)["scenarios"])
    return Played(count, taken / count, (_processor_seconds() - processor) / count)


def _processor_seconds() -> float:
    """What all children that have ended have used; others' work on the machine is not in it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
