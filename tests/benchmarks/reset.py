"""Four pods that run are brought back to the end of their past.

Floor: SQLite copies the four databases.
"""

from __future__ import annotations

from typing import Final

from tests.benchmarks import floors
from tests.benchmarks.federations import Name, asked, town
from tests.benchmarks.measuring import Figure, conclude, figure, interleaved, seconds

ROUNDS: Final = 15
GOAL_SECONDS: Final = 0.3


def measured(name: Name, rounds: int) -> Figure:
    """The reset of a federation that has moved on since."""
    with town(name) as there:
        databases = tuple(there.saved.databases.values())

        def reset() -> float:
            people = there.begin().people
            people["bob"].post("Here today", to="public")
            there.federation.settle()
            return seconds(there.begin)

        actions = {"ours": reset, "floor": lambda: floors.copies(databases)[0]}
        taken = interleaved(actions, rounds)
    return figure(f"reset, {name}", taken["ours"], taken["floor"], goal=GOAL_SECONDS)


def main() -> None:
    """Measure what was asked for."""
    wanted = asked(__doc__, ROUNDS)
    conclude("reset", [measured(name, wanted.rounds) for name in wanted.federations])


if __name__ == "__main__":
    main()
