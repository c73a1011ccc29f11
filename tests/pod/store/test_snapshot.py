"""The live database is copied, and becomes a copy again, without being closed."""

from pathlib import Path

import pytest

from pod.domain.errors import Conflict, NotFound
from pod.store import snapshot, state
from pod.store.engine import Store
from tests.pod.rooms import NOW, add_account, add_person
from tests.pod.store.conftest import POSTGRESQL_ALONE, SQLITE_ALONE


@SQLITE_ALONE
def test_a_restored_snapshot_has_what_was_there_then(store: Store, tmp_path: Path) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        then = state.rows(work)
    snapshot.save(store, tmp_path / "then.sqlite3")
    with store.work() as work:
        dave = add_person(work, "dave@pod4.test")
        work.sharing.set_contact(carol, dave, receiving=True)
        work.mails.add("carol@mail.test", "Hello", "…", NOW)
        assert state.rows(work) != then
    snapshot.restore(store, tmp_path / "then.sqlite3")
    with store.work() as work:
        assert state.rows(work) == then
        assert work.mails.counts(NOW).queued == 0
        assert work.connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


@SQLITE_ALONE
def test_a_snapshot_can_be_restored_again_and_again(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite3"
    snapshot.save(store, path)
    for _ in range(2):
        with store.work() as work:
            add_account(work, "carol")
        snapshot.restore(store, path)
    with store.work() as work:
        assert state.rows(work) == []


@SQLITE_ALONE
def test_a_snapshot_is_not_overwritten(store: Store, tmp_path: Path) -> None:
    snapshot.save(store, tmp_path / "one.sqlite3")
    with pytest.raises(Conflict):
        snapshot.save(store, tmp_path / "one.sqlite3")


@SQLITE_ALONE
def test_a_snapshot_that_is_not_there_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"gone\.sqlite3"):
        snapshot.restore(store, tmp_path / "gone.sqlite3")


@POSTGRESQL_ALONE
def test_a_server_has_its_own_tools_for_that(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="use the tools of the other engine"):
        snapshot.save(store, tmp_path / "one.sqlite3")
