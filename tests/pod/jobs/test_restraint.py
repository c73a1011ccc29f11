"""What a message may have asked of other pods, and what all threads of a pod remember of it."""

import threading
from datetime import timedelta

import pytest

from pod.domain.errors import Later
from pod.domain.identity import DiasporaId
from pod.jobs import restraint
from pod.jobs.restraint import NOBODY_FOR, PER_HOST, Budget, Restraint
from tests.pod.rooms import NOW

ANN = DiasporaId("ann@pod2.test")
SOON = 20.0


def test_all_that_follows_from_a_message_has_one_budget() -> None:
    with restraint.one_message() as outer, restraint.one_message() as inner:
        taken = [outer.take_links(7), inner.take_links(7), inner.take_links(1)]
    with restraint.one_message() as next_message:
        assert (taken, outer.links, next_message) == ([7, 3, 0], 0, Budget())


def test_not_everything_that_a_message_needs_is_asked_for() -> None:
    budget = Budget(needed=1)
    budget.take_needed("post x is missing")
    with pytest.raises(Later, match="post y is missing, and 24 other things"):
        budget.take_needed("post y is missing")


def test_one_host_is_not_asked_all_the_time() -> None:
    kept = Restraint()
    for _ in range(PER_HOST):
        kept.ask("pod2.test", NOW)
    with pytest.raises(Later, match=r"pod2\.test was asked 100 times within a minute"):
        kept.ask("pod2.test", NOW + timedelta(seconds=59))
    kept.ask("pod3.test", NOW)
    kept.ask("pod2.test", NOW + timedelta(minutes=1))


def test_who_was_not_found_is_nobody_for_minutes() -> None:
    kept = Restraint()
    kept.found_nobody(ANN, NOW)
    times = (NOW, NOW + NOBODY_FOR - timedelta(seconds=1), NOW + NOBODY_FOR, NOW - NOBODY_FOR)
    assert [kept.is_nobody(ANN, each) for each in times] == [True, True, False, False]
    assert not kept.is_nobody(DiasporaId("bob@pod2.test"), NOW)


def test_of_those_not_found_only_the_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restraint, "MAX_REMEMBERED", 2)
    kept = Restraint()
    people = [DiasporaId(f"ann{n}@pod2.test") for n in range(3)]
    for each in people:
        kept.found_nobody(each, NOW)
    assert [kept.is_nobody(each, NOW) for each in people] == [False, True, True]


def test_two_threads_do_not_fetch_the_same_at_once() -> None:
    kept, wanted = Restraint(), []

    def fetch() -> None:
        with kept.fetching("post", "x") as is_wanted:
            wanted.append(is_wanted)

    with kept.fetching("post", "x") as first, kept.fetching("comment", "x") as other:
        thread = threading.Thread(target=fetch)
        thread.start()
        assert (first, other, wanted) == (True, True, [])
    thread.join(SOON)
    fetch()
    assert wanted == [False, True]


def test_nobody_waits_for_ever_for_what_another_thread_fetches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(restraint, "PATIENCE_SECONDS", 0.01)
    kept = Restraint()
    with (
        kept.fetching("post", "x"),
        pytest.raises(Later, match="post x is being fetched already"),
        kept.fetching("post", "x"),
    ):
        pass
