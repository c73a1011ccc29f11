"""One private message, end to end: bob on pod3 writes, the gate passes it, carol on pod1 has it.

Measured from the moment in which bob's browser sends it until pod1 has nothing left to do. Floor:
the RSA operations of one private message. Where a message's time goes is in
`docs/performance.md`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tests.benchmarks import floors
from tests.benchmarks.federations import Name, Town, asked, town
from tests.benchmarks.measuring import Figure, conclude, figure, interleaved, seconds

ROUNDS: Final = 40
GOAL_SECONDS: Final = 0.030
PATIENCE: Final = timedelta(seconds=10)
ONE_MESSAGE: Final = {"sign": 1, "encrypt": 1, "decrypt": 1, "verify": 1}


def measured(name: Name, rounds: int) -> Figure:
    """The latency in a federation."""
    keys = floors.Keys()
    with town(name) as there:
        people = there.begin().people
        conversation = people["bob"].message([people["carol"]], "How are you?")
        there.federation.settle()

        def write() -> None:
            people["bob"].reply(conversation, "And the children?")
            _arrive(there)

        actions = {"ours": lambda: seconds(write), "keys": lambda: keys.seconds(ONE_MESSAGE)}
        interleaved(actions, 3)
        taken = interleaved(actions, rounds)
    goal = GOAL_SECONDS if name == "processes" else None
    return figure(f"message, {name}", taken["ours"], taken["keys"], goal=goal)


def _arrive(there: Town) -> None:
    """Wait until the sender has been acknowledged, and then until the recipient is done."""
    runtime = there.federation.runtime
    if runtime.name == "joined":
        runtime.let_work(PATIENCE)
        return
    for pod in ("pod3", "pod1"):
        runtime.control[pod].quiet(PATIENCE)


def main() -> None:
    """Measure what was asked for."""
    wanted = asked(__doc__, ROUNDS)
    conclude("message", [measured(name, wanted.rounds) for name in wanted.federations])


if __name__ == "__main__":
    main()
