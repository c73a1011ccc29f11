"""The base image: one that is there, else one from a registry; never a guess.

Source: many laboratories and CI networks have no image registry; `make base-image` needs none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from harness.errors import BootFailed, UsageError
from harness.runtime.containers.full_disk import need_room
from harness.runtime.containers.labels import OWNER, owner

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.images import Image

FROM_REGISTRY: Final = "python:3.11-slim-bookworm"
OWN: Final = "seedbed-base:latest"
USUAL: Final = (FROM_REGISTRY, OWN)

_PROBE: Final = "import ctypes, sqlite3, ssl, sys; print(sys.version.split()[0])"


@dataclass(frozen=True, slots=True)
class Base:
    """A base image that is there."""

    name: str
    id: str

    def probed(self, client: "DockerClient") -> str:
        """Start Python in it, and say what it is.

        Raises:
            UsageError: If Python 3.11 does not run in it, or lacks what is needed.
        """
        from docker.errors import APIError, ContainerError

        try:
            version = client.containers.run(
                self.name,
                ["python3.11", "-c", _PROBE],
                network_mode="none",
                remove=True,
                labels={OWNER: owner()},
            )
        except (ContainerError, APIError) as error:
            need_room(f"trying the base image {self.name}", error)
            raise UsageError(
                f"Python 3.11 with sqlite3 and ssl does not run in the base image {self.name}: "
                f"{error}",
                "Make another by `make base-image`, or name one: HARNESS_BASE_IMAGE",
            ) from error
        return f"{self.name} with Python {version.decode().strip()}"


def find_base(client: "DockerClient", wanted: str, say: Callable[[str], None]) -> Base:
    """The base image that is asked for, or one of the usual ones.

    Raises:
        UsageError: If there is none, and none can be had.
    """
    for name in [wanted] if wanted else USUAL:
        if found := client.images.list(name):
            return _as_base(name, found[0])
    return _pulled(client, wanted or FROM_REGISTRY, say)


def _pulled(client: "DockerClient", name: str, say: Callable[[str], None]) -> Base:
    from docker.errors import APIError
    from docker.utils import parse_repository_tag

    say(f"no base image is here; pulling {name}")
    repository, tag = parse_repository_tag(name)
    try:
        # What goes wrong after the beginning is no error to the SDK, but one of many events.
        events = client.api.pull(repository, tag=tag or "latest", stream=True, decode=True)
        if failures := [str(event["error"]) for event in events if "error" in event]:
            raise _cannot_pull(name, failures[0])
        return _as_base(name, client.images.get(name))
    except APIError as error:
        raise _cannot_pull(name, str(error.explanation)) from error


def _cannot_pull(name: str, said: str) -> UsageError:
    need_room(f"pulling {name}", said)
    return UsageError(
        f"there is no base image, and {name} cannot be pulled: {said}",
        "Make one from Debian's packages by `make base-image`, or name one that is there: "
        "HARNESS_BASE_IMAGE",
    )


def _as_base(name: str, image: "Image") -> Base:
    if image.id is None:
        raise BootFailed(f"the engine gives the image {name} no ID")
    return Base(name, image.id)
