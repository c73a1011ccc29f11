"""GUIDs in test mode are a function of the act, so that two runs have the same."""

from datetime import timedelta

import pytest

from pod.store.engine import Store
from pod.store.ids import Act, RandomIds
from tests.pod.rooms import NOW


def test_an_act_gets_the_same_guids_in_every_run(store: Store) -> None:
    def guids() -> list[str]:
        act = Act(seed="7/carol/3")
        with store.work(act) as work:
            first = [work.ids.guid("comment"), work.ids.guid("comment"), work.ids.guid("poll")]
        with store.work(act) as work:
            return [*first, work.ids.guid("comment")]

    assert guids() == guids()
    assert len(set(guids())) == 4


def test_what_is_rolled_back_gets_the_same_guid_again(store: Store) -> None:
    act = Act(seed="7/carol/3")
    seen: list[str] = []

    def take(*, fail: bool) -> None:
        with store.work(act) as work:
            seen.append(work.ids.guid("comment"))
            if fail:
                raise RuntimeError

    with pytest.raises(RuntimeError):
        take(fail=True)
    take(fail=False)
    take(fail=False)
    assert seen[0] == seen[1] != seen[2]


def test_guids_nobody_acts_for_are_numbered(store: Store) -> None:
    with store.work() as work:
        first = work.ids.guid("participation")
    with store.work() as work:
        assert work.ids.guid("participation") != first
        assert work.totals.get("guids") == 2


def test_an_act_brings_its_time(store: Store) -> None:
    at = NOW - timedelta(days=400)
    with store.work(Act(seed="x", at=at)) as work:
        assert work.now == at
    with store.work() as work:
        assert work.now == NOW


def test_random_guids_never_repeat() -> None:
    assert len({RandomIds().guid("comment") for _ in range(100)}) == 100
