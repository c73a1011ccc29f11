"""What is about storing is tested with each database that a pod can have."""

import pytest

from tests.pod.conftest import DATABASES

SQLITE_ALONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
POSTGRESQL_ALONE = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
"""For what the other has not."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test with each, unless it says with which."""
    marks = metafunc.definition.iter_markers("parametrize")
    if "database" in metafunc.fixturenames and all(mark.args[0] != "database" for mark in marks):
        metafunc.parametrize("database", DATABASES, indirect=True)
