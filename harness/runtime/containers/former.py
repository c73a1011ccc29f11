"""Images that earlier states of the sources have left, and when they may go.

Checkouts and versions share an engine. What one of them no longer needs may be what another is
about to start; so every use tags the image anew, and what has been used lately stays.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.images import Image

IMAGE_LABEL: Final = "org.seedbed.image"
A_DAY: Final = timedelta(days=1)

_IN_USE: Final = 409


def remove_former(client: "DockerClient", target: str, unused_for: timedelta = A_DAY) -> None:
    """Remove images of a target that nobody has used for so long, unless a container has them."""
    from docker.errors import ImageNotFound

    for listed in client.api.images(filters={"label": f"{IMAGE_LABEL}={target}"}):
        with suppress(ImageNotFound):  # another run has removed it
            image = client.images.get(str(listed["Id"]))
            if datetime.now(UTC) - last_use(image.attrs) >= unused_for:
                _remove(client, image)


def last_use(image: dict[str, Any]) -> datetime:
    """When an image was last tagged, or else built; from what the engine tells of it."""
    times = (image.get("Metadata", {}).get("LastTagTime"), image["Created"])
    return max(datetime.fromisoformat(time) for time in times if time)


def _remove(client: "DockerClient", image: "Image") -> None:
    from docker.errors import APIError

    try:
        # Each name by itself: one that is given to it meanwhile keeps it.
        for name in image.tags or [str(image.id)]:
            client.images.remove(name)
    except APIError as error:  # another checkout's pods run on it
        if error.status_code != _IN_USE:
            raise
