"""Threads that turn the crank: woken by what is queued, ended in order, replaced if they break."""

import sqlite3
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from pod.app import Core
from pod.jobs.bell import Bell
from pod.jobs.gauge import gauge, quiet
from pod.jobs.workers import Workers
from tests.pod.pair import Pods, joined

SOON = 20.0


@pytest.fixture
def pods(tmp_path: Path) -> Iterator[Pods]:
    with joined(tmp_path) as pods:
        yield pods


@pytest.fixture
def working(pods: Pods) -> Iterator[Pods]:
    workers = [Workers(core.context, 3) for core in pods.cores.values()]
    yield pods
    for each in workers:
        each.stop()


def _quiet(pods: Pods) -> None:
    """Until two rounds in a row find nothing to do."""
    still = 0
    while still < 2:
        gauges = [quiet(core.context, SOON) for core in pods.cores.values()]
        assert sum(each["queued"] + each["in_flight"] for each in gauges) == 0
        still = still + 1 if sum(e["sent"] - e["received"] for e in gauges) == 0 else 0


def test_threads_deliver_what_people_write(working: Pods) -> None:
    carol, bob = working.sign_up("carol", "pod1"), working.sign_up("bob", "pod2")
    carol.share(bob)
    bob.share(carol)
    _quiet(working)
    guid = carol.call("POST", "/api/posts", {"text": "hello", "public": True})["guid"]
    _quiet(working)
    for text in ("one", "two", "three"):
        bob.call("POST", f"/api/posts/{guid}/comments", {"text": text})
    _quiet(working)
    on_both = [working.state(pod, "comment").keys() for pod in ("pod1", "pod2")]
    assert on_both[0] == on_both[1]
    assert len(on_both[0]) == 3


def test_setting_the_clock_wakes_who_waits_for_it(working: Pods) -> None:
    carol, bob = working.sign_up("carol", "pod1"), working.sign_up("bob", "pod2")
    context = working["pod1"].context
    context.is_frozen = True
    carol.share(bob)
    working.away.add("pod2.test")
    context.is_frozen = False
    context.wake()
    sleeping = quiet(context, SOON)["sleeping"]
    working.away.clear()
    context.set_clock(context.clock.now() + timedelta(hours=1))
    _quiet(working)
    assert (sleeping, quiet(context, SOON)["sleeping"]) == (2, 0)


def test_a_thread_that_breaks_is_replaced(pods: Pods, monkeypatch: pytest.MonkeyPatch) -> None:
    core = pods["pod1"]
    broken = threading.Event()
    monkeypatch.setattr("threading.excepthook", lambda _: broken.set())

    def mailer(_message: object) -> None:
        core.context.mailer = lambda _: None
        raise ZeroDivisionError

    core.context.mailer = mailer
    workers = Workers(core.context, 1)
    for text in ("breaks", "arrives"):
        _mail(core, text)
    assert broken.wait(SOON)
    assert quiet(core.context, SOON)["queued"] == 0
    workers.stop()
    with core.context.work() as work:
        rows = work.connection.exec_driver_sql("SELECT subject, state FROM mails ORDER BY id")
        assert [tuple(row) for row in rows] == [("breaks", "abandoned"), ("arrives", "done")]


def test_threads_wait_while_the_database_is_away(
    pods: Pods, monkeypatch: pytest.MonkeyPatch
) -> None:
    core, asked = pods["pod1"], threading.Event()

    def away(*_: object) -> None:
        asked.set()
        raise OperationalError("SELECT", {}, sqlite3.OperationalError("disk I/O error"))

    core.context.mailer = lambda _: None
    _mail(core, "Hello")
    with monkeypatch.context() as broken:
        broken.setattr("pod.store.queues.Inbox.claim", away)
        broken.setattr("threading.excepthook", lambda _: pytest.fail("a thread has died"))
        workers = Workers(core.context, 1)
        assert asked.wait(SOON)
    assert quiet(core.context, SOON)["queued"] == 0
    workers.stop()


def _mail(core: Core, subject: str) -> None:
    with core.context.work() as work:
        work.mails.add("carol@mail.test", subject, "…", work.now)


def test_a_ring_before_the_wait_is_not_missed() -> None:
    bell = Bell()
    count = bell.count
    bell.ring()
    assert bell.wait(count, 0)
    assert not bell.wait(bell.count, 0)


def test_without_threads_nobody_waits_for_quiet(pods: Pods) -> None:
    _mail(pods["pod1"], "Hello")
    assert quiet(pods["pod1"].context, 1e6)["queued"] == 1


def test_nothing_is_claimed_while_the_queues_are_frozen(pods: Pods) -> None:
    core = pods["pod1"]
    core.context.is_frozen = True
    _mail(core, "Hello")
    assert not core.step()
    core.context.is_frozen = False
    assert core.step()


def test_a_job_that_goes_on_after_its_end_was_committed_is_in_flight(pods: Pods) -> None:
    context = pods["pod1"].context
    assert gauge(context)["in_flight"] == 0
    rung = context.bell.count
    with context.linger():
        assert gauge(context)["in_flight"] == 1
    assert gauge(context)["in_flight"] == 0
    assert context.bell.count > rung  # who waits for quiet has to look again
