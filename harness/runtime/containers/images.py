"""The images of pod and gate: built when what goes into them changes, and only then."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
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
from harness.runtime.containers.former import remove_former
from harness.runtime.containers.full_disk import need_room
from harness.runtime.containers.wheels import wheels

if TYPE_CHECKING:
    from docker import DockerClient

Say = Callable[[str], None]

TARGETS: Final[tuple[Target, ...]] = ("pod", "gate")
PACKAGES: Final = "packages"
LATEST: Final = "latest"

_OUTPUT_LINES: Final = 50
_STEP_LENGTH: Final = 100
_ARCHITECTURES: Final = {"amd64": "x86_64", "arm64": "aarch64"}


@dataclass(frozen=True, slots=True)
class Images:
    """IDs of images that are there: an ID stays when another checkout takes a name."""

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
        found = [_taken(client, order) for order in orders]
        if not all(found):
            missing = [order for order, there in zip(orders, found, strict=True) if not there]
            _build_all(client, [_packages(chosen, files), *missing], cache, say)
            found = [_taken(client, order) for order in orders]
    return Images(*found)


@dataclass(frozen=True, slots=True)
class Order:
    """An image to be built: which target of the Dockerfile, its name, on what and from what.

    `anew` is whether nothing that was built before may be taken.
    """

    target: str
    tag: str
    base: Base
    files: Files
    anew: bool = False


def _order(target: Target, base: Base, files: Files) -> Order:
    name = fingerprint(of_target(files, target), base.id)
    return Order(target, f"seedbed-{target}:{name}", base, files)


def _packages(base: Base, files: Files) -> Order:
    """What is installed is an image, too: with a name, it can be told when it is out of date."""
    return Order(PACKAGES, f"seedbed-{PACKAGES}:{LATEST}", base, files)


def _taken(client: "DockerClient", order: Order) -> str:
    """The ID of an image, which has been used from now on; empty if it is not there."""
    from docker.errors import ImageNotFound

    try:
        image = client.images.get(order.tag)
        image.tag(f"seedbed-{order.target}", LATEST)
    except ImageNotFound:
        return ""
    return str(image.id)


def _build_all(client: "DockerClient", orders: list[Order], cache: Path, say: Say) -> None:
    say(f"images on {orders[0].base.probed(client)}")
    architecture = client.version()["Arch"]
    collected = wheels(cache, _ARCHITECTURES.get(architecture, architecture))
    wheel_files = {f"wheels/{name}": content for name, content in collected.items()}
    for order in orders:
        build(client, replace(order, files={**order.files, **wheel_files}), say)
    for order in orders:
        remove_former(client, order.target)


def build(client: "DockerClient", order: Order, say: Say) -> None:
    """Build one image.

    Raises:
        BuildFailed: If a step fails; with its output.
    """
    say(f"image {order.tag}")
    steps = client.api.build(
        fileobj=as_tar(order.files),
        custom_context=True,
        decode=True,
        rm=True,
        forcerm=True,
        network_mode="none",
        target=order.target,
        tag=order.tag,
        nocache=order.anew,
        buildargs={"BASE_IMAGE": order.base.name},
    )
    _follow(steps, order, say)


def _follow(steps: Iterator[Mapping[str, Any]], order: Order, say: Say) -> None:
    """Tell each step; if one fails, show what it has said."""
    step, output, failure = "the first step", list[str](), ""
    for event in steps:  # to the end, or the connection stays open
        failure = str(event.get("error", failure)).strip()
        for line in str(event.get("stream", "")).splitlines():
            if line.startswith("Step "):
                step, output = " ".join(line.split())[:_STEP_LENGTH], []
                say(f"image {order.target}: {step}")
            elif line.strip():
                output.append(line)
    if failure:
        need_room(f"image {order.tag}: {step}", failure)
        said = "\n".join(f"  | {line}" for line in output[-_OUTPUT_LINES:])
        raise BuildFailed(f"image {order.tag}: {step}: {failure}\n{said}")
