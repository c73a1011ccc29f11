"""`seedbed run`: scenarios by pytest, told in our own words."""

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import typer

from harness.cli.choosing import ALL, chosen, scenario_folder
from harness.errors import HarnessError, UsageError
from harness.facts.transcript import ScenarioResult, Transcript
from harness.report import closing_lines
from harness.report.as_json import as_json
from harness.report.folder import need_writable
from harness.report.progress import Progress, progress
from harness.runtime import stopping
from harness.runtime.choice import need
from harness.settings import OPTIONS, FederationName, HarnessSettings

INCONCLUSIVE = 2

_HARMLESS = re.compile(r"-[kmx]|--maxfail|--deselect")
"""Options of pytest that mean the same if several processes play."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for: names of scenarios (from the first dash on, options for pytest).

    `jobs` is how many federations are to play side by side; None leaves it to `side_by_side`.
    """

    names: tuple[str, ...] = ()
    repeat: int = 1
    jobs: int | None = None
    json: bool = False

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The names before the first option."""
        return self.names[: self._first_option]

    @property
    def for_pytest(self) -> tuple[str, ...]:
        """The options."""
        return self.names[self._first_option :]

    def side_by_side(self, federation: FederationName) -> int:
        """How many federations play at once: one for each processor if there is much to play."""
        if self.jobs is not None:
            return self.jobs
        is_much = ALL in self.scenarios or self.repeat > 1
        given = [option for option in self.for_pytest if option.startswith("-")]
        if federation != "joined" or not is_much or not all(map(_HARMLESS.match, given)):
            return 1
        return len(os.sched_getaffinity(0))

    @property
    def _first_option(self) -> int:
        options = (n for n, name in enumerate(self.names) if name.startswith("-"))
        return next(options, len(self.names))


@dataclass(slots=True)
class Teller:
    """A pytest plugin that says what happens, and in the end how it went."""

    progress: Progress
    json: bool
    transcript: Transcript | None = None
    trouble: list[str] = field(default_factory=list)

    def pytest_seedbed_phase(self, name: str, detail: str) -> None:
        """Say what begins; restoring is too short to be told."""
        if name == "scenario":
            story = detail.removeprefix("test_").replace("_", " ").replace("[", " (")
            self.progress.now(story.replace("]", ")"))
        elif name != "restore":
            self.progress.now(name)
            self.progress.say(f"{name}: {detail}" if detail else name)

    def pytest_seedbed_judged(self, result: ScenarioResult) -> None:
        """Say how a scenario ended."""
        self.progress.say(f"{result.outcome:<13} {result.story} ({result.seconds:.2f} s)")

    def pytest_runtest_logstart(self) -> None:
        """Begin nothing more when the command was told to stop."""
        if stopping.is_stopped():
            raise KeyboardInterrupt

    def pytest_internalerror(self, excrepr: object) -> None:
        """Keep what went wrong in the harness itself."""
        self.trouble.append(str(excrepr))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what could not even be read."""
        if report.failed:
            self.trouble.append(str(report.longrepr))

    def pytest_seedbed_concluded(self, transcript: Transcript, folder: Path) -> None:
        """Print the verdict."""
        self.transcript = transcript
        self.progress.over()
        if self.json:
            typer.echo(as_json(transcript), nl=False)
        else:
            typer.echo(closing_lines(transcript, folder, own_name()))


def run_scenarios(request: Request, given: Mapping[str, object]) -> int:
    """Run scenarios and print the verdict.

    Returns:
        The exit status.

    Raises:
        UsageError: If a name or an option makes no sense.
        HarnessError: If the run could not even begin.
    """
    settings = HarnessSettings.read(os.environ, **given)
    need(settings.federation)
    folder = scenario_folder()
    nodes = chosen(request.scenarios, folder)
    need_writable(settings.reports)
    teller = Teller(progress(), request.json)
    options = [f"--{n.replace('_', '-')}={v}" for n in OPTIONS if (v := getattr(settings, n))]
    options += ["--keep"] * settings.keep + [f"--repeat={request.repeat}"]
    jobs = request.side_by_side(settings.federation)
    options += [f"--numprocesses={jobs}"] * (jobs > 1)
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
    # Ctrl-C may come while plugins of the old style are at work: that is nothing to warn of.
    "--override-ini=filterwarnings=error\nignore::pluggy.PluggyTeardownRaisedWarning",
    "--import-mode=importlib",
    "--capture=sys",  # progress is told while pods boot, past the capture
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
        return UsageError.exit_status
    if status == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    typer.echo(
        "seedbed: no scenario ran. Loosen what follows `--`, or name other scenarios.", err=True
    )
    return INCONCLUSIVE


def own_name() -> str:
    """How this command can be called again: in a clone it is not on the path."""
    called = Path(sys.argv[0])
    if called.name != "seedbed" or shutil.which("seedbed"):
        return "seedbed"
    inside = called.is_absolute() and called.is_relative_to(Path.cwd())
    return str(called.relative_to(Path.cwd()) if inside else called)
