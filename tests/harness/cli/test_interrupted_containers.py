"""Whoever stops a run of containers, or kills its gate, leaves nothing in the engine either."""

import os
import re
import signal
from contextlib import closing
from pathlib import Path

import pytest

from harness.runtime.containers.engine import Engine
from harness.runtime.containers.images import images
from harness.settings import ROOT
from tests.harness.cli.terminal import Terminal, until
from tests.harness.runtime.containers.held import made_by
from tests.harness.runtime.containers.needed import need_engine

RUN = ("run", "seeding", "--federation", "containers")
PHASES = {"boot": "boot: containers", "seed": "seed: seed 1", "scenario": "agreed"}
TRACE = "Traceback (most recent call last)"
# However slow the machine is just now: nothing here measures time.
PATIENT = {"HARNESS_BOOT_SECONDS": "120", "HARNESS_SETTLE_SECONDS": "120"}
SECONDS = 180


@pytest.fixture(scope="module")
def engine() -> Engine:
    """An engine with images, so that booting is not building."""
    engine = need_engine()
    with closing(engine.connect()) as client:
        images(client, ROOT / ".seedbed" / "wheels", lambda _: None)
    return engine


def settings_for(phase: str, folder: Path) -> dict[str, str]:
    """A past has to be made, so that there is time to stop that."""
    return PATIENT | ({"HARNESS_CACHE": str(folder / "empty")} if phase == "seed" else {})


@pytest.mark.parametrize("phase", PHASES)
def test_ctrl_c_leaves_neither_containers_nor_networks_nor_files(
    here: Terminal, engine: Engine, phase: str
) -> None:
    with here.calling(*RUN, **settings_for(phase, here.folder)) as child:
        until(child, PHASES[phase])
        began_with = made_by(child.pid, engine)
        os.killpg(child.pid, signal.SIGINT)
        said, complaints = child.communicate(timeout=SECONDS)

    assert phase == "boot" or len(began_with) == 10
    assert (child.returncode, TRACE in complaints) == (2, False), complaints
    assert "verdict: interrupted" in said
    assert made_by(child.pid, engine) == []
    assert here.is_deserted(), here.processes()
    assert here.leftovers() == []


INTERRUPTING = """
import os, signal


def pytest_runtest_call():
    os.kill(os.getpid(), signal.SIGINT)
"""


def test_ctrl_c_in_the_midst_of_a_scenario_is_an_interruption_and_nothing_else(
    here: Terminal,
    engine: Engine,  # noqa: ARG001 (nothing runs without it)
) -> None:
    """Its fixtures end when the gate is gone already."""
    (here.folder / "interrupting.py").write_text(INTERRUPTING)
    path = f"{here.environment['PYTHONPATH']}:{here.folder}"
    run = here.call(*RUN, "--", "-p", "interrupting", PYTHONPATH=path, **PATIENT)
    assert (run.returncode, TRACE in run.stderr) == (2, False), run.stderr
    assert "verdict: interrupted" in run.stdout
    assert "seedbed: " not in run.stderr


def test_a_gate_that_others_kill_is_named_and_is_our_failure(
    here: Terminal, engine: Engine
) -> None:
    with here.calling(*RUN, **PATIENT) as child:
        until(child, PHASES["scenario"])
        gate, *_ = made_by(child.pid, engine, role="gate")
        with closing(engine.connect()) as client:
            client.api.kill(gate)
        said, complaints = child.communicate(timeout=SECONDS)

    assert (child.returncode, TRACE in said + complaints) == (70, False), said + complaints
    assert re.search("the gate (is gone|has ended with status 137)", said), said
    assert made_by(child.pid, engine) == []
    assert here.is_deserted(), here.processes()
    assert here.leftovers() == []
