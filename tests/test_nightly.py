"""The long lane: its plan has everything, fits into an hour, and goes on after a failure."""

import importlib
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from harness.settings import ROOT, FederationName, WireProfile
from tests import nightly
from tests.fuzz import targets
from tests.nightly import Done, Step, chosen, plan

FEDERATIONS = [name for name in get_args(FederationName) if name != "auto"]


def test_the_plan_has_every_scenario_in_every_federation_and_form() -> None:
    wanted = {
        ("harness.cli", "run", "all", "--federation", federation, "--wire-profile", profile)
        for federation in FEDERATIONS
        for profile in get_args(WireProfile)
    }
    assert {step.command for step in plan()} >= wanted


def test_the_plan_has_every_benchmark_that_there_is() -> None:
    folder = Path(nightly.__file__).parent / "benchmarks"
    found = {path.stem for path in folder.glob("*.py") if "def main()" in path.read_text("utf-8")}
    planned = {step.command[1] for step in plan() if step.command[0] == "tests.benchmarks"}
    assert planned == found - {"__main__"}


def test_the_plan_lets_the_rules_run_on_the_other_database() -> None:
    (rules,) = chosen(plan(), ["PostgreSQL"])
    assert rules.command[-3:] == ("tests/pod/domain", "--database", "postgresql")


def test_the_plan_repeats_the_headline() -> None:
    repeated = {step.command[-3]: step.command[-1] for step in plan() if "--repeat" in step.command}
    assert repeated == {"joined": "500", "processes": "50"}


def test_the_plan_fits_into_its_time_and_so_does_fuzzing() -> None:
    (fuzz,) = chosen(plan(), ["fuzz"])
    starting = 3
    assert sum(step.minutes for step in plan()) <= nightly.MINUTES
    assert len(targets.TARGETS) * (nightly.FUZZ_SECONDS + starting) <= fuzz.minutes * 60


def test_every_step_has_a_name_of_its_own_and_a_module_that_exists() -> None:
    steps = plan()
    assert len({step.name for step in steps}) == len(steps)
    for step in steps:
        importlib.import_module(step.command[0])


def test_steps_are_chosen_by_a_word_in_their_name() -> None:
    assert [step.name for step in chosen(plan(), ["wire", "fuzz"])] == ["fuzz", "benchmark wire"]
    assert chosen(plan(), []) == plan()


def test_the_headline_that_is_repeated_is_a_scenario() -> None:
    scenario = (ROOT / "scenarios" / "test_account_migration.py").read_text("utf-8")
    assert nightly.HEADLINE in scenario


GOOD = Step("good", 1, ("timeit", "-n1", "-r1", "pass"))
BAD = Step("bad", 1, ("no_such_module",))
ENDLESS = Step("endless", 0.005, ("timeit", "-n1", "import signal; signal.pause()"))


def test_the_lane_goes_on_after_a_failure_and_tells_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "nightly.md"
    written.write_text("# Head\n\n## The last run\n\nnone\n")
    monkeypatch.setattr(nightly, "LOGS", tmp_path)
    monkeypatch.setattr(nightly, "PAGE", written)
    monkeypatch.setattr(nightly, "plan", lambda _seconds: [BAD, ENDLESS, GOOD])

    assert nightly.main([]) == 1
    assert nightly.main(["--only", "good"]) == 0

    assert "ended after 1 s" in capsys.readouterr().out
    lines = written.read_text().splitlines()
    results = [line.split("|")[-2].strip() for line in lines if line.startswith("| ")]
    assert (lines[0], results) == ("# Head", ["result", "exit code 1", "ended after 1 s", "ok"])


def test_what_does_not_fit_into_the_time_is_left_out() -> None:
    assert nightly.do(GOOD, 0) == Done(GOOD, 0, "left out: the time is over")


def test_the_page_says_when_and_on_what_without_names() -> None:
    text = nightly.page([Done(GOOD, 61, "ok")], datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    (line,) = [line for line in text.splitlines() if line.startswith("2026-01-02 03:04 UTC; cpus ")]
    assert line.endswith("1 of 1 steps ended well, in 1 minutes.")
