"""A pod dies at the crash point that is armed, and comes back with everything it had accepted."""

import subprocess
import sys
from pathlib import Path

import pytest

from pod.app import create_core
from pod.jobs.crash import NAMES, Crashed, CrashPoints
from pod.jobs.gauge import gauge
from tests.pod.pair import Pods, _settings, host_of, joined


def test_only_the_armed_point_is_deadly() -> None:
    points = CrashPoints(at="receive.before_commit")
    points.reach("receive.after_commit")
    with pytest.raises(Crashed):
        points.reach("receive.before_commit")
    points.arm(None)
    for name in NAMES:
        points.reach(name)


def test_points_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValueError, match="no crash point"):
        CrashPoints().arm("receive")
    with pytest.raises(ValueError, match="missing in"):
        CrashPoints().reach("receive")


def test_a_server_dies_as_by_kill_9() -> None:
    program = "from pod.jobs.crash import *; CrashPoints(die, NAMES[0]).reach(NAMES[0])"
    died = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program], env={"PYTHONPATH": ":".join(sys.path)}, check=False
    )
    assert died.returncode == 137


@pytest.mark.parametrize(
    ("point", "pod"),
    [
        ("receive.before_commit", "pod2"),
        ("receive.after_commit", "pod2"),
        ("deliver.before_post", "pod1"),
        ("deliver.after_post", "pod1"),
    ],
)
def test_nothing_is_lost_or_doubled_when_a_pod_dies(tmp_path: Path, point: str, pod: str) -> None:
    with joined(tmp_path) as pods:
        carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
        carol.share(bob)
        pods.settle()
        guid = carol.call("POST", "/api/posts", {"text": "hello", "public": True})["guid"]
        pods[pod].context.crash.arm(point)
        with pytest.raises(Crashed):
            pods.settle()
        restart(pods, pod, tmp_path)
        pods.settle()
        assert [key for _, key in pods.state("pod2", "post")] == [guid]
        gauges = [gauge(pods[name].context) for name in ("pod1", "pod2")]
    assert [each["queued"] + each["in_flight"] + each["abandoned"] for each in gauges] == [0, 0]


def restart(pods: Pods, name: str, folder: Path) -> None:
    """Start a pod again on what it left behind."""
    host = host_of(name)
    pods.cores[host].close()
    pods.cores[host] = create_core(_settings(folder, name), send=pods.sender_of(host))
