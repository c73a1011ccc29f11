"""The common past: the same for the same seed, kept whole or not at all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from harness.driver.registry import adapter
from harness.facts.snapshot import Snapshots
from harness.federation import Federation
from harness.runtime.environment import key_pool
from harness.runtime.joined import Joined
from harness.seeding import restore, seeded
from harness.seeding.cache import Cache, content_hash
from harness.settings import HarnessSettings


@pytest.fixture
def settings(tmp_path: Path) -> HarnessSettings:
    return HarnessSettings(cache=tmp_path / "cache", reports=tmp_path / "reports")


@contextmanager
def running(settings: HarnessSettings, folder: Path) -> Iterator[Federation]:
    runtime = Joined(settings, folder)
    runtime.start()
    try:
        yield Federation(
            runtime,
            adapter("reference"),
            seed=settings.seed,
            settle_timeout=timedelta(seconds=30),
            private_keys=key_pool(settings),
        )
    finally:
        runtime.stop()


def past(settings: HarnessSettings, folder: Path) -> tuple[Snapshots, Mapping[str, int]]:
    with running(settings, folder) as federation:
        restore(federation, seeded(federation, settings))
        return federation.settle(), dict(federation.acting.counts)


def test_one_seed_makes_the_same_past_and_another_seed_another(
    settings: HarnessSettings, tmp_path: Path
) -> None:
    first = past(settings, tmp_path / "first")
    again = past(replace(settings, cache=tmp_path / "other cache"), tmp_path / "again")
    assert again == first
    other = past(replace(settings, seed=2), tmp_path / "other")
    assert set(other[0]["pod1"].rows("post")).isdisjoint(first[0]["pod1"].rows("post"))


def test_a_restored_past_is_what_was_kept_whatever_has_happened_since(
    settings: HarnessSettings, tmp_path: Path
) -> None:
    with running(settings, tmp_path / "run") as federation:
        saved = seeded(federation, settings)
        people = restore(federation, saved).people
        before, acts, now = federation.settle(), len(federation.journal), federation.clock.now
        digests = federation.runtime.ask_all(lambda pod: federation.runtime.control[pod].digest())

        made = people["carol"].post("after all")
        federation["pod3"].stop()
        federation.clock.advance(timedelta(days=2))
        federation.gate.isolate("pod2")
        assert federation.settle() != before

        people = restore(federation, saved).people
        assert federation.runtime.running() == ("pod1", "pod2", "pod3", "pod4")
        assert (federation.settle(), federation.clock.now) == (before, now)
        assert len(federation.journal) == acts
        assert (
            federation.runtime.ask_all(lambda pod: federation.runtime.control[pod].digest())
            == digests
        )
        # The same act again makes the same entity.
        assert people["carol"].post("after all") == made


def test_a_damaged_cache_is_made_anew(settings: HarnessSettings, tmp_path: Path) -> None:
    first = past(settings, tmp_path / "first")
    cache = Cache.of(settings)
    assert cache.load() is not None
    (cache.folder / "pod2.sqlite3").write_bytes(b"no database")
    assert cache.load() is None
    assert not cache.folder.exists()
    assert past(settings, tmp_path / "again") == first


def test_the_cache_has_a_place_of_its_own_for_all_that_matters(settings: HarnessSettings) -> None:
    variants = [
        settings,
        replace(settings, seed=2),
        replace(settings, wire_profile="account_migration"),
        replace(settings, pod_factory="harness.settings:HarnessSettings"),
    ]
    assert len({content_hash(variant) for variant in variants}) == 4
    assert content_hash(settings) == content_hash(replace(settings, keep=True))
