"""The plugin tells what became of each scenario, and the exit status says the worst of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from harness.settings import ROOT

SCENARIOS = '''
"""Made up for a test of the plugin.

Clauses: FIX-01
"""

import pytest

from harness import Account, CanMigrate, Federation, Fixtures, Gate, Peer


class CanFly:
    """An ability that no implementation has."""


def test_carol_posts_and_bob_sees_it(federation: Federation, carol: Account, bob: Account) -> None:
    post = carol.post("hello")
    federation.settle()
    assert bob.sees(post)


def test_dave_sees_what_was_never_sent_to_him(
    federation: Federation, dave: Account, fixtures: Fixtures
) -> None:
    """Dave sees it.

    Clauses: FIX-02,
        FIX-03.
    """
    federation.settle()
    assert dave.sees(fixtures.posts["carol_limited_friends"])


@pytest.mark.needs(CanMigrate, CanFly)
def test_carol_flies_to_another_pod(federation: Federation) -> None:
    raise AssertionError("not to be run")


def test_a_loss_that_met_nothing(federation: Federation, gate: Gate) -> None:
    with gate.losing("like", to="pod4"):
        federation.settle()


def test_an_act_that_the_model_does_not_know(federation: Federation) -> None:
    federation.journal.add("carol@pod1.test", "fly", {})


def test_a_mistake_of_the_scenario(federation: Federation) -> None:
    {}["nothing"]


def test_everything_was_done_by_a_fixture(christy: Account) -> None:
    assert str(christy) == "christy@pod2.test"


def test_a_peer_is_asked_what_nobody_expected(
    federation: Federation, peer: Peer, bob: Account
) -> None:
    bob.look_up("eve@peer.test")


'''


TOLD = {
    "test_carol_posts_and_bob_sees_it": (
        "agreed",
        "carol posts and bob sees it",
        ["FIX-01"],
    ),
    "test_dave_sees_what_was_never_sent_to_him": (
        "disagreed",
        "Dave sees it",
        ["FIX-02", "FIX-03"],
    ),
    "test_carol_flies_to_another_pod": (
        "unsupported",
        "carol flies to another pod",
        ["FIX-01"],
    ),
    "test_a_loss_that_met_nothing": ("unknown", "a loss that met nothing", ["FIX-01"]),
    "test_an_act_that_the_model_does_not_know": (
        "unknown",
        "an act that the model does not know",
        ["FIX-01"],
    ),
    "test_a_mistake_of_the_scenario": (
        "harness error",
        "a mistake of the scenario",
        ["FIX-01"],
    ),
    "test_everything_was_done_by_a_fixture": (
        "agreed",
        "everything was done by a fixture",
        ["FIX-01"],
    ),
    "test_a_peer_is_asked_what_nobody_expected": (
        "disagreed",
        "a peer is asked what nobody expected",
        ["FIX-01"],
    ),
}


def run(tmp_path: Path, *options: str) -> tuple[int, str, Path]:
    (tmp_path / "test_made_up.py").write_text(SCENARIOS)
    command = [sys.executable, "-m", "pytest", "-p", "harness.plugin", "-p", "no:cacheprovider"]
    command += ["--federation=joined", f"--reports={tmp_path}/reports", *options, str(tmp_path)]
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "HARNESS_CACHE": str(ROOT / ".seedbed" / "cache"),
    }
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr, tmp_path / "reports" / "latest"


def test_each_scenario_has_an_outcome_and_the_worst_decides(tmp_path: Path) -> None:
    status, output, folder = run(tmp_path)
    result = json.loads((folder / "result.json").read_text())
    told = {
        each["name"].partition("::")[2]: (each["outcome"], each["story"], each["clauses"])
        for each in result["scenarios"]
    }
    assert told == TOLD
    assert result["scenarios"][-1]["reason"] == (
        "peer.test did not expect: GET /.well-known/webfinger?resource=acct:eve@peer.test from pod3"
    )
    assert result["scenarios"][3]["reason"] == (
        "what was imposed met nothing, so nothing was shown by it: lose like to pod4"
    )
    reasons = {each["outcome"]: each["reason"] for each in result["scenarios"]}
    assert reasons["unsupported"] == "the adapter reference lacks the ability CanFly"
    assert reasons["harness error"].splitlines()[1:] == ["KeyError: 'nothing'"]
    assert reasons["unknown"] == "the model does not know what these acts lead to: fly"
    assert (status, result["exit_status"]) == (70, 70)
    assert "journal" in output
    assert sorted(path.name for path in (folder / "pods" / "pod1").iterdir()) == [
        "log",
        "state-test_dave_sees_what_was_never_sent_to_him.json",
        "state.json",
    ]


def test_side_by_side_each_scenario_has_the_same_outcome_and_the_same_place(tmp_path: Path) -> None:
    status, _, folder = run(tmp_path, "-n", "2")
    result = json.loads((folder / "result.json").read_text())
    told = {
        each["name"].partition("::")[2]: (each["outcome"], each["story"], each["clauses"])
        for each in result["scenarios"]
    }
    assert list(told.items()) == list(TOLD.items())
    assert (status, result["exit_status"], result["side_by_side"]) == (70, 70, 2)
    evidence = [path.parent.name for path in folder.glob("gw*/pods/pod1/state-test_dave*.json")]
    assert len(evidence) == 1


def test_scenarios_are_repeated_as_often_as_asked_for(tmp_path: Path) -> None:
    status, _, folder = run(tmp_path, "-k", "carol_posts", "--repeat=3")
    result = json.loads((folder / "result.json").read_text())
    assert [(each["repetition"], each["outcome"]) for each in result["scenarios"]] == [
        (1, "agreed"),
        (2, "agreed"),
        (3, "agreed"),
    ]
    assert status == 0


def test_what_fixtures_act_counts_among_what_a_scenario_takes(tmp_path: Path) -> None:
    _, _, folder = run(tmp_path, "-k", "done_by_a_fixture")
    result = json.loads((folder / "result.json").read_text())
    steps = {step["kind"]: step["seconds"] for step in result["critical_path"]}
    assert result["scenarios"][0]["seconds"] > steps["settle"] > 0
