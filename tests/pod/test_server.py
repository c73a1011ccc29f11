"""Pods as processes: served, forked from one parent, stopped, killed, started again."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from pod.domain.entities import StatusMessage
from pod.domain.identity import Guid
from pod.wire import entities, keys, magic_envelope
from tests.pod.rooms import NOW, add_person, open_store, private_key

SOON = 20.0
MEBIBYTE = 1024 * 1024


class ForkServer:
    """A fork server, and the pods that it is told to start."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.running: set[str] = set()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "pod.forkserver", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # or the answer after next would hide in a buffer, where select is blind
            env={"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"]},
        )

    def tell(self, **command: object) -> None:
        """Send a command."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """Wait for the next answer."""
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], SOON)
        assert ready, "the fork server says nothing"
        answer = json.loads(self._process.stdout.readline())
        assert isinstance(answer, dict)
        self.running -= {answer.get("exited", "")}
        return answer

    def start(self, name: str, **settings: str) -> int:
        """Start a pod; its process id."""
        self.tell(start=name, settings=self.settings(name, **settings), log=self.log(name))
        answer = self.hear()
        assert answer["started"] == name
        self.running.add(name)
        return int(answer["pid"])

    def settings(self, name: str, **more: str) -> dict[str, str]:
        """What a pod is started with."""
        return {
            "POD_HOST": f"{name}.test",
            "POD_DATABASE_URL": f"sqlite:///{self.folder / name}.sqlite3",
            "POD_LISTEN": f"unix:{self.socket(name)}",
            "POD_TEST_MODE": "true",
            "POD_CONTROL_TOKEN": "control",
            **more,
        }

    def socket(self, name: str) -> str:
        """Where a pod listens."""
        return str(self.folder / f"{name}.sock")

    def log(self, name: str) -> str:
        """Where a pod writes its log."""
        return str(self.folder / f"{name}.log")

    def ask(self, name: str, method: str, path: str, body: object = b"") -> httpx.Response:
        """Send a request to a pod; bytes go as they are, everything else as JSON."""
        headers = {"Authorization": "Bearer control"}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        with httpx.Client(transport=httpx.HTTPTransport(uds=self.socket(name))) as client:
            url = f"http://{name}.test{path}"
            return client.request(method, url, headers=headers, content=content)

    def wait_until_it_listens(self, name: str) -> None:
        """Come back when the pod accepts connections."""
        end = time.monotonic() + SOON
        while time.monotonic() < end:
            with socket.socket(socket.AF_UNIX) as probe:
                if probe.connect_ex(self.socket(name)) == 0:
                    return
        raise AssertionError(Path(self.log(name)).read_text())

    def kill_all(self) -> None:
        """Let no pod run on."""
        for name in self.running:
            self.tell(kill=name)
        while self.running:
            self.hear()

    def end(self) -> int:
        """Close its standard input; its exit status."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        status = self._process.wait(SOON)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return status


@pytest.fixture(scope="module")
def only_parent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    started = ForkServer(tmp_path_factory.mktemp("parent"))
    yield started
    assert started.end() == 0


@pytest.fixture
def parent(only_parent: ForkServer, tmp_path: Path) -> Iterator[ForkServer]:
    only_parent.folder = tmp_path
    yield only_parent
    only_parent.kill_all()


def test_a_forked_pod_answers_and_stops_in_order(parent: ForkServer) -> None:
    pid = parent.start("pod1")
    parent.wait_until_it_listens("pod1")
    gauge = parent.ask("pod1", "GET", "/control/quiet?timeout=5")
    assert (gauge.status_code, gauge.json()["queued"]) == (200, 0)
    assert parent.ask("pod1", "GET", "/nothing").status_code == 404
    parent.tell(stop="pod1")
    assert parent.hear() == {"exited": "pod1", "pid": pid, "status": 0}


def test_no_more_of_a_message_is_kept_in_memory_than_it_may_have(parent: ForkServer) -> None:
    parent.start("pod1")
    parent.wait_until_it_listens("pod1")
    transport = httpx.HTTPTransport(uds=parent.socket("pod1"))
    with httpx.Client(transport=transport, base_url="http://pod1.test") as client:
        answer = client.post("/receive/public", content=bytes(6 * MEBIBYTE))
    # The server's own words: the pod behind it never saw the message.
    assert (answer.status_code, answer.text) == (413, "at most 5242880 bytes are read\n")


