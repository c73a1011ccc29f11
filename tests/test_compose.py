"""docker-compose.yml: four pods come up, people can use them, and all of it goes again."""

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from harness.runtime.containers.base_image import USUAL
from harness.runtime.containers.engine import EngineMissing, find_engine
from harness.runtime.containers.images import images
from harness.runtime.ready import wait_until

ROOT = Path(__file__).parents[1]
PROJECT = f"seedbed-test-{os.getpid()}"
PORT = 18080
SOON = timedelta(seconds=120)

COMMANDS = [["docker-compose"], ["docker", "compose"]]


def is_there(command: list[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    asked = subprocess.run([*command, "version"], capture_output=True, check=False)  # noqa: S603
    return asked.returncode == 0


@pytest.fixture(params=COMMANDS, ids=" ".join)
def compose(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Whichever forms of the command are on this machine."""
    command: list[str] = request.param
    if not is_there(command):
        pytest.skip(f"there is no `{' '.join(command)}`")
    try:
        engine = find_engine()
    except EngineMissing as error:
        if os.environ.get("SEEDBED_NEEDS_ENGINE"):
            raise
        pytest.skip(str(error))
    if not any(map(engine.has_image, USUAL)) and not os.environ.get("SEEDBED_NEEDS_ENGINE"):
        pytest.skip("there is no base image; `make base-image` makes one")
    client = engine.connect()
    made = images(client, ROOT / ".seedbed" / "wheels", lambda _: None)
    client.close()
    monkeypatch.setenv("SEEDBED_POD_IMAGE", made.pod)
    monkeypatch.setenv("SEEDBED_GATE_IMAGE", made.gate)
    monkeypatch.setenv("SEEDBED_PORT", str(PORT))
    monkeypatch.setenv("SEEDBED_NET", "198.19.254")
    whole = [*command, "--project-name", PROJECT, "--file", str(ROOT / "docker-compose.yml")]
    try:
        yield whole
    finally:
        subprocess.run([*whole, "down", "--volumes"], capture_output=True, check=True)  # noqa: S603


def post(pod: str, path: str, body: object) -> Any:  # noqa: ANN401 (JSON)
    url = f"http://127.0.0.1:{PORT}{path}"
    headers = {"Host": f"{pod}.localhost", "Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return json.load(answer)


def answers(pod: str) -> bool:
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/", headers={"Host": f"{pod}.test"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def test_people_can_sign_up_log_in_and_find_each_other(compose: list[str]) -> None:
    subprocess.run([*compose, "up", "--detach"], capture_output=True, check=True)  # noqa: S603
    for pod in ("pod1", "pod2", "pod3", "pod4"):
        assert wait_until(partial(answers, pod), timeout=SOON), pod
    anna = {"username": "anna", "password": "a long enough word"}
    post("pod1", "/api/accounts", anna | {"email": "anna@mail.test"})
    post("pod2", "/api/accounts", anna | {"username": "ben", "email": "ben@mail.test"})
    token = post("pod1", "/api/sessions", anna)["token"]
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/api/search?q=ben@pod2.test",
        headers={"Host": "pod1.localhost", "Authorization": f"Bearer {token}"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        assert json.load(answer)["person"]["diaspora_id"] == "ben@pod2.test"
