"""`seedbed run`: what it prints, what it leaves, and with which status it ends."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from harness.cli.choosing import available, scenario_folder
from tests.harness.cli.terminal import Terminal

QUICK = ("run", "an_untouched_federation", "--federation", "joined")
BROKEN = {"HARNESS_POD_FACTORY": "tests.harness.runtime.broken_pod:create_core"}
TRACE = "Traceback (most recent call last)"


def test_a_green_run_ends_with_its_verdict_and_leaves_its_evidence(here: Terminal) -> None:
    run = here.call(*QUICK)
    assert (run.returncode, TRACE in run.stderr) == (0, False)
    assert run.stdout.splitlines()[-1].startswith("verdict: agreed (1 scenarios: 1 agreed) in ")
    assert "\x1b" not in run.stderr + run.stdout  # there is no terminal
    told = [line.partition("] ")[2] for line in run.stderr.splitlines()]
    assert told[0] == "boot: joined: as asked for"
    assert told[1] == "seed: seed 1"
    assert told[2].startswith("agreed        an untouched federation does not disagree (")
    assert told[3:] == ["stop"]

    (folder,) = (path for path in here.reports.iterdir() if not path.is_symlink())
    assert (here.reports / "latest").resolve() == folder
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == [
        *("junit.xml", "result.json", "state.acts.json", "wire.jsonl")
    ]
    result = json.loads((folder / "result.json").read_text("utf-8"))
    assert (result["verdict"], result["exit_status"], result["run"]) == ("agreed", 0, folder.name)
    assert [each["name"] for each in result["phases"]] == [
        *("boot", "seed", "restore", "scenarios", "stop")
    ]
    suite = ElementTree.parse(folder / "junit.xml").getroot()[0]  # noqa: S314 - our own
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("1", "0", "0")
    lines = (folder / "wire.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["verdict"] for line in lines} <= {"passed"}
    logs = {path.parent.name for path in folder.glob("pods/*/log")}
    states = {path.parent.name for path in folder.glob("pods/*/state.json")}
    assert logs == states == {"pod1", "pod2", "pod3", "pod4"}


def test_a_run_of_fewer_scenarios_than_it_had_to_judge_is_inconclusive(here: Terminal) -> None:
    run = here.call(*QUICK, "--floor", "2")
    assert run.returncode == 2
    assert "verdict: unknown (1 scenarios: 1 agreed; 2 had to be judged)" in run.stdout


def test_json_is_all_that_goes_to_standard_output_if_asked_for(here: Terminal) -> None:
    run = here.call(*QUICK, "--json")
    assert run.returncode == 0
    assert json.loads(run.stdout) == json.loads((here.reports / "latest/result.json").read_text())


def test_a_red_run_says_what_was_expected_and_what_was_found(here: Terminal) -> None:
    name = "all_that_carol_made"
    broken = {
        "HARNESS_POD_FACTORY": "tests.mutants.factory:create_core",
        "SEEDBED_MUTANT": "mentions_are_not_repointed",
    }
    run = here.call("run", name, "--federation", "joined", **broken)
    assert (run.returncode, run.stderr.count(TRACE)) == (1, 0)
    assert "disagreed: all that carol made is by christy on every pod\n" in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 160
    assert "nothing_names_the_moved" in run.stdout

    closer = run.stdout.partition("look closer:\n")[2].splitlines()[0].split()
    again = here.call(*closer[1:], **broken)
    assert again.returncode == 1
    assert "verdict: disagreed (1 scenarios: 1 disagreed)" in again.stdout


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("run", "acount_migration"), 64, "Did you mean account_migration"),
        (("run", "nothing_like_it"), 64, "no scenario is called 'nothing_like_it'. There are "),
        (("run", "--federation", "clouds"), 64, "federation is 'clouds'; expected one of auto"),
        (("run", "--seed", "one"), 64, "Invalid value for '--seed'"),
        (("run", "--repeat", "0"), 64, "Invalid value for '--repeat'"),
        (("run", "--wire-profile", "x"), 64, "wire_profile is 'x'; expected one of account_rename"),
        (("run", "--nonsense"), 64, "No such option: --nonsense"),
        (("ran",), 64, "No such command 'ran'"),
        (("run", "seeding", "--", "--nonsense"), 64, "unrecognized arguments: --nonsense"),
        (("run", "seeding", "--", "-k", "nothing"), 2, "no scenario ran"),
        (("run", "--reports", "file/reports"), 64, "cannot hold the evidence: Not a directory"),
        (("compare",), 64, "reports/latest has no pods/*/state.json"),
        (("compare", "nowhere"), 64, "nowhere has no pods/*/state.json"),
        (("down",), 64, "no pods are up. `seedbed up` starts them"),
        (("up", "--port", "99999"), 64, "port 99999 on 127.0.0.1 cannot be opened"),
    ],
)
def test_a_mistake_is_named_and_changes_nothing(
    here: Terminal, words: tuple[str, ...], status: int, said: str
) -> None:
    (here.folder / "file").write_text("no folder")
    answer = here.call(*words)
    assert (answer.returncode, answer.stdout) == (status, "")
    assert said in " ".join(answer.stderr.split())
    assert TRACE not in answer.stderr
    assert {path.name for path in here.folder.iterdir()} <= {"file", "reports"}
    assert list(here.reports.glob("*")) == []


def test_a_setting_in_the_environment_that_makes_no_sense_is_named(here: Terminal) -> None:
    answer = here.call("run", HARNESS_SEED="one")
    assert (answer.returncode, TRACE in answer.stderr) == (64, False)
    assert "seed is 'one'; expected a number" in answer.stderr


def test_pods_that_do_not_come_up_are_our_trouble_told_once(here: Terminal) -> None:
    run = here.call("run", "seeding", "--federation", "processes", **BROKEN)
    assert (run.returncode, TRACE in run.stderr) == (70, False)
    assert run.stdout.count("has ended with status 1") == 1
    assert "  | line 59" in run.stdout
    assert "verdict: harness error (1 scenarios: 1 harness error)" in run.stdout
    assert json.loads((here.reports / "latest/result.json").read_text())["exit_status"] == 70


def test_repetitions_and_options_for_pytest_are_obeyed(here: Terminal) -> None:
    run = here.call(
        "run", "seeding", "--federation", "joined", "--repeat", "3", "--", "-k", "lives or live"
    )
    assert run.returncode == 0
    assert "3 x agreed" in run.stdout


def test_what_was_compared_can_be_compared_again(here: Terminal) -> None:
    assert here.call(*QUICK).returncode == 0
    again, as_json = here.call("compare"), here.call("compare", "reports/latest", "--json")
    assert (again.returncode, again.stdout) == (0, "no disagreement between the pods\n")
    assert (as_json.returncode, json.loads(as_json.stdout)) == (0, [])

    (state,) = (here.reports / "latest").glob("pods/pod3/state.json")
    spoil(state)
    spoiled = here.call("compare")
    assert spoiled.returncode == 1
    assert "same_content_everywhere" in spoiled.stdout
    state.write_text("{")
    assert here.call("compare").returncode == 64


def spoil(state: Path) -> None:
    document = json.loads(state.read_text("utf-8"))
    post = next(fields for kind, _, fields in document["rows"] if kind == "post")
    post["text"] = "somebody else's words"
    state.write_text(json.dumps(document), "utf-8")


def test_every_scenario_can_be_called_by_its_file_or_its_own_name() -> None:
    found = available(scenario_folder())
    assert sum(map(len, found.values())) > 20
    assert all(name.startswith("test_") for names in found.values() for name in names)
