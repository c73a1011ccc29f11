"""What the tests of a pod's own parts are given."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from docker.errors import BuildError

from pod.store.engine import Store
from tests.harness.runtime.containers.needed import is_promised, need_engine
from tests.pod.postgresql.server import PostgreSQL, running
from tests.pod.rooms import open_store

DATABASES = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the rules be tested with the other database, too."""
    parser.addoption(
        "--database", choices=DATABASES, default="sqlite", help="what pods keep all in"
    )


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Which database pods have; what tests the storing itself asks for each."""
    chosen: str = getattr(request, "param", "") or request.config.getoption("--database")
    return chosen


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    """A server for all tests that want one; left out where none can be had, unless promised."""
    engine, folder = need_engine(), tmp_path_factory.mktemp("postgresql")
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running(engine, folder))
        except BuildError as error:
            if is_promised():
                raise
            pytest.skip(f"there is no image of PostgreSQL, and none can be built: {error}")
        yield server


@pytest.fixture
def store(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[Store]:
    """The empty database of pod1.test."""
    if database == "sqlite":
        with closing(open_store(tmp_path)) as opened:
            yield opened
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.database() as url, closing(open_store(tmp_path, url)) as opened:
        yield opened
