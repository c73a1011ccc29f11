"""Terminals for tests of the command."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.settings import ROOT
from tests.harness.cli.terminal import Terminal, terminal


@pytest.fixture(scope="session")
def kept_past() -> Path:
    """One cache for all calls, or each would make the common past anew."""
    return ROOT / ".seedbed" / "cache"


@pytest.fixture
def here(tmp_path: Path, kept_past: Path) -> Iterator[Terminal]:
    """An empty folder in which `seedbed` is called; nothing may be left when it is gone."""
    with terminal(tmp_path, kept_past) as made:
        yield made
        assert made.is_deserted(), made.processes()
        assert made.leftovers() == []
