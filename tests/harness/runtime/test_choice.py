"""Which federation `auto` takes, and what it says."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.runtime import choice
from harness.runtime.choice import chosen
from harness.runtime.containers.engine import Engine, EngineMissing
from harness.settings import FederationName, HarnessSettings

AUTO = HarnessSettings(federation="auto")
HINT = "`make base-image` makes one, `docker pull` fetches one"


@dataclass(frozen=True, slots=True)
class Stocked(Engine):
    """An engine that has these images."""

    stock: tuple[str, ...] = ()

    def has_image(self, name: str) -> bool:
        return name in self.stock


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """What was found for another test is forgotten."""
    choice._best.cache_clear()


def put_engine(monkeypatch: pytest.MonkeyPatch, *stock: str) -> None:
    engine = Stocked(Path("engine.sock"), "20.10.24", stock)
    monkeypatch.setattr("harness.runtime.containers.engine.find_engine", lambda: engine)


def test_without_an_engine_it_takes_processes_and_says_that_none_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> Engine:
        raise EngineMissing("no container engine answers at engine.sock", "Start one")

    monkeypatch.setattr("harness.runtime.containers.engine.find_engine", missing)
    assert chosen(AUTO) == (
        "processes",
        "four servers, since no container engine answers at engine.sock",
    )


def test_without_a_base_image_it_takes_processes_and_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_engine(monkeypatch, "postgres:16")
    assert chosen(AUTO) == (
        "processes",
        f"four servers, since the container engine 20.10.24 has no base image ({HINT})",
    )


@pytest.mark.parametrize("name", ["python:3.11-slim-bookworm", "seedbed-base:latest"])
def test_with_an_engine_and_a_usual_base_image_it_takes_containers(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    put_engine(monkeypatch, name)
    assert chosen(AUTO) == ("containers", "the container engine 20.10.24 answers")


def test_with_the_base_image_that_is_asked_for_it_takes_containers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_engine(monkeypatch, "our-python:3")
    asked = HarnessSettings.read({"HARNESS_BASE_IMAGE": "our-python:3"})
    assert chosen(asked) == ("containers", "the container engine 20.10.24 answers")


def test_without_the_base_image_that_is_asked_for_it_takes_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_engine(monkeypatch, "seedbed-base:latest")
    assert chosen(AUTO.changed(base_image="our-python:3")) == (
        "processes",
        "four servers, since the container engine 20.10.24 has no base image our-python:3 "
        f"({HINT})",
    )


@pytest.mark.parametrize("name", ["joined", "processes", "containers"])
def test_what_is_asked_for_is_taken_without_looking(
    monkeypatch: pytest.MonkeyPatch, name: FederationName
) -> None:
    monkeypatch.delattr("harness.runtime.containers.engine.find_engine")
    assert chosen(HarnessSettings(federation=name)) == (name, "as asked for")
