"""The database outlives its process, and is one transaction at a time."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

from pod.store import engine, template
from pod.store.engine import Store
from pod.store.schema import totals
from pod.store.unit_of_work import is_open
from tests.pod.rooms import open_store
from tests.pod.store.conftest import SQLITE_ALONE


def test_what_is_committed_is_there_after_the_database_is_opened_again(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.work() as work:
        work.totals.count("sent")
    store.close()
    store = open_store(tmp_path)
    with store.work() as work:
        assert work.totals.get("sent") == 1
    store.close()


def test_an_exception_leaves_nothing_behind(store: Store) -> None:
    def fail() -> None:
        with store.work() as work:
            work.totals.count("sent")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.work() as work:
        assert work.totals.get("sent") == 0
    assert not is_open()


def test_a_statement_that_fails_does_not_tell_what_it_was_to_store(store: Store) -> None:
    private = {"name": "what nobody may read", "value": "no number"}
    statement = text("INSERT INTO no_such_table VALUES (:name, :value)")
    with pytest.raises(DBAPIError) as caught, store.work() as work:
        work.connection.execute(statement, private)
    assert "no_such_table" in str(caught.value)
    assert "what nobody may read" not in str(caught.value)


def test_a_thread_cannot_open_a_second_unit_of_work(store: Store) -> None:
    with store.work(), pytest.raises(AssertionError, match="open in this thread"), store.work():
        pass


def test_units_of_work_of_several_threads_do_not_lose_counts(store: Store) -> None:
    def count() -> None:
        for _ in range(20):
            with store.work() as work:
                work.totals.count("received")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.work() as work:
        assert work.totals.get("received") == 80


def test_waiters_are_told_after_a_commit_that_queued_something(store: Store) -> None:
    told: list[int] = []

    def look() -> None:
        with store.work() as work:
            told.append(work.mails.counts(work.now).queued)

    store._on_commit = look
    with store.work() as work:
        work.mails.add("carol@mail.test", "Hello", "…", work.now)
    with store.work() as work:
        work.totals.count("sent")
    assert told == [1]


def test_a_commit_survives_kill_9(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from tests.pod.rooms import open_store\n"
        "store = open_store(Path(sys.argv[1]))\n"
        "with store.work() as work: work.totals.count('sent')\n"
        "with store.work() as work:\n"
        "    work.totals.count('received'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    path = os.pathsep.join(sys.path)
    died = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program, str(tmp_path)], env={"PYTHONPATH": path}, check=False
    )
    assert died.returncode == -signal.SIGKILL
    store = open_store(tmp_path)
    with store.work() as work:
        assert (work.totals.get("sent"), work.totals.get("received")) == (1, 0)
    store.close()


@SQLITE_ALONE
def test_foreign_keys_are_enforced_and_the_log_is_written_ahead(store: Store) -> None:
    with store.work() as work:
        pragmas = [
            work.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "journal_mode", "synchronous")
        ]
    assert pragmas == [1, "wal", 1]


def test_a_new_database_is_a_copy_of_the_template(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "pod.sqlite3"
    engine.prepare(f"sqlite:///{path}")
    assert template.revision_of(path) == template.HEAD
    assert [each.name for each in path.parent.iterdir()] == ["pod.sqlite3"]


def test_a_database_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'pod.sqlite3'}"
    engine.prepare(url)
    opened = engine.open_engine(url)
    with opened.begin() as connection:
        connection.execute(insert(totals).values(name="sent", value=7))
    engine.prepare(url)
    with opened.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(totals)) == 1
    opened.dispose()
