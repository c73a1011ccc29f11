"""A container engine, or the reason why there is none."""

from pathlib import Path

import pytest

from harness.runtime.containers.engine import Engine
from harness.settings import HarnessSettings
from tests.harness.runtime.containers.needed import need_engine


def pytest_configure(config: pytest.Config) -> None:
    """Know the marker of the scenarios that are used here as checks; none is run as a scenario."""
    config.addinivalue_line("markers", "needs(*abilities): what a scenario needs")


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Where CI promises an engine, its absence is a failure."""
    return need_engine()


@pytest.fixture(scope="session")
def settings(engine: Engine) -> HarnessSettings:  # noqa: ARG001 (nothing runs without it)
    # However slow the machine is just now: nothing here measures time.
    return HarnessSettings(
        federation="containers", boot_seconds=120, cache=Path(".seedbed", "cache").absolute()
    )
