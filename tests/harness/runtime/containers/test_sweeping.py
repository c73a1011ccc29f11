"""What a run leaves in the engine: nothing; if it is killed, until the next run."""

import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from docker import DockerClient
from docker.errors import APIError

from harness.runtime.containers import sweeping
from harness.runtime.containers.engine import Engine
from harness.runtime.containers.images import images
from harness.runtime.containers.labels import OWNER, ROLE, RUN, _beginning, owner
from harness.runtime.containers.networks import make_network
from harness.runtime.containers.places import wheel_cache
from harness.runtime.containers.sweeping import remove_run, sweep
from harness.settings import HarnessSettings
from tests.harness.runtime.containers.held import end, hold, left_of

RUNS_AT_ONCE = 4
POD_COUNT = 4
WAIT = ["python3.11", "-c", "import signal; signal.pause()"]


@pytest.fixture(scope="module")
def gate_image(engine: Engine, settings: HarnessSettings) -> str:
    with closing(engine.connect()) as client:
        return images(client, wheel_cache(settings), lambda _: None, settings.base_image).gate


def test_ctrl_c_leaves_nothing_behind(engine: Engine, tmp_path: Path) -> None:
    child, run, scratch = hold(tmp_path / "run")
    end(child, signal.SIGINT)
    assert left_of(run, engine) == []
    assert not scratch.exists()


def test_what_a_killed_command_leaves_is_swept_by_the_next(engine: Engine, tmp_path: Path) -> None:
    child, run, scratch = hold(tmp_path / "run")
    assert len(left_of(run, engine)) == 10  # before others may sweep it
    end(child, signal.SIGKILL)
    with closing(engine.connect()) as client:
        sweep(client)
    assert left_of(run, engine) == []
    shutil.rmtree(scratch)  # which the next run would have done, too


def test_a_run_of_another_process_is_not_swept_while_it_lives(
    engine: Engine, tmp_path: Path
) -> None:
    child, run, scratch = hold(tmp_path / "run")
    try:
        with closing(engine.connect()) as client:
            sweep(client)
        assert len(left_of(run, engine)) == 10
    finally:
        end(child, signal.SIGINT)
    assert (left_of(run, engine), scratch.exists()) == ([], False)


def make_run_of(
    child: "subprocess.Popen[bytes]",
    client: DockerClient,
    image: str,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """Networks with a running container on each, made by a process that has not ended yet."""
    run = f"child-{child.pid}"
    boot, namespace, *_ = owner().split("/")
    its = f"{boot}/{namespace}/{child.pid}/{_beginning(child.pid)}"
    with monkeypatch.context() as patch:
        patch.setattr("harness.runtime.containers.labels.owner", lambda: its)
        networks = [make_network(client, run, f"pod{number}") for number in range(POD_COUNT)]
    for network in networks:
        client.containers.run(
            image,
            WAIT,
            detach=True,
            network=network.id,
            labels={RUN: run, OWNER: its, ROLE: network.role},
        )
    return run


def test_runs_that_sweep_the_same_dead_run_at_once_do_not_disturb_each_other(
    engine: Engine, gate_image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = threading.Barrier(RUNS_AT_ONCE)

    def sweep_at_once(_: int) -> None:
        with closing(engine.connect()) as own_client:
            own_client.ping()
            at_once.wait()
            sweep(own_client)

    # It lives while all is made: other tests at the same time sweep what is of the dead, too.
    command = [sys.executable, "-c", "import signal; signal.pause()"]
    with closing(engine.connect()) as client, subprocess.Popen(command) as child:  # noqa: S603
        run = make_run_of(child, client, gate_image, monkeypatch)
        assert len(left_of(run, engine)) == 2 * POD_COUNT
        child.kill()
        child.wait()
        with ThreadPoolExecutor(RUNS_AT_ONCE) as threads:
            list(threads.map(sweep_at_once, range(RUNS_AT_ONCE)))
    assert left_of(run, engine) == []


def test_what_cannot_be_removed_is_told_of_when_the_time_is_over(
    engine: Engine, gate_image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "PATIENCE", sweeping._INTERVAL)
    run = f"busy-{owner().rpartition('/')[2]}"
    with closing(engine.connect()) as client:
        network = make_network(client, run, "pod1")
        # Somebody else's container, which no run may remove.
        guest = client.containers.run(
            gate_image,
            WAIT,
            detach=True,
            network=network.id,
            labels={OWNER: owner()},
        )
        try:
            with pytest.raises(APIError, match="has active endpoints"):
                remove_run(client, run)
        finally:
            guest.remove(force=True)
        remove_run(client, run)
    assert left_of(run, engine) == []
