"""Each broken pod is caught, by the check that is there for it, which names pod and object.

A mutant that survives is a defect of a check or of a scenario.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.verify import CHECKS
from tests.mutants.factory import VARIABLE
from tests.mutants.forked import call
from tests.mutants.registry import MUTANTS, Mutant

FACTORY = "tests.mutants.factory:create_core"
IN_PROCESSES = (
    "mentions_are_not_repointed",
    "old_home_does_not_answer_for_the_old_id",
    "limited_posts_reach_followers",
)


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its exit code, result.json, and what was said on the console."""

    status: int
    result: dict[str, Any]
    said: str

    def findings(self) -> list[dict[str, str]]:
        return [finding for each in self.result["scenarios"] for finding in each["findings"]]


def play(folder: Path, mutant: str, federation: str, scenarios: tuple[str, ...]) -> Run:
    """Run scenarios with pods that are mutants; all mutants share one past, of healthy pods."""
    environment = {"HARNESS_POD_FACTORY": FACTORY, VARIABLE: mutant}
    said = folder / "said"
    words = ("run", *scenarios, f"--federation={federation}", f"--reports={folder}")
    status = call(words, environment, said)
    path = folder / "latest" / "result.json"
    result = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return Run(status, result, said.read_text("utf-8"))


def is_caught(finding: dict[str, str], mutant: Mutant) -> bool:
    return (
        finding["rule"] == mutant.rule
        and finding["pod"] == mutant.pod
        and finding["subject"].startswith(mutant.subject)
        and mutant.field in ("", finding["field"])
    )


def assert_caught(run: Run, mutant: Mutant) -> None:
    assert run.status == 1, run.said
    assert [each for each in run.findings() if is_caught(each, mutant)], run.said


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_a_broken_pod_is_caught_and_named(tmp_path: Path, name: str) -> None:
    mutant = MUTANTS[name]
    assert_caught(play(tmp_path, name, "joined", mutant.scenarios), mutant)


@pytest.mark.parametrize("name", IN_PROCESSES)
def test_a_broken_server_is_caught_and_named(tmp_path: Path, name: str) -> None:
    mutant = MUTANTS[name]
    assert_caught(play(tmp_path, name, "processes", mutant.scenarios), mutant)


def test_the_same_scenarios_find_nothing_in_healthy_pods(tmp_path: Path) -> None:
    scenarios = sorted({name for mutant in MUTANTS.values() for name in mutant.scenarios})
    run = play(tmp_path, "", "joined", tuple(scenarios))
    assert (run.status, run.result.get("verdict")) == (0, "agreed"), run.said


def test_a_mutant_that_does_not_exist_is_no_healthy_pod(tmp_path: Path) -> None:
    run = play(tmp_path, "nobody", "joined", ("the_cast_live",))
    assert run.status == 70
    assert "SEEDBED_MUTANT is 'nobody'" in run.said


def test_each_check_is_shown_to_fail_by_a_mutant() -> None:
    proven = {mutant.rule for mutant in MUTANTS.values()}
    assert [check.__name__ for check in CHECKS if check.__name__ not in proven] == []


def test_each_mutant_says_what_is_broken_in_one_sentence() -> None:
    told = {mutant.name: mutant.breaks for mutant in MUTANTS.values()}
    assert [name for name, text in told.items() if not text.endswith(".") or "\n" in text] == []
