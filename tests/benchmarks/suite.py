"""The whole suite in `joined`, in scenarios a minute.

Floor: SQLite copies four databases before each scenario.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from typing import Final

from tests.benchmarks import floors
from tests.benchmarks.federations import town
from tests.benchmarks.measuring import conclude, figure

GOAL_SECONDS: Final = 60 / 600
"""600 scenarios a minute."""


def main() -> None:
    """Run all scenarios once."""
    with town("joined") as there:
        databases = tuple(there.saved.databases.values())
    with tempfile.TemporaryDirectory() as reports:
        arguments = ["run", "all", "--federation", "joined", "--json", "--reports", reports]
        command = [sys.executable, "-m", "harness.cli", *arguments]
        before = _processor_seconds()
    said = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    processor = _processor_seconds() - before
    result = json.loads(said.stdout)
    phases = {each["name"]: float(each["seconds"]) for each in result["phases"]}
    count = len(result["scenarios"])
    each = (phases["restore"] + phases["scenarios"]) / count
    floor = [floors.copies(databases)[0] for _ in range(15)]
    name = f"one of {count} scenarios"
    conclude(
        "suite",
        [
            figure(name, [each], floor, goal=GOAL_SECONDS),
            figure(f"{name}, processor time", [processor / count], floor),
        ],
    )


def _processor_seconds() -> float:
    """What all children that have ended have used; others' work on the machine is not in it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
