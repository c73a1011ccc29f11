"""docker-compose.yml: four pods come up, people can use them, and all of it goes again."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
from docker import DockerClient

from harness.runtime.containers.engine import Engine
from harness.runtime.containers.images import images
from harness.runtime.ready import wait_until
from tests.harness.runtime.containers.needed import is_promised, need_engine

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docker-compose.yml"
PROJECT = f"seedbed-test-{os.getpid()}"
SOON = timedelta(seconds=120)

COMMANDS = [["docker-compose"], ["docker", "compose"]]
# What Compose v1 had and the Compose Specification, which v2 obeys, has not.
GONE = ("version", "log_driver", "log_opt", "net", "volume_driver", "dockerfile", "external_name")


def is_there(command: list[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    asked = subprocess.run([*command, "version"], capture_output=True, check=False)  # noqa: S603
    return asked.returncode == 0


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


def free_net(client: DockerClient) -> str:
    """The first three numbers of addresses that no network of the engine has."""
    configs = [network["IPAM"]["Config"] or [] for network in client.api.networks()]
    taken = [IPv4Network(each["Subnet"]) for config in configs for each in config]
    numbers = secrets.SystemRandom().sample(range(255), 255)  # 255 is for people
    for net in (f"198.19.{number}" for number in numbers):
        if not any(IPv4Network(f"{net}.0/24").overlaps(range_) for range_ in taken):
            return net
    pytest.fail("each range of 198.19.0.0/16 is taken")


@dataclass(frozen=True)
class Site:
    """The project as one form of the command runs it."""

    command: tuple[str, ...]
    port: int
    engine: Engine

    def call(self, *words: str) -> None:
        subprocess.run([*self.command, *words], capture_output=True, check=True)  # noqa: S603

    def left(self) -> list[str]:
        """Everything in the engine that belongs to the project."""
        filters = {"label": f"com.docker.compose.project={PROJECT}"}
        with closing(self.engine.connect()) as client:
            containers = client.api.containers(all=True, filters=filters)
            networks = client.api.networks(filters=filters)
            volumes = client.api.volumes(filters=filters)["Volumes"] or []
        return [str(each.get("Id") or each["Name"]) for each in (*containers, *networks, *volumes)]

    def get(self, host: str, path: str, token: str = "") -> bytes:
        return self._ask(host, path, {"Authorization": f"Bearer {token}"} if token else {})

    def post(self, pod: str, path: str, body: object) -> Any:  # noqa: ANN401 (JSON)
        kind = "application/gzip" if isinstance(body, bytes) else "application/json"
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return json.loads(self._ask(f"{pod}.localhost", path, {"Content-Type": kind}, content))

    def answers(self, pod: str) -> bool:
        try:
            return bool(self.get(f"{pod}.test", "/"))
        except OSError:
            return False

    def mail(self) -> str:
        return self.get("mail.localhost", "/").decode()

    def _ask(
        self, host: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> bytes:
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, body, headers | {"Host": host})
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return bytes(answer.read())


@pytest.fixture(params=COMMANDS, ids=" ".join)
def site(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Whichever forms of the command are on this machine."""
    command: list[str] = request.param
    if not any(map(is_there, COMMANDS)) and is_promised():
        pytest.fail("there is neither `docker-compose` nor `docker compose`")
    if not is_there(command):
        pytest.skip(f"there is no `{' '.join(command)}`")
    engine = need_engine()
    with closing(engine.connect()) as client:
        made = images(client, ROOT / ".seedbed" / "wheels", lambda _: None)
        net = free_net(client)
    port = free_port()
    settings = {"POD_IMAGE": made.pod, "GATE_IMAGE": made.gate, "PORT": str(port), "NET": net}
    for name, value in settings.items():
        monkeypatch.setenv(f"SEEDBED_{name}", value)
    whole = (*command, "--project-name", PROJECT, "--file", str(FILE))
    site = Site(whole, port, engine)
    try:
        yield site
    finally:
        site.call("down", "--volumes")


def test_people_can_use_the_pods_and_read_their_mail_and_nothing_of_it_is_left(site: Site) -> None:
    site.call("up", "--detach")
    for pod in ("pod1", "pod2", "pod3", "pod4"):
        assert wait_until(partial(site.answers, pod), timeout=SOON), pod
    assert site.mail() == "No mail has come.\n"

    anna = {"username": "anna", "password": "a long enough word", "email": "anna@mail.test"}
    site.post("pod1", "/api/accounts", anna)
    site.post("pod2", "/api/accounts", anna | {"username": "ben", "email": "ben@mail.test"})
    token = site.post("pod1", "/api/sessions", anna)["token"]
    found = json.loads(site.get("pod1.localhost", "/api/search?q=ben@pod2.test", token))
    assert found["person"]["diaspora_id"] == "ben@pod2.test"

    archive = site.get("pod1.localhost", "/api/export", token)
    wanted = site.post("pod3", "/api/imports", archive)["import"]
    moved = anna | {"username": "annie", "email": "annie@mail.test"}
    site.post("pod3", f"/api/imports/{wanted}", moved)
    head = "To: annie@mail.test\nFrom: "
    assert wait_until(lambda: head in site.mail(), timeout=SOON), site.mail()
    assert "Subject: Your account is available" in site.mail()

    assert len(site.left()) == 5 + 5 + 5
    site.call("down", "--volumes")
    assert site.left() == []


def test_the_file_has_nothing_that_compose_v2_no_longer_knows() -> None:
    """This is a list of words, not Compose v2, which cannot be had everywhere."""
    keys = re.findall(r"(?:^|[{,])\s*([a-z_]+):(?=\s|$)", FILE.read_text("utf-8"), re.MULTILINE)
    assert {"services", "networks", "volumes", "image", "subnet"} <= set(keys)
    assert set(keys) & set(GONE) == set()
