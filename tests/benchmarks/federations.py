"""Federations to measure, as `seedbed run` would make them."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from harness.driver.registry import adapter
from harness.errors import HarnessError
from harness.federation import Federation
from harness.runtime import Runtime
from harness.runtime.choice import open_runtime
from harness.runtime.environment import key_pool
from harness.seeding import Seeded, restore, seeded
from harness.seeding.cache import Saved
from harness.settings import HarnessSettings

Name = Literal["joined", "processes", "containers"]
NAMES: Final[tuple[Name, ...]] = get_args(Name)


@dataclass(frozen=True, slots=True)
class Town:
    """A federation that runs, and the past that it can be brought back to."""

    federation: Federation
    saved: Saved

    def begin(self) -> Seeded:
        """Go to the end of the past."""
        return restore(self.federation, self.saved)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a benchmark was asked for."""

    federations: tuple[Name, ...]
    rounds: int


def asked(about: str | None, rounds: int) -> Asked:
    """Read the command line; containers are left out where no engine answers."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--federation", choices=NAMES, action="append", help="default: all")
    parser.add_argument("--rounds", type=int, default=rounds, help=f"default: {rounds}")
    given = parser.parse_args()
    wanted = tuple(given.federation or NAMES)
    return Asked(
        tuple(name for name in wanted if given.federation or _is_there(name)), given.rounds
    )


def _is_there(name: Name) -> bool:
    if name != "containers":
        return True
    from harness.runtime.containers.engine import find_engine

    try:
        find_engine()
    except HarnessError:
        return False
    return True


@contextmanager
def stopped(name: Name) -> Iterator[Runtime]:
    """A federation to be started; it is stopped in the end, whatever has happened."""
    with tempfile.TemporaryDirectory(prefix="seedbed-benchmark-") as folder:
        runtime = open_runtime(HarnessSettings.read({}, federation=name), Path(folder))
        try:
            yield runtime
        finally:
            runtime.stop()


@contextmanager
def town(name: Name) -> Iterator[Town]:
    """A federation with the cast in it."""
    settings = HarnessSettings.read({}, federation=name)
    with stopped(name) as runtime:
        runtime.start()
        federation = Federation(
            runtime,
            adapter("reference"),
            seed=settings.seed,
            settle_timeout=settings.settle_timeout,
            private_keys=key_pool(settings),
            peer_keys=key_pool(settings, "peer"),
        )
        yield Town(federation, seeded(federation, settings))
