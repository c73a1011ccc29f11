"""A PostgreSQL server in a container, for as long as a session of tests; and databases in it.

It is reached by a Unix socket in a folder that is ours alone: it needs no network and no port.
"""

import fcntl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

import psycopg
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.image import DockerImage
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from harness.runtime.containers.base_image import find_base
from harness.runtime.containers.engine import Engine
from harness.runtime.containers.former import IMAGE_LABEL, remove_former
from harness.runtime.containers.labels import labels
from harness.settings import ROOT
from pod.store import template

NAME: Final = "postgresql"
IMAGE: Final = f"seedbed-{NAME}:latest"
RUN: Final = "tests-with-postgresql"
READY: Final = "database system is ready to accept connections"
LOCK: Final = ROOT / ".seedbed" / "postgresql.lock"
_TEMPLATE: Final = "empty_pod"
_SEES: Final = "/sockets"
_INTERVAL_SECONDS: Final = 0.05
_OPEN_FOLDER: Final = 0o777

# Its reaper comes from a registry, which may not be there. Our labels let the next run sweep what
# a killed one has left.
testcontainers_config.ryuk_disabled = True


@dataclass
class PostgreSQL:
    """A server that answers."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make the empty database of a pod, and remove it in the end; its URL."""
        name = f"pod_{next(self._numbers)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        try:
            yield self._url(name)
        finally:
            self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def make_template(self) -> None:
        """Upgrade a database from nothing, once; the others are copies of it."""
        self._do(f"CREATE DATABASE {_TEMPLATE}")
        template.upgrade(self._url(_TEMPLATE))

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg:///{name}?host={self.folder}&user=postgres"

    def _do(self, statement: str) -> None:
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())


@contextmanager
def running(engine: Engine, folder: Path) -> Iterator[PostgreSQL]:
    """Start a server, and remove it in the end.

    Args:
        engine: Where.
        folder: Its socket lies in a folder in it.
    """
    sockets = folder / "sockets"
    sockets.mkdir()
    sockets.chmod(_OPEN_FOLDER)  # its user is a stranger here; the folder around it is closed
    container = DockerContainer(
        _image(engine, LOCK),
        docker_client_kw=_client(engine),
        volumes=[(str(sockets), _SEES, "rw")],
        _wait_strategy=LogMessageWaitStrategy(READY).with_poll_interval(_INTERVAL_SECONDS),
        labels=labels(RUN, NAME),
        network_mode="none",
    ).with_tmpfs_mount("/memory", "size=1g")
    with container:
        server = PostgreSQL(sockets)
        server.make_template()
        yield server


def _image(engine: Engine, lock: Path) -> str:
    """Build the image, unless it is there; one builds while the others wait."""
    lock.parent.mkdir(exist_ok=True)
    with closing(engine.connect()) as client, lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        base = find_base(client, "", lambda _: None)
        build = DockerImage(
            Path(__file__).parent,
            docker_client_kw=_client(engine),
            tag=IMAGE,
            clean_up=False,
            buildargs={"BASE_IMAGE": base.name},
            labels={IMAGE_LABEL: NAME},
            rm=True,
        )
        with build:
            remove_former(client, NAME)
        return IMAGE


def _client(engine: Engine) -> dict[str, dict[str, str]]:
    return {"environment": {"DOCKER_HOST": f"unix://{engine.socket}"}}
