"""The long lane: everything, in every way there is, within an hour on two processors.

`make nightly` runs all steps, goes on after one that failed, prints a table and writes it into
docs/nightly.md; `make nightly ARGS="--only fuzz"` runs those with that word in their name.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Final, get_args

from tabulate import tabulate

from harness.settings import ROOT, FederationName, WireProfile
from tests.benchmarks.__main__ import NAMES as BENCHMARKS
from tests.benchmarks.record import machine
from tests.examples import NIGHTLY

PAGE: Final = ROOT / "docs" / "nightly.md"
LOGS: Final = ROOT / ".seedbed" / "nightly"
MINUTES: Final = 60
"""For everything; what has not begun by then is left out, and counts as failed."""
SLACK: Final = 2
"""A step may take so many times what it should, as long as the hour is not over."""
FUZZ_SECONDS: Final = 20
"""For each target; all of them fit into what the plan gives them."""
HYPOTHESIS: Final = (
    *("pytest", "-q", "-n", "2", "-m", "hypothesis", "--hypothesis-profile", NIGHTLY),
    *("tests/pod/wire", "tests/harness/gate"),
)
RULES: Final = ("pytest", "-q", "-n", "2", "tests/pod/domain", "--database", "postgresql")
IMAGES: Final = "tests/harness/runtime/containers/test_images.py"
_MINUTES: Final = {"wire": 3.5, "suite": 1.5}
"""Of benchmarks that take longer than the others: each operation by three hands, all scenarios."""
HEADLINE: Final = "the_name_carol_is_occupied"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    Attributes:
        name: What it is called.
        minutes: What it should take at most on two idle processors.
        command: A module of ours, and its arguments.
    """

    name: str
    minutes: float
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was run, or left out."""

    step: Step
    seconds: float
    result: str

    @property
    def is_good(self) -> bool:
        return self.result == "ok"


def plan(fuzz_seconds: int = FUZZ_SECONDS) -> list[Step]:
    """Everything, what is most certain of its time first."""
    run = ("harness.cli", "run")
    return [
        Step("hypothesis", 5, HYPOTHESIS),
        Step("rules, PostgreSQL", 1, RULES),
        Step("fuzz", 5, ("tests.fuzz", "--seconds", str(fuzz_seconds))),
        *(_scenarios("joined", profile, 1.5) for profile in get_args(WireProfile)),
        Step("headline, joined, 500 times", 4, (*run, HEADLINE, *_in("joined"), "--repeat", "500")),
        Step(
            "headline, processes, 50 times",
            3,
            (*run, HEADLINE, *_in("processes"), "--repeat", "50"),
        ),
        *(_scenarios("processes", profile, 5) for profile in get_args(WireProfile)),
        *(_benchmark(name) for name in BENCHMARKS),
        Step("the same layers twice", 4, ("pytest", "-q", "-n", "0", IMAGES, "-k", "same_layers")),
        *(_scenarios("containers", profile, 7) for profile in get_args(WireProfile)),
    ]


def _in(federation: FederationName) -> tuple[str, str]:
    return "--federation", federation


def _scenarios(federation: FederationName, profile: WireProfile, minutes: float) -> Step:
    command = ("harness.cli", "run", "all", *_in(federation), "--wire-profile", profile)
    return Step(f"every scenario, {federation}, {profile}", minutes, command)


def _benchmark(name: str) -> Step:
    return Step(f"benchmark {name}", _MINUTES.get(name, 1.0), ("tests.benchmarks", name))


def chosen(steps: Iterable[Step], words: Sequence[str]) -> list[Step]:
    """The steps with one of these words in their name; all, if there are no words."""
    return [step for step in steps if not words or any(word in step.name for word in words)]


def do(step: Step, seconds_left: float) -> Done:
    """Run a step, unless there is no time; what it says goes into a file."""
    limit = min(step.minutes * 60 * SLACK, seconds_left)
    if limit <= 0:
        return Done(step, 0, "left out: the time is over")
    LOGS.mkdir(parents=True, exist_ok=True)
    begun = perf_counter()
    with (LOGS / f"{step.name.replace(' ', '-').replace(',', '')}.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own programs
            [sys.executable, "-m", *step.command],
            cwd=ROOT,
            env=os.environ | {"SEEDBED_BUILDS_ANEW": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        result = _result(process, limit)
    return Done(step, perf_counter() - begun, result)


def _result(process: subprocess.Popen[bytes], limit: float) -> str:
    """Wait; what takes too long is ended with all that it has started."""
    try:
        code = process.wait(limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return f"ended after {limit:.0f} s"
    return "ok" if code == 0 else f"exit code {code}"


def rows(done: Iterable[Done]) -> list[tuple[str, str, str]]:
    """The steps for people."""
    return [(each.step.name, f"{each.seconds:.0f} s", each.result) for each in done]


def page(done: Sequence[Done], at: datetime) -> str:
    """What docs/nightly.md says of a run."""
    told = ", ".join(f"{name} {value}" for name, value in machine().items())
    table = tabulate(rows(done), ("step", "took", "result"), tablefmt="github")
    good = sum(each.is_good for each in done)
    return (
        f"{_head()}{at:%Y-%m-%d %H:%M} UTC; {told}. {good} of {len(done)} steps ended well, in "
        f"{sum(each.seconds for each in done) / 60:.0f} minutes.\n\n{table}\n"
    )


def _head() -> str:
    """What the page says before it tells of a run."""
    return (
        PAGE.read_text(encoding="utf-8").partition("## The last run\n\n")[0] + "## The last run\n\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked for; 1 if anything failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", action="append", default=[], help="a word in a step's name")
    parser.add_argument("--list", action="store_true", help="tell the steps and run none")
    parser.add_argument("--fuzz-seconds", type=int, default=FUZZ_SECONDS, help="for each target")
    asked = parser.parse_args(arguments)
    steps = chosen(plan(asked.fuzz_seconds), asked.only)
    if not steps:
        parser.error("no step has such a name; --list tells them")
    if asked.list:
        lines = [(step.name, f"{step.minutes:g}", " ".join(step.command)) for step in steps]
        print(tabulate(lines, ("step", "minutes", "python -m")))  # noqa: T201 - the output
        return 0
    done = _all(steps)
    print("\n" + tabulate(rows(done), ("step", "took", "result")))  # noqa: T201 - the output
    if not asked.only:
        PAGE.write_text(page(done, datetime.now(UTC)), encoding="utf-8")
    return int(not all(each.is_good for each in done))


def _all(steps: Iterable[Step]) -> list[Done]:
    end = perf_counter() + MINUTES * 60
    done = []
    for step in steps:
        print(f"=== {step.name} …", flush=True)  # noqa: T201 - the output
        done.append(do(step, end - perf_counter()))
        print(f"    {done[-1].result}, {done[-1].seconds:.0f} s", flush=True)  # noqa: T201 - as above
    return done


if __name__ == "__main__":
    sys.exit(main())
