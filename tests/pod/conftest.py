"""What the tests of a pod's own parts are given."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pod.store.engine import Store
from tests.pod.rooms import open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The empty database of pod1.test."""
    opened = open_store(tmp_path)
    yield opened
    opened.close()
