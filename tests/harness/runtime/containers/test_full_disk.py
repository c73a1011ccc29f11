"""Wherever the room for an image runs out, it is said that the disk is full."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from docker.errors import APIError

from harness.errors import DiskFull
from harness.runtime.containers.base_image import Base, find_base
from harness.runtime.containers.engine import complaints
from harness.runtime.containers.images import Order, build
from harness.runtime.containers.wheels import wheels

FULL = "write /x: no space left on device"
BASE = Base("some-base:latest", "sha256:1")
ADVICE = (
    "See what it keeps with `docker system df`, and free some space, for example with "
    "`docker image prune`"
)


def quiet(_: str) -> None:
    """Nobody listens."""


def refuse(*_: object, **__: object) -> NoReturn:
    raise APIError("", explanation=FULL)


def full(*_: object, **__: object) -> Iterator[dict[str, str]]:
    """What the engine tells of a pull or a build that it has begun."""
    yield {"stream": "Step 1/9 : FROM ${BASE_IMAGE} AS packages\n"}
    yield {"error": FULL}


def engine_that(**answers: Any) -> Any:  # noqa: ANN401 (stands for an engine whose disk is full)
    nothing = SimpleNamespace(list=lambda *_: [])
    return SimpleNamespace(images=nothing, api=SimpleNamespace(**answers), **answers)


def test_whatever_the_engine_is_asked_to_do() -> None:
    with pytest.raises(DiskFull) as error, complaints("starting the containers"):
        refuse()
    assert error.value.what == "starting the containers: the container engine's disk is full"
    assert (error.value.next_step, error.value.exit_status) == (ADVICE, 70)


def test_while_an_image_is_built() -> None:
    with pytest.raises(DiskFull) as error:
        build(engine_that(build=full), Order("pod", "seedbed-pod:1", BASE, {}), quiet)
    assert error.value.what == (
        "image seedbed-pod:1: Step 1/9 : FROM ${BASE_IMAGE} AS packages: "
        "the container engine's disk is full"
    )
    assert error.value.next_step == ADVICE


@pytest.mark.parametrize("pull", [full, refuse], ids=["after it has begun", "at once"])
def test_while_the_base_image_is_pulled(pull: Any) -> None:  # noqa: ANN401 (either form)
    with pytest.raises(DiskFull) as error:
        find_base(engine_that(pull=pull), "some-base", quiet)
    assert error.value.what == "pulling some-base: the container engine's disk is full"
    assert error.value.next_step == ADVICE


def test_while_the_base_image_is_tried() -> None:
    with pytest.raises(DiskFull) as error:
        BASE.probed(engine_that(containers=SimpleNamespace(run=refuse)))
    assert error.value.what == (
        "trying the base image some-base:latest: the container engine's disk is full"
    )


def test_while_packages_are_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip = tmp_path / "python"
    pip.write_text("#!/bin/sh\necho 'OSError: [Errno 28] No space left on device' >&2; exit 1\n")
    pip.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(pip))
    with pytest.raises(DiskFull) as error:
        wheels(tmp_path / "wheels", "x86_64")
    assert error.value.what == "downloading gate.lock: this machine's disk is full"
    assert error.value.next_step == "Free some space, and run again"
    assert list((tmp_path / "wheels").iterdir()) == []
