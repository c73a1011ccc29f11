"""`seedbed run`: scenarios by pytest, told in our own words."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import typer

from harness.cli.choosing import chosen, scenario_folder
from harness.errors import HarnessError
from harness.facts.transcript import Transcript
from harness.report import closing_lines
from harness.report.as_json import as_json
from harness.report.progress import Progress, progress
from harness.settings import HarnessSettings

OPTIONS = ("federation", "seed", "order", "reports", "wire_profile", "keep")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for: names of scenarios (from the first dash on, options for pytest)."""

    names: tuple[str, ...] = ()
    repeat: int = 1
    json: bool = False

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The names before the first option."""
        return self.names[: self._first_option]

    @property
    def for_pytest(self) -> tuple[str, ...]:
        """The options."""
        return self.names[self._first_option :]

    @property
    def _first_option(self) -> int:
        options = (n for n, name in enumerate(self.names) if name.startswith("-"))
        return next(options, len(self.names))


@dataclass(slots=True)
class Teller:
    """A pytest plugin that says what happens, and in the end how it went."""

    progress: Progress
    json: bool
    scenario: str = ""
    transcript: Transcript | None = None
    trouble: list[str] = field(default_factory=list)

    def pytest_seedbed_phase(self, name: str, detail: str) -> None:
        """Say what begins; restoring is too short to be told."""
        if name == "scenario":
            self.scenario = detail.removeprefix("test_").replace("_", " ")
        elif name != "restore":
            self.progress.say(f"{name} {detail}".rstrip())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Say how a scenario ended."""
        if report.when == "call" or not report.passed:
            if report.when == "teardown" and report.passed:
                return
            word = {"passed": "agreed", "skipped": "unsupported"}.get(report.outcome, "NOT agreed")
            said = self.scenario or report.nodeid.rpartition("::")[2]
            self.progress.say(f"{word}: {said} ({report.duration:.2f} s)")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what could not even be read."""
        if report.failed:
            self.trouble.append(str(report.longrepr))

    def pytest_seedbed_concluded(self, transcript: Transcript, folder: Path) -> None:
        """Print the verdict."""
        self.transcript = transcript
        typer.echo(as_json(transcript) if self.json else closing_lines(transcript, folder))


def run_scenarios(request: Request, given: Mapping[str, object]) -> int:
    """Run scenarios and print the verdict.

    Returns:
        The exit status.

    Raises:
        UsageError: If a name or an option makes no sense.
        HarnessError: If the run could not even begin.
    """
    settings = HarnessSettings.read(os.environ, **given)
    folder = scenario_folder()
    nodes = chosen(request.scenarios, folder)
    teller = Teller(progress(), request.json)
    options = [f"--{n.replace('_', '-')}={v}" for n in OPTIONS[:-1] if (v := getattr(settings, n))]
    options += ["--keep"] * settings.keep + [f"--repeat={request.repeat}"]
    with _quietly():
        status = pytest.main(
            [*_PYTEST, f"--rootdir={folder}", *options, *request.for_pytest, *nodes],
            plugins=[teller],
        )
    if teller.transcript is not None:
        return teller.transcript.exit_status
    return _without_a_verdict(int(status), teller)


_PYTEST = (
    "--override-ini=addopts=",
    "--override-ini=filterwarnings=error",
    "--import-mode=importlib",
    "-p",
    "harness.plugin",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:terminal",
)


@contextmanager
def _quietly() -> Iterator[None]:
    """Pytest reads its options from the environment, too; a run means what its command says."""
    kept = os.environ.pop("PYTEST_ADDOPTS", None)
    try:
        yield
    finally:
        if kept is not None:
            os.environ["PYTEST_ADDOPTS"] = kept


def _without_a_verdict(status: int, teller: Teller) -> int:
    if teller.trouble:
        raise HarnessError("\n".join(teller.trouble), "Repair the scenario")
    if status == pytest.ExitCode.USAGE_ERROR:
        return 64
    if status == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    raise HarnessError("no scenario ran", "Loosen what follows `--`, or name other scenarios")
