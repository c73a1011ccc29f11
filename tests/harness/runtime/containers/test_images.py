"""The images: who runs in them, how large they are, when they are built and removed."""

import os
import secrets
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from docker import DockerClient
from docker.errors import ImageNotFound

from harness.errors import BuildFailed, UsageError
from harness.runtime.containers.base_image import find_base
from harness.runtime.containers.context import sources
from harness.runtime.containers.engine import Engine
from harness.runtime.containers.former import IMAGE_LABEL, last_use, remove_former
from harness.runtime.containers.images import Images, Order, build, images
from harness.runtime.containers.places import wheel_cache
from harness.runtime.containers.wheels import wheels
from harness.settings import HarnessSettings

MB = 1_000_000
NO_TIME = timedelta(0)


def quiet(_: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def client(engine: Engine) -> Iterator[DockerClient]:
    with closing(engine.connect()) as connected:
        yield connected


@pytest.fixture(scope="module")
def made(client: DockerClient, settings: HarnessSettings) -> Images:
    return images(client, wheel_cache(settings), quiet, settings.base_image)


def order(client: DockerClient, target: str, *lines: str) -> Order:
    dockerfile = "\n".join(("ARG BASE_IMAGE", f"FROM ${{BASE_IMAGE}} AS {target}", *lines))
    base, name = find_base(client, "", quiet), f"seedbed-test:{target}"
    return Order(target, name, base, {"Dockerfile": dockerfile.encode()})


def is_there(client: DockerClient, name: str) -> bool:
    with suppress(ImageNotFound):
        return bool(client.images.get(name))
    return False


def test_nothing_is_built_twice(
    client: DockerClient, settings: HarnessSettings, made: Images
) -> None:
    said: list[str] = []
    again = images(client, wheel_cache(settings), said.append, settings.base_image)
    assert (again, said) == (made, [])


@pytest.mark.parametrize("target", ["pod", "gate"])
def test_an_image_runs_as_nobody_in_particular_and_can_tell_its_health(
    client: DockerClient, made: Images, target: str
) -> None:
    config = client.images.get(getattr(made, target)).attrs["Config"]
    assert config["User"] == "10001:10001"
    assert config["Healthcheck"]["Test"][:2] == ["CMD", "python3.11"]


@pytest.mark.parametrize(("target", "most"), [("pod", 120 * MB), ("gate", 60 * MB)])
def test_an_image_adds_little_to_its_base(
    client: DockerClient, settings: HarnessSettings, made: Images, target: str, most: int
) -> None:
    base = find_base(client, settings.base_image, quiet)
    sizes = [client.images.get(id_).attrs["Size"] for id_ in (getattr(made, target), base.id)]
    assert 0 < sizes[0] - sizes[1] <= most


def test_a_step_that_fails_is_named_with_what_it_has_said(client: DockerClient) -> None:
    step = "RUN echo the cat lies on the keyboard; exit 3"
    with pytest.raises(BuildFailed) as failure:
        build(client, order(client, "broken", step), quiet)
    first, *said = failure.value.what.splitlines()
    assert first.startswith(f"image seedbed-test:broken: Step 3/3 : {step}: ")
    assert first.endswith("returned a non-zero code: 3")
    assert "  | the cat lies on the keyboard" in said
    assert failure.value.next_step == ("Mend what the step complains about in pod_image/Dockerfile")
    assert not is_there(client, "seedbed-test:broken")


def test_a_base_image_that_is_nowhere_can_be_made_or_named() -> None:
    def missing(*_: object, **__: object) -> NoReturn:
        raise ImageNotFound("", explanation="manifest unknown")

    nothing = SimpleNamespace(list=lambda _: [])
    engine: Any = SimpleNamespace(images=nothing, api=SimpleNamespace(pull=missing))
    with pytest.raises(UsageError) as error:
        find_base(engine, "", quiet)
    assert error.value.what == (
        "there is no base image, and python:3.11-slim-bookworm cannot be pulled: manifest unknown"
    )
    assert error.value.next_step == (
        "Make one from Debian's packages by `make base-image`, or name one that is there: "
        "HARNESS_BASE_IMAGE"
    )
    assert error.value.exit_status == 64


def test_an_image_goes_when_nobody_has_used_it_for_long_and_no_container_has_it(
    client: DockerClient,
) -> None:
    target = f"test-{secrets.token_hex(4)}"
    wanted = order(client, target, f"LABEL {IMAGE_LABEL}={target}")
    build(client, wanted, quiet)
    remove_former(client, target)
    assert is_there(client, wanted.tag)

    user = client.containers.create(wanted.tag)
    remove_former(client, target, unused_for=NO_TIME)
    assert is_there(client, wanted.tag)

    user.remove()
    remove_former(client, target, unused_for=NO_TIME)
    assert not is_there(client, wanted.tag)


def test_each_run_says_anew_that_it_uses_its_images(
    client: DockerClient, settings: HarnessSettings, made: Images
) -> None:
    before = datetime.now(UTC)
    images(client, wheel_cache(settings), quiet, settings.base_image)
    for id_ in (made.pod, made.gate):
        assert last_use(client.images.get(id_).attrs) >= before


def test_an_image_that_never_had_a_name_was_last_used_when_it_was_built() -> None:
    never = {"LastTagTime": "0001-01-01T00:00:00Z"}
    built = datetime(2026, 5, 4, 3, 2, 1, 123456, UTC)
    assert last_use({"Created": "2026-05-04T03:02:01.123456789Z", "Metadata": never}) == built
    assert last_use({"Created": "2026-05-04T03:02:01.123456789Z"}) == built


@pytest.mark.skipif(
    not os.environ.get("SEEDBED_BUILDS_ANEW"),
    reason="takes minutes; SEEDBED_BUILDS_ANEW asks for it, as `make nightly` does",
)
@pytest.mark.parametrize("target", ["gate", "pod"])
def test_the_same_sources_on_the_same_base_make_the_same_layers(
    client: DockerClient, settings: HarnessSettings, target: str
) -> None:
    base = find_base(client, settings.base_image, quiet)
    collected = wheels(wheel_cache(settings), "x86_64").items()
    files = sources() | {f"wheels/{name}": content for name, content in collected}
    tags = [f"seedbed-test:{target}-{secrets.token_hex(4)}" for _ in range(2)]
    before = nameless_packages(client)
    try:
        for tag in tags:
            build(client, Order(target, tag, base, files, anew=True), quiet)
        one, other = [client.images.get(tag).attrs["RootFS"]["Layers"] for tag in tags]
        assert one == other
    finally:
        for name in (*tags, *nameless_packages(client) - before):
            with suppress(ImageNotFound):
                client.images.remove(name)


def nameless_packages(client: DockerClient) -> set[str]:
    """What a build leaves that took nothing from the ones before."""
    filters = {"label": f"{IMAGE_LABEL}=packages", "dangling": True}
    return {str(image["Id"]) for image in client.api.images(filters=filters)}
