"""The container engine: whether one answers, and what its complaints mean."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from harness.errors import BootFailed, UsageError
from harness.gate.http import Request
from harness.runtime.containers.full_disk import need_room
from harness.runtime.local_http import ask

if TYPE_CHECKING:
    from docker import DockerClient

API_VERSION: Final = (1, 41)
_USUAL_SOCKET: Final = Path("/var/run/docker.sock")
_PATIENCE: Final = timedelta(seconds=3)
_SDK_PATIENCE_SECONDS: Final = 120
_WITHOUT: Final = "or run without containers: --federation processes"


class EngineMissing(UsageError):
    """No container engine can be used; says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A container engine on this machine that answers and is new enough.

    Attributes:
        socket: Where it listens.
        version: What it calls itself.
    """

    socket: Path
    version: str

    def connect(self) -> "DockerClient":
        """Talk to it."""
        import docker

        major, minor = API_VERSION
        return docker.DockerClient(
            base_url=f"unix://{self.socket}",
            version=f"{major}.{minor}",
            timeout=_SDK_PATIENCE_SECONDS,
            max_pool_size=32,
        )

    def has_image(self, name: str) -> bool:
        """Whether there is such an image."""
        return self._get(f"/images/{name}/json") is not None

    def _get(self, path: str) -> object:
        answer = ask(self.socket, "docker", Request("GET", path), _PATIENCE)
        return json.loads(answer.body) if answer.status == 200 else None


@cache
def find_engine() -> Engine:
    """Look for an engine; cheap, and asked once.

    Raises:
        EngineMissing: If there is none that can be used.
    """
    socket = _socket()
    try:
        answer = ask(socket, "docker", Request("GET", "/version"), _PATIENCE)
        document = json.loads(answer.body)
        version, api = str(document["Version"]), str(document["ApiVersion"])
        api_version = tuple(map(int, api.split(".")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unusable(socket, error) from error
    if api_version < API_VERSION:
        raise EngineMissing(
            f"the container engine {version} speaks API {api}, and 1.41 is needed",
            f"Upgrade it to Docker 20.10 or later, {_WITHOUT}",
        )
    return Engine(socket, version)


def _socket() -> Path:
    """The engine's socket: as `DOCKER_HOST` says, else root's, else this person's own."""
    named = os.environ.get("DOCKER_HOST", "")
    if named and not named.startswith("unix://"):
        raise EngineMissing(
            f"DOCKER_HOST is {named}, an engine that may be on another machine",
            f"Name a socket of this machine, for example unix://{_USUAL_SOCKET}, {_WITHOUT}",
        )
    if named:
        return Path(named.removeprefix("unix://"))
    own = Path(os.environ.get("XDG_RUNTIME_DIR", "/run/user/0")) / "docker.sock"
    return own if own.exists() and not _USUAL_SOCKET.exists() else _USUAL_SOCKET


def _unusable(socket: Path, error: Exception) -> EngineMissing:
    # The connection's own reason is behind the one that says that there is no answer.
    cause = error.__cause__ or error
    if isinstance(cause, PermissionError):
        return EngineMissing(
            f"the container engine's socket {socket} is not open to you",
            f"Let an administrator run `usermod -aG docker $USER` and log in anew, {_WITHOUT}",
        )
    if isinstance(cause, FileNotFoundError | ConnectionRefusedError):
        return EngineMissing(
            f"no container engine answers at {socket}",
            f"Start one (`systemctl start docker`), {_WITHOUT}",
        )
    return EngineMissing(
        f"what answers at {socket} is no container engine: {cause}",
        f"Let DOCKER_HOST name the engine's socket, {_WITHOUT}",
    )


@contextmanager
def complaints(doing: str) -> Iterator[None]:
    """Say in our own words what the engine complains about.

    Args:
        doing: What it was asked to do, for the message.
    """
    from docker.errors import DockerException
    from requests.exceptions import RequestException

    try:
        yield
    except (DockerException, RequestException) as error:
        said = str(getattr(error, "explanation", None) or error)
        need_room(doing, said)
        raise BootFailed(
            f"{doing}: the container engine says: {said}", "Look at its log"
        ) from error
