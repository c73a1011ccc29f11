"""carol moves: the steps of the headline, and the whole command with all that it shows.

Floor of the steps: the bare RSA operations for the messages that the gate has seen. Floor of the
command: the interpreter started with what a run imports.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from typing import Final

from harness.gate.wiretap import Exchange
from tests.benchmarks import floors
from tests.benchmarks.federations import Name, Town, asked, town
from tests.benchmarks.measuring import Figure, conclude, figure, interleaved, seconds

ROUNDS: Final = 5
STEPS_SECONDS: Final[dict[Name, float]] = {"joined": 0.5, "processes": 2.5, "containers": 4.0}
COMMAND_SECONDS: Final[dict[Name, float]] = {"joined": 3.0, "processes": 5.0, "containers": 9.0}

SCENARIO: Final = "the_name_carol_is_occupied"
_IMPORTS: Final = "import pytest, harness.cli.running, harness.plugin"


def steps(there: Town) -> float:
    """carol exports on pod1 and becomes christy on pod2; everybody who can be told is told."""
    carol = there.begin().people["carol"]

    def move() -> None:
        there.federation["pod2"].import_archive(carol.export_archive(), "christy")
        there.federation.settle()

    return seconds(move)


def operations(exchanges: Iterable[Exchange]) -> dict[str, int]:
    """The RSA operations that messages make necessary; each is sealed once, for all pods."""
    sent = [each for each in exchanges if each.is_delivery]
    private = sum(each.recipient_guid is not None for each in sent)
    sealed = {(each.entity, each.guid, each.target_guid, each.author) for each in sent}
    return {
        "sign": len(sealed),
        "verify": len(sent),
        "encrypt": private,
        "decrypt": private,
    }


def command(name: Name) -> float:
    """From the command to the verdict on one scenario; its past is kept from before."""
    with tempfile.TemporaryDirectory() as reports:
        run = ["-m", "harness.cli", "run", SCENARIO, "--federation", name, "--reports", reports]
        return seconds(lambda: _python(*run))


def _python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)  # noqa: S603


def measured(name: Name, rounds: int) -> tuple[Figure, Figure]:
    """Both times of a federation."""
    keys = floors.Keys()
    with town(name) as there:
        steps(there)
        counts = operations(there.federation.gate.wiretap.exchanges())
        actions: dict[str, Callable[[], float]] = {
            "steps": lambda: steps(there),
            "keys": lambda: keys.seconds(counts),
        }
        taken = interleaved(actions, rounds)
    actions = {
        "command": lambda: command(name),
        "imports": lambda: seconds(lambda: _python("-c", _IMPORTS)),
    }
    taken |= interleaved(actions, rounds)
    return (
        figure(f"steps, {name}", taken["steps"], taken["keys"], goal=STEPS_SECONDS[name]),
        figure(f"command, {name}", taken["command"], taken["imports"], goal=COMMAND_SECONDS[name]),
    )


def main() -> None:
    """Measure what was asked for."""
    wanted = asked(__doc__, ROUNDS)
    found = [each for name in wanted.federations for each in measured(name, wanted.rounds)]
    conclude("headline", found)


if __name__ == "__main__":
    main()
