"""A run in a process of its own, and what is left of a run in the engine."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from harness.runtime.containers.engine import Engine
from harness.runtime.containers.labels import OWNER, ROLE, RUN
from harness.settings import ROOT

HOLD = Path(__file__).with_name("hold_containers.py")


def left_of(run: str, engine: Engine) -> list[str]:
    """Everything in the engine that a run has made."""
    label = f"{RUN}={run}"
    with closing(engine.connect()) as client:
        containers = client.containers.list(all=True, filters={"label": label})
        networks = client.networks.list(filters={"label": label})
        volumes = client.volumes.list(filters={"label": label})
        return [str(each.id) for each in (*containers, *networks, *volumes)]


def made_by(process: int, engine: Engine, role: str = "") -> list[str]:
    """Everything in the engine that a process has made, or what has one role there."""
    with closing(engine.connect()) as client:
        filters = {"label": [OWNER, *([f"{ROLE}={role}"] if role else [])]}
        containers = client.api.containers(all=True, filters=filters)
        networks = client.api.networks(filters=filters)
        volumes = client.api.volumes(filters=filters)["Volumes"] or []
    return [
        str(thing.get("Id") or thing["Name"])
        for thing in (*containers, *networks, *volumes)
        if thing["Labels"][OWNER].split("/")[2] == str(process)
    ]


def hold(folder: Path) -> tuple["subprocess.Popen[str]", str, Path]:
    child = subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, str(HOLD), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    report = json.loads(child.stdout.readline())
    return child, report["run"], Path(report["scratch"])


def end(child: "subprocess.Popen[str]", number: int) -> None:
    child.send_signal(number)
    child.wait(60)
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
