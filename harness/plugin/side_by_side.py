"""Several federations side by side: pytest-xdist starts processes; each plays some scenarios.

The process that was called has no federation. It hears what became of each scenario, and in the
end how long its workers took, and writes the reports. What a worker keeps as evidence goes into a
folder of its own in the folder of the run.
"""

import pickle
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import pytest

from harness.errors import HarnessError, UsageError
from harness.facts.transcript import ScenarioResult
from harness.plugin.concluding import share_of
from harness.plugin.run import Run
from harness.runtime import stopping
from harness.runtime.rundir import runtime_folder, sweep
from harness.settings import HarnessSettings

FOLDER: Final = "seedbed_folder"
SHARE: Final = "seedbed_share"
RESULT: Final = "seedbed_result"
CRASHED: Final = "???"
"""When xdist says that something failed in a process that died."""

HEARD: Final = "keyboard-interrupt"
"""What xdist says of a worker that was told to stop."""


class Node(Protocol):
    """A worker as xdist knows it."""

    gateway: Any
    workerinput: dict[str, Any]
    workeroutput: dict[str, Any]


def check(config: pytest.Config, settings: HarnessSettings) -> None:
    """Complain if federations of this kind cannot be side by side.

    Raises:
        UsageError: If they need more than a process of their own.
    """
    if is_called(config) and settings.federation != "joined":
        raise UsageError(
            f"several federations side by side have to be joined, not {settings.federation}",
            "Add --federation joined, or leave out --jobs (or -n)",
        )


def is_called(config: pytest.Config) -> bool:
    """Whether this process leaves the playing to workers."""
    return config.getoption("dist", "no") != "no" and not is_worker(config)


def is_worker(config: pytest.Config) -> bool:
    """Whether another process has started this one to play some of the scenarios."""
    return hasattr(config, "workerinput")


def prepare(config: pytest.Config) -> None:
    """Let a worker tidy up whatever tells it to stop, and once only."""
    if is_worker(config):
        stopping.listen()


def folder_of(config: pytest.Config) -> Path | None:
    """Where a worker's evidence goes; None if this is no worker."""
    given = getattr(config, "workerinput", {}).get(FOLDER)
    return Path(given) if given else None


def tell(item: pytest.Item, report: pytest.TestReport, result: ScenarioResult) -> None:
    """Send what became of a scenario along with its report, if others play at its side."""
    if is_worker(item.config):
        setattr(report, RESULT, pickle.dumps((item.session.items.index(item), result)))


def conclude(config: pytest.Config, run: Run) -> None:
    """End a worker's share of a run, and send what there is to tell of all of it."""
    try:
        run.close()
    except HarnessError as error:  # nobody hears it otherwise
        run.error = run.error or str(error)
    output: dict[str, Any] = config.workeroutput  # type: ignore[attr-defined] # xdist's
    output[SHARE] = pickle.dumps(share_of(run))


@dataclass(slots=True)
class Workers:
    """Hears what workers tell.

    Attributes:
        run: The run that they are parts of.
    """

    run: Run
    _silent: set[str] = field(default_factory=set)
    """Who has begun, and has not told how it ended."""
    _to_play: set[str] = field(default_factory=set)
    _positions: list[int] = field(default_factory=list)

    def pytest_sessionstart(self) -> None:
        """Say what begins."""
        self.run.hook.pytest_seedbed_phase(name="boot", detail="several times, side by side")

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Node) -> None:
        """Tell a worker where its evidence goes."""
        node.workerinput[FOLDER] = str(self.run.need_folder().path / node.gateway.id)
        self.run.side_by_side += 1
        self._silent.add(node.gateway.id)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Take down what could not even be read: the others play on without it."""
        if report.failed:
            self._complain(f"a scenario cannot be read: {report.longrepr}")

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Know what there is to play; all workers find the same."""
        if not self._positions:
            self._to_play.update(ids)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Say what one of them plays now."""
        self.run.hook.pytest_seedbed_phase(name="scenario", detail=nodeid.rpartition("::")[2])

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Tell the end by an option from one by the user, whoever of us heard of it."""
        is_the_users = excinfo.type is KeyboardInterrupt or HEARD in str(excinfo.value)
        self.run.ended_by_option = not is_the_users

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Find out whether something was never played: nothing agrees by being forgotten."""
        if exitstatus == pytest.ExitCode.INTERRUPTED:
            return  # who is told to stop tells no more
        if left := sorted(self._to_play):
            self._complain(f"{len(left)} were never played, first {left[0]}")
        if self._silent:
            self._complain(f"{', '.join(sorted(self._silent))} ended and told nothing")

    def _complain(self, error: str) -> None:
        self.run.error = self.run.error or error

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a result down; a worker that died has told none."""
        if report.when in ("teardown", CRASHED):
            self._to_play.discard(report.nodeid)
        told = getattr(report, RESULT, None)
        if told is not None:
            position, result = pickle.loads(told)  # noqa: S301 (what a process of ours has told)
            self.run.note(result, self._place(position))
        elif report.when in (CRASHED,):  # which is none of pytest's own
            self.run.note(_of_a_dead_worker(report))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Node, error: object) -> None:  # noqa: ARG002 (the hook's)
        """Take down how long a worker took."""
        told = getattr(node, "workeroutput", {}).get(SHARE)
        if told is not None and node.gateway.id in self._silent:
            self._silent.remove(node.gateway.id)
            self.run.add(pickle.loads(told))  # noqa: S301 (what a process of ours has told)

    def pytest_unconfigure(self) -> None:
        """Tidy up for those that died; only now xdist has waited for their end."""
        sweep(runtime_folder())

    def _place(self, position: int) -> int:
        """Where a scenario belongs among those that ended before; they end in any order."""
        place = bisect(self._positions, position)
        self._positions.insert(place, position)
        return place


def _of_a_dead_worker(report: pytest.TestReport) -> ScenarioResult:
    file, _, function = report.nodeid.rpartition("/")[2].partition("::")
    return ScenarioResult(
        name=f"{file}::{function}",
        story=function.removeprefix("test_").replace("_", " "),
        outcome="harness error",
        seconds=0.0,
        reason="the process that played it has died",
    )
