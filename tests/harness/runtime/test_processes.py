"""Four real servers: how they come, and that they go."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from harness.driver.registry import adapter
from harness.errors import PodDied
from harness.federation import Federation
from harness.runtime.processes import Processes
from harness.runtime.ready import wait_until
from harness.runtime.rundir import sweep
from harness.settings import ROOT, HarnessSettings

HOLD = Path(__file__).with_name("hold_pods.py")
SOON = timedelta(seconds=20)


@pytest.fixture
def processes(settings: HarnessSettings, tmp_path: Path) -> Iterator[Processes]:
    runtime = Processes(settings, tmp_path / "run")
    runtime.start()
    yield runtime
    runtime.stop()


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def hold(folder: Path) -> tuple["subprocess.Popen[str]", list[int], Path]:
    child = subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, str(HOLD), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    report = json.loads(child.stdout.readline())
    return child, report["pids"], Path(report["scratch"])


def end(child: "subprocess.Popen[str]", number: int) -> None:
    child.send_signal(number)
    child.wait(60)
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()


def test_servers_that_are_killed_come_back_with_all_that_they_accepted(
    processes: Processes,
) -> None:
    federation = Federation(processes, adapter("reference"), seed=1, settle_timeout=SOON)
    carol, bob = federation["pod1"].sign_up("carol"), federation["pod3"].sign_up("bob")
    carol.share(bob, aspect="friends")
    federation.settle()
    federation["pod3"].kill()
    post = carol.post("are you there?", to="friends")
    assert federation.settle().holding(post) == ("pod1",)

    federation["pod1"].kill()
    federation["pod1"].start()
    federation["pod3"].start()
    federation.clock.advance(timedelta(hours=1))
    assert federation.settle().holding(post) == ("pod1", "pod3")


def test_a_server_that_dies_on_its_own_is_named_with_the_end_of_its_log(
    processes: Processes,
) -> None:
    os.kill(processes.pids()["pod2"], signal.SIGKILL)
    with pytest.raises(PodDied, match="pod2 has ended with status -9"):
        wait_until(
            lambda: processes.let_work(timedelta(seconds=1)) == {}, timeout=timedelta(seconds=5)
        )


def test_two_runs_side_by_side_do_not_meet(processes: Processes, tmp_path: Path) -> None:
    other = Processes(HarnessSettings(boot_seconds=60), tmp_path / "other")
    other.start()
    try:
        federation = Federation(other, adapter("reference"), seed=1, settle_timeout=SOON)
        federation["pod1"].sign_up("carol")
        assert {*other.pids().values()}.isdisjoint(processes.pids().values())
        accounts = [row for row in processes.control["pod1"].state()["rows"] if row[0] == "account"]
        assert accounts == []
    finally:
        other.stop()


def test_stopping_leaves_no_process_and_no_file_behind(processes: Processes) -> None:
    pids, scratch = processes.pids().values(), processes.scratch
    assert len(pids) == 4
    processes.stop()
    assert [pid for pid in pids if lives(pid)] == []
    assert not scratch.exists()


def test_ctrl_c_leaves_no_process_and_no_file_behind(tmp_path: Path) -> None:
    child, pids, scratch = hold(tmp_path / "run")
    end(child, signal.SIGINT)
    assert [pid for pid in pids if lives(pid)] == []
    assert not scratch.exists()


def test_a_killed_harness_takes_its_servers_with_it_and_the_next_run_its_files(
    tmp_path: Path,
) -> None:
    child, pids, scratch = hold(tmp_path / "run")
    end(child, signal.SIGKILL)
    assert wait_until(lambda: not any(map(lives, pids)), timeout=SOON)
    sweep(scratch.parent)
    assert not scratch.exists()


def test_a_server_that_dies_while_booting_fails_at_once_with_its_last_lines(
    settings: HarnessSettings, tmp_path: Path
) -> None:
    broken = settings.changed(pod_factory="tests.harness.runtime.broken_pod:create_core")
    runtime = Processes(broken, tmp_path / "run")
    with pytest.raises(PodDied) as death:
        runtime.start()
    assert "pod1 has ended with status 1" in death.value.what
    assert "  | line 59" in death.value.what
    assert "  | line 9\n" not in death.value.what
    assert not runtime.scratch.exists()
