"""The images of pod and gate: built when what goes into them changes, and only then."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from harness.errors import BuildFailed
from harness.runtime.containers.base_image import Base, find_base
from harness.runtime.containers.context import (
    Files,
    Target,
    as_tar,
    fingerprint,
    of_target,
    sources,
)
from harness.runtime.containers.engine import complaints
from harness.runtime.containers.wheels import wheels

if TYPE_CHECKING:
    from docker import DockerClient

Say = Callable[[str], None]

IMAGE_LABEL: Final = "org.seedbed.image"
TARGETS: Final[tuple[Target, ...]] = ("pod", "gate")
LATEST: Final = "latest"

_OUTPUT_LINES: Final = 50
_STEP_LENGTH: Final = 100
_ARCHITECTURES: Final = {"amd64": "x86_64", "arm64": "aarch64"}


@dataclass(frozen=True, slots=True)
class Images:
    """Names of images that are there."""

    pod: str
    gate: str


def images(client: "DockerClient", cache: Path, say: Say, base: str = "") -> Images:
    """Find the images, or build them.

    Args:
        client: The engine.
        cache: Where wheels are kept.
        say: Told what happens, if it takes a while.
        base: The base image asked for, if any.

    Raises:
        BuildFailed: If a step of the build fails; with its output.
        UsageError: If there is no base image.
    """
    with complaints("looking for images"):
        chosen, files = find_base(client, base, say), sources()
        orders = [_order(target, chosen, files) for target in TARGETS]
        for order in orders:
            if not client.images.list(order.tag):
                _build(client, order, cache, say)
    return Images(*(order.tag for order in orders))


@dataclass(frozen=True, slots=True)
class Order:
    """An image to be built: which target of the Dockerfile, its name, on what and from what."""

    target: Target
    tag: str
    base: Base
    files: Files


def _order(target: Target, base: Base, files: Files) -> Order:
    name = fingerprint(of_target(files, target), base.id)
    return Order(target, f"seedbed-{target}:{name}", base, files)


def _build(client: "DockerClient", order: Order, cache: Path, say: Say) -> None:
    say(f"image {order.tag} on {order.base.probed(client)}")
    architecture = client.version()["Arch"]
    collected = wheels(cache, _ARCHITECTURES.get(architecture, architecture))
    wheel_files = {f"wheels/{name}": content for name, content in collected.items()}
    steps = client.api.build(
        fileobj=as_tar({**order.files, **wheel_files}),
        custom_context=True,
        decode=True,
        rm=True,
        forcerm=True,
        network_mode="none",
        target=order.target,
        tag=order.tag,
        buildargs={"BASE_IMAGE": order.base.name},
    )
    _follow(steps, order, say)
    client.images.get(order.tag).tag(f"seedbed-{order.target}", LATEST)
    _remove_former(client, order)


def _follow(steps: Iterator[Mapping[str, Any]], order: Order, say: Say) -> None:
    """Tell each step; if one fails, show what it has said."""
    step, output = "the first step", list[str]()
    for event in steps:
        if "error" in event:
            said = "\n".join(f"  | {line}" for line in output[-_OUTPUT_LINES:])
            raise BuildFailed(f"image {order.tag}: {step}: {event['error'].strip()}\n{said}")
        for line in str(event.get("stream", "")).splitlines():
            if line.startswith("Step "):
                step, output = " ".join(line.split())[:_STEP_LENGTH], []
                say(f"image {order.target}: {step}")
            elif line.strip():
                output.append(line)


def _remove_former(client: "DockerClient", order: Order) -> None:
    """Remove what earlier states of the sources have left, unless something uses it."""
    from docker.errors import APIError

    for image in client.images.list(filters={"label": f"{IMAGE_LABEL}={order.target}"}):
        if not {order.tag, f"seedbed-{order.target}:{LATEST}"} & set(image.tags):
            try:
                for tag in image.tags or [str(image.id)]:
                    client.images.remove(tag)
            except APIError as error:  # another checkout's pods run on it
                if error.status_code != 409:
                    raise
