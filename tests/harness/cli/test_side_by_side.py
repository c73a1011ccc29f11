"""`seedbed run --jobs`: several federations play, and one verdict tells of all."""

import json
import os
import signal
from collections.abc import Mapping

import pytest

from harness.cli.running import Request
from tests.harness.cli.terminal import Terminal, until

SOME = ("run", "hostile_envelopes", "--federation", "joined", "--jobs", "2")
MUTANT: Mapping[str, str] = {
    "HARNESS_POD_FACTORY": "tests.mutants.factory:create_core",
    "SEEDBED_MUTANT": "mentions_are_not_repointed",
}
FORGETFUL = """
import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item):
    return "xml_bombs" in item.name or None
"""
SPOILING = """
from harness.errors import DiskFull
from harness.federation import Federation


def copy_databases(self, folder):
    raise DiskFull("no space left")


Federation.copy_databases = copy_databases
"""


def test_what_one_finds_is_the_verdict_of_all(here: Terminal) -> None:
    red, green = "all_that_carol_made", "an_untouched_federation"
    options = ("--federation", "joined", "--jobs", "2")
    run = here.call("run", red, green, *options, **MUTANT)
    result = json.loads((here.reports / "latest/result.json").read_text("utf-8"))
    assert (run.returncode, result["verdict"], result["side_by_side"]) == (1, "disagreed", 2)
    assert sorted(each["outcome"] for each in result["scenarios"]) == ["agreed", "disagreed"]
    assert "nothing_names_the_moved" in run.stdout
    assert "gw*/pods/*/log" in run.stdout
    folders = {
        path.relative_to(here.reports / "latest").parts
        for path in here.reports.glob("latest/gw*/pods/*/state.json")
    }
    assert folders == {
        (gw, "pods", f"pod{n}", "state.json") for gw in ("gw0", "gw1") for n in range(1, 5)
    }


def test_an_end_after_the_first_failure_is_no_interruption(here: Terminal) -> None:
    options = ("--federation", "joined", "--jobs", "2", "--", "-x")
    run = here.call("run", "all_that_carol_made", "an_untouched_federation", *options, **MUTANT)
    assert run.returncode == 1
    assert "verdict: disagreed" in run.stdout


def test_nothing_agrees_by_being_forgotten(here: Terminal) -> None:
    """A plugin that lets a worker drop a scenario, as a fault of pytest-xdist might."""
    (here.folder / "forgetful.py").write_text(FORGETFUL)
    options = ("--federation", "joined", "--jobs", "2", "--", "-p", "forgetful")
    path = f"{here.environment['PYTHONPATH']}:{here.folder}"
    run = here.call("run", "hostile_envelopes", *options, PYTHONPATH=path)
    assert run.returncode == 70
    assert "1 were never played, first " in run.stdout


BROKEN = """
import no_such_module
"""


def test_what_cannot_be_read_is_no_agreement(here: Terminal) -> None:
    broken = here.folder / "test_broken.py"
    broken.write_text(BROKEN)
    run = here.call(*SOME, "--", "--deselect=none", str(broken))
    assert run.returncode == 70
    assert "error: a scenario cannot be read: " in run.stdout
    assert "no_such_module" in run.stdout


def test_evidence_that_cannot_be_kept_is_no_agreement(here: Terminal) -> None:
    """What a worker finds out only when all its scenarios have ended."""
    (here.folder / "spoiling.py").write_text(SPOILING)
    path = f"{here.environment['PYTHONPATH']}:{here.folder}"
    run = here.call(*SOME, "--keep", "--", "-p", "spoiling", PYTHONPATH=path)
    assert run.returncode == 70
    assert "error: " in run.stdout


def test_each_of_them_can_be_compared_again(here: Terminal) -> None:
    here.call(*SOME)
    run = here.call("compare")
    assert run.returncode == 64
    assert "name the folder of one, such as reports/latest/gw0" in run.stderr
    # What a scripted peer has made is no act of the cast's.
    assert "post" in here.call("compare", "reports/latest/gw0").stdout


def test_servers_and_containers_play_alone(here: Terminal) -> None:
    run = here.call("run", "--federation", "processes", "--jobs", "2")
    assert (run.returncode, run.stdout) == (64, "")
    assert "have to be joined, not processes" in run.stderr


def test_a_name_that_means_nothing_leaves_no_folder(here: Terminal) -> None:
    run = here.call(*SOME, "--", "-k", "no_such_scenario")
    assert run.returncode == 2
    assert "no scenario ran" in run.stderr
    assert list(here.reports.iterdir()) == []


def test_a_process_that_dies_is_our_own_trouble(here: Terminal) -> None:
    factory = {"HARNESS_POD_FACTORY": "tests.harness.runtime.killed_pod:create_core"}
    run = here.call(*SOME, **factory)
    assert run.returncode == 70
    assert "the process that played it has died" in run.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_ends_all_of_them(here: Terminal, number: signal.Signals) -> None:
    with here.calling(*SOME) as child:
        until(child, "agreed")
        os.killpg(child.pid, number)
        said, complaints = child.communicate(timeout=60)
    assert (child.returncode, "Traceback" in complaints) == (2, False)
    assert "verdict: interrupted" in said
    assert here.is_deserted(), here.processes()
    assert here.leftovers() == []


def test_a_run_that_is_killed_takes_all_of_them_with_it(here: Terminal) -> None:
    with here.calling(*SOME) as child:
        until(child, "agreed")
        child.kill()
        child.communicate(timeout=60)
    assert here.is_deserted(), here.processes()
    here.call("run", "an_untouched", "--federation", "joined")  # removes what the dead have left


@pytest.mark.parametrize(
    ("request_", "federation", "is_one"),
    [
        (Request(names=("all",)), "joined", False),
        (Request(repeat=9), "joined", False),
        (Request(), "joined", True),
        (Request(names=("all",)), "processes", True),
        (Request(names=("all",)), "auto", True),
        (Request(names=("all",), jobs=1), "joined", True),
        (Request(names=("all", "-n", "3")), "joined", True),
        (Request(names=("all", "--pdb")), "joined", True),
        (Request(names=("all", "-p", "no:xdist")), "joined", True),
        (Request(names=("all", "-k", "mail", "-x")), "joined", False),
    ],
)
def test_each_processor_plays_if_there_is_much_to_play(
    request_: Request, federation: str, *, is_one: bool
) -> None:
    expected = 1 if is_one else len(os.sched_getaffinity(0))
    assert request_.side_by_side(federation) == expected  # type: ignore[arg-type]
