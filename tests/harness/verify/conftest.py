"""A healthy federation, recorded once per session: with its past, and after a move."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from harness.driver.registry import adapter
from harness.facts.snapshot import Snapshots
from harness.federation import Federation
from harness.runtime.environment import key_pool
from harness.runtime.joined import Joined
from harness.seeding import Seeded, restore, seeded
from harness.settings import ROOT, HarnessSettings


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Snapshots, Snapshots]]:
    """The settled federation after its past, and after carol's move, of which all were told."""
    folder = tmp_path_factory.mktemp("recorded")
    settings = HarnessSettings(
        federation="joined", cache=ROOT / ".seedbed" / "cache", reports=folder
    )
    runtime = Joined(settings, folder / "run")
    runtime.start()
    try:
        federation = Federation(
            runtime,
            adapter("reference"),
            seed=settings.seed,
            settle_timeout=timedelta(seconds=60),
            private_keys=key_pool(settings),
        )
        cast = restore(federation, seeded(federation, settings))
        past = kept(federation, federation.settle(), folder / "past")
        yield past, kept(federation, moved(federation, cast), folder / "moved")
    finally:
        runtime.stop()


def moved(federation: Federation, cast: Seeded) -> Snapshots:
    carol = cast.people["carol"]
    federation["pod2"].import_archive(carol.export_archive(), "christy")
    federation.settle()
    cast.people["dave"].share(carol, aspect="people I follow")
    return federation.settle()


def kept(federation: Federation, snapshots: Snapshots, folder: Path) -> Snapshots:
    """The same snapshots with copies of the databases that stay."""
    folder.mkdir()
    copies = federation.copy_databases(folder)
    assert snapshots.origin is not None
    return Snapshots(snapshots, replace(snapshots.origin, databases=lambda: copies))


@pytest.fixture(scope="session")
def past(recorded: tuple[Snapshots, Snapshots]) -> Snapshots:
    """After the common past."""
    return recorded[0]


@pytest.fixture(scope="session")
def after_move(recorded: tuple[Snapshots, Snapshots]) -> Snapshots:
    """After the move, which every pod knows of."""
    return recorded[1]
