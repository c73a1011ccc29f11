"""Whoever stops the command, however, leaves no process and no file behind."""

import os
import signal
from pathlib import Path

import pytest

from tests.harness.cli.terminal import Terminal, terminal, until

RUN = ("run", "seeding", "--federation", "processes")
PHASES = {"boot": "boot: processes", "seed": "seed: seed 1", "scenario": "agreed"}
TRACE = "Traceback (most recent call last)"
both_ends = pytest.mark.parametrize("phase", PHASES)


def settings_for(phase: str, here: Terminal) -> dict[str, str]:
    """A past has to be made, so that there is time to stop that."""
    return {"HARNESS_CACHE": str(here.folder / "empty")} if phase == "seed" else {}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@both_ends
def test_a_run_that_is_stopped_tidies_up_and_is_inconclusive(
    here: Terminal, phase: str, number: signal.Signals
) -> None:
    with here.calling(*RUN, **settings_for(phase, here)) as child:
        until(child, PHASES[phase])
        os.killpg(child.pid, number)
        said, complaints = child.communicate(timeout=60)

    assert (child.returncode, TRACE in complaints) == (2, False)
    assert "verdict: interrupted" in said
    assert here.is_deserted(), here.processes()
    assert here.leftovers() == []
    assert (here.reports / "latest/result.json").exists()


def test_impatience_does_not_cut_tidying_short(here: Terminal) -> None:
    with here.calling(*RUN) as child:
        until(child, PHASES["scenario"])
        for _ in range(5):
            os.killpg(child.pid, signal.SIGINT)
        child.communicate(timeout=60)
    assert child.returncode == 2
    assert here.is_deserted(), here.processes()
    assert here.leftovers() == []


@pytest.mark.parametrize("federation", ["joined", "processes"])
def test_a_run_that_is_killed_takes_its_pods_with_it_and_the_next_removes_its_files(
    here: Terminal, federation: str
) -> None:
    with here.calling("run", "seeding", "--federation", federation) as child:
        until(child, PHASES["scenario"])
        assert len(here.leftovers()) == 1
        child.kill()
        child.communicate(timeout=60)
    assert here.is_deserted(), here.processes()

    following = here.call("run", "an_untouched_federation", "--federation", "joined")
    assert following.returncode == 0
    assert here.leftovers() == []


def test_two_runs_at_once_do_not_meet(here: Terminal, tmp_path: Path, kept_past: Path) -> None:
    other_folder = tmp_path / "other"
    other_folder.mkdir()
    with (
        terminal(other_folder, kept_past, short_lived=here.short_lived) as other,
        here.calling(*RUN) as one,
        other.calling(*RUN) as two,
    ):
        verdicts = [each.communicate(timeout=120)[0].splitlines()[-1] for each in (one, two)]
        assert (one.returncode, two.returncode) == (0, 0)
        assert all(verdict.startswith("verdict: agreed") for verdict in verdicts)
        assert other.is_deserted(), other.processes()


def test_two_runs_in_one_folder_keep_their_evidence_apart(here: Terminal) -> None:
    run = ("run", "an_untouched_federation", "--federation", "joined")
    with here.calling(*run) as one, here.calling(*run) as two:
        for each in (one, two):
            each.communicate(timeout=120)
    assert (one.returncode, two.returncode) == (0, 0)
    kept = [path for path in here.reports.iterdir() if not path.is_symlink()]
    assert [(path / "result.json").exists() for path in kept] == [True, True]
