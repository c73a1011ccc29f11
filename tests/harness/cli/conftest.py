"""Terminals for tests of the command."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.settings import ROOT
from tests.harness.cli.terminal import Terminal, terminal


@pytest.fixture
def kept_past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all calls, or each would make the common past anew.

    What stands beside a cache, such as the note of the pods that are up, is each test's own.
    """
    shared = ROOT / ".seedbed" / "cache"
    shared.mkdir(parents=True, exist_ok=True)
    link = tmp_path_factory.mktemp("past") / "cache"
    link.symlink_to(shared)
    return link


@pytest.fixture
def here(tmp_path: Path, kept_past: Path) -> Iterator[Terminal]:
    """An empty folder in which `seedbed` is called; nothing may be left when it is gone."""
    with terminal(tmp_path, kept_past) as made:
        yield made
        assert made.is_deserted(), made.processes()
        assert made.leftovers() == []
