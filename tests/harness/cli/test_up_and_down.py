"""`seedbed up` and `seedbed down`: four pods that stay, and go."""

import http.client
import json
import re
import signal
import socket
from contextlib import closing

import pytest

from harness.federation.pod import PASSWORD
from tests.harness.cli.terminal import Terminal, until

TRACE = "Traceback"
FOLDERS = "*-[0-9]*"


def ask(port: int, pod: str, method: str, path: str, body: str = "") -> tuple[int, str]:
    """What a browser is answered."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request(method, path, body, {"Host": f"{pod}.localhost:{port}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def port_of(welcome: str) -> int:
    found = re.search(r"http://pod1\.localhost:(\d+)/", welcome)
    assert found is not None, welcome
    return int(found[1])


def test_pods_come_up_let_people_in_and_go_down_without_a_trace(here: Terminal) -> None:
    up = here.call("up", "--port", "0")
    assert (up.returncode, TRACE in up.stderr) == (0, False)
    port = port_of(up.stdout)
    assert [f"http://pod{n}.localhost:{port}/" in up.stdout for n in (1, 2, 3, 4)] == [True] * 4
    assert PASSWORD in up.stdout

    status, answer = ask(port, "pod1", "POST", "/api/sessions", log_in_as("carol"))
    assert (status, bool(json.loads(answer)["token"])) == (200, True)
    assert ask(port, "pod3", "POST", "/api/sessions", log_in_as("carol"))[0] == 403
    assert "<html" in ask(port, "pod2", "GET", "/")[1]

    again = here.call("up", "--port", "0")
    assert (again.returncode, again.stdout) == (64, "")
    assert "the pods are up already. Run `seedbed down` first" in again.stderr

    down = here.call("down")
    assert (down.returncode, down.stdout) == (0, "the pods are down\n")
    assert here.is_deserted(), here.processes()
    assert list(here.cache.parent.glob(FOLDERS)) == []
    assert not (here.cache.parent / "up.json").exists()
    once_more = here.call("down")
    assert (once_more.returncode, once_more.stderr) == (
        64,
        "seedbed: no pods are up. `seedbed up` starts them.\n",
    )


def log_in_as(username: str) -> str:
    return json.dumps({"username": username, "password": PASSWORD})


@pytest.mark.parametrize("words", [(), ("--foreground",)])
def test_a_port_that_is_taken_is_named_and_nothing_is_started(
    here: Terminal, words: tuple[str, ...]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        up = here.call("up", "--port", str(port), *words)
    assert (up.returncode, up.stdout) == (64, "")
    assert f"port {port} on 127.0.0.1 cannot be opened: [Errno 98] Address already in use" in (
        up.stderr
    )
    assert f"ss -ltnp sport = :{port}" in up.stderr
    assert here.processes() == []


def test_pods_that_do_not_come_up_end_in_one_clear_error(here: Terminal) -> None:
    up = here.call("up", "--port", "0", HARNESS_POD_FACTORY="nowhere:create_core")
    assert (up.returncode, up.stdout, TRACE in up.stderr.split("| ")[0]) == (70, "", False)
    assert "the pods did not come up" in up.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_the_foreground_they_stay_until_they_are_stopped(
    here: Terminal, number: signal.Signals
) -> None:
    with here.calling("up", "--port", "0", "--foreground") as child:
        assert child.stdout is not None
        while (line := child.stdout.readline()) not in ("", "ready\n"):
            pass
        assert line == "ready\n"
        child.send_signal(number)
        child.communicate(timeout=60)
    assert child.returncode == 0
    assert here.is_deserted(), here.processes()
    assert list(here.cache.parent.glob(FOLDERS)) == []


def test_pods_whose_holder_was_killed_are_gone_and_can_be_started_again(here: Terminal) -> None:
    with here.calling("up", "--port", "0", "--foreground") as child:
        until(child, "seed")
        assert child.stdout is not None
        while child.stdout.readline() not in ("", "ready\n"):
            pass
        child.kill()
        child.communicate(timeout=60)
    assert here.is_deserted(), here.processes()

    assert here.call("down").returncode == 64
    assert here.call("up", "--port", "0").returncode == 0
    assert here.call("down").returncode == 0
    assert here.is_deserted(), here.processes()
    assert list(here.cache.parent.glob(FOLDERS)) == []