def test_a_killed_pod_starts_again_with_what_it_had(parent: ForkServer) -> None:
    pid = parent.start("pod1")
    parent.wait_until_it_listens("pod1")
    clock = parent.ask("pod1", "GET", "/control/clock").json()
    parent.tell(kill="pod1")
    assert parent.hear() == {"exited": "pod1", "pid": pid, "status": -signal.SIGKILL}
    parent.start("pod1", POD_CLOCK="2030-01-01T00:00:00Z")
    parent.wait_until_it_listens("pod1")
    assert parent.ask("pod1", "GET", "/control/clock").json() == clock


def test_a_pod_that_cannot_start_says_why_and_ends(parent: ForkServer) -> None:
    pid = parent.start("pod1", POD_KEY_BITS="7")
    assert parent.hear() == {"exited": "pod1", "pid": pid, "status": 64}
    assert "POD_KEY_BITS='7'" in Path(parent.log("pod1")).read_text()


def test_a_pod_dies_at_an_armed_crash_point(parent: ForkServer) -> None:
    with closing(open_store(parent.folder)) as store, store.work() as work:
        eve = add_person(work, "eve@pod2.test")
    pid = parent.start("pod1", POD_CRASH_AT="receive.before_commit")
    parent.wait_until_it_listens("pod1")
    post = StatusMessage(
        author=eve.diaspora_id, guid=Guid("e" * 32), created_at=NOW, text="hello", public=True
    )
    key = keys.load_private(private_key(0, "pod2"))
    envelope = magic_envelope.seal(entities.encode(post), post.author, key)
    assert parent.ask("pod1", "POST", "/receive/public", envelope).status_code == 202
    assert parent.hear() == {"exited": "pod1", "pid": pid, "status": 137}


def test_several_pods_start_side_by_side(parent: ForkServer) -> None:
    pids = {parent.start(name) for name in ("pod1", "pod2", "pod3", "pod4")}
    for name in ("pod1", "pod2", "pod3", "pod4"):
        parent.wait_until_it_listens(name)
        assert parent.ask(name, "GET", "/control/state").json()["host"] == f"{name}.test"
    assert len(pids) == 4


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ({"jump": "pod1"}, "no such command"),
        ({"stop": "pod9"}, "no pod called 'pod9' is running"),
        ({"start": "pod1", "settings": {}, "log": "/nowhere/log"}, "No such file"),
    ],
)
def test_a_command_that_cannot_be_obeyed_is_answered(
    parent: ForkServer, command: dict[str, object], complaint: str
) -> None:
    parent.tell(**command)
    assert complaint in parent.hear()["error"]


def test_pods_die_with_their_parent(tmp_path: Path) -> None:
    parent = ForkServer(tmp_path)
    parent.start("pod1")
    parent.wait_until_it_listens("pod1")
    parent._process.kill()
    assert parent.end() == -signal.SIGKILL
    end = time.monotonic() + SOON
    with socket.socket(socket.AF_UNIX) as probe:
        while probe.connect_ex(parent.socket("pod1")) == 0 and time.monotonic() < end:
            probe.close()
            probe.__init__(socket.AF_UNIX)  # type: ignore[misc]
        assert probe.connect_ex(parent.socket("pod1")) != 0


def test_the_factory_can_be_replaced(tmp_path: Path) -> None:
    parent = ForkServer(tmp_path, "--factory", "nowhere:create_core")
    assert parent.end() == 64


def test_a_pod_is_served_over_tcp(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "POD_HOST": "pod1.test",
        "POD_DATABASE_URL": f"sqlite:///{tmp_path / 'pod1'}.sqlite3",
        "POD_LISTEN": f"tcp:127.0.0.1:{port}",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with subprocess.Popen([sys.executable, "-m", "pod"], env=settings) as process:
        answer = None
        end = time.monotonic() + SOON
        while answer is None and time.monotonic() < end and process.poll() is None:
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/.well-known/nodeinfo")
            except httpx.ConnectError:
                continue
        process.terminate()
        assert process.wait(SOON) == 0
    assert answer is not None
    assert answer.status_code == 200
