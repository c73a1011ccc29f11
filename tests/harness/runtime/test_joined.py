"""Four cores in one process."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from harness.driver.login import Refused
from harness.driver.registry import adapter
from harness.errors import BootFailed, UsageError
from harness.federation import Federation
from harness.runtime.joined import Joined, load_factory
from harness.settings import HarnessSettings


@pytest.fixture
def joined(settings: HarnessSettings, tmp_path: Path) -> Iterator[Joined]:
    runtime = Joined(settings, tmp_path / "run")
    runtime.start()
    yield runtime
    runtime.stop()


@pytest.fixture
def federation(joined: Joined) -> Federation:
    return Federation(joined, adapter("reference"), seed=1, settle_timeout=timedelta(seconds=20))


def test_a_post_reaches_those_who_are_entitled_and_nobody_else(federation: Federation) -> None:
    carol, bob = federation["pod1"].sign_up("carol"), federation["pod3"].sign_up("bob")
    carol.share(bob, aspect="friends")
    federation.settle()
    post = carol.post("only for friends", to="friends")
    settled = federation.settle()
    assert settled.author_of(post) == {"pod1": "carol@pod1", "pod3": "carol@pod1"}
    assert (bob.sees(post), settled.known_as(bob)) == (
        True,
        dict.fromkeys(("pod1", "pod3"), "bob@pod3"),
    )


def test_a_name_that_is_taken_is_refused(federation: Federation) -> None:
    federation["pod1"].sign_up("carol")
    with pytest.raises(Refused) as refusal:
        federation["pod1"].sign_up("carol")
    assert refusal.value.status == 409


def test_what_a_stopped_pod_has_missed_sleeps_and_arrives_when_it_is_back(
    federation: Federation,
) -> None:
    carol, bob = federation["pod1"].sign_up("carol"), federation["pod3"].sign_up("bob")
    carol.share(bob, aspect="friends")
    federation.settle()
    federation["pod3"].stop()
    post = carol.post("are you there?", to="friends")
    assert federation.settle().holding(post) == ("pod1",)
    assert federation.quiet is not None
    assert federation.quiet.sleeping == {"pod1": 1}

    federation["pod3"].start()
    federation.clock.advance(timedelta(hours=1))
    assert federation.settle().holding(post) == ("pod1", "pod3")
    assert federation.quiet.sleeping == {}


def test_a_core_that_dies_at_a_crash_point_goes_on_where_it_was(federation: Federation) -> None:
    carol, bob = federation["pod1"].sign_up("carol"), federation["pod3"].sign_up("bob")
    carol.share(bob, aspect="friends")
    federation.settle()
    federation.runtime.control["pod3"].crash_at("receive.before_commit")
    post = carol.post("hello", to="friends")
    federation.settle()
    assert federation.runtime.running() == ("pod1", "pod2", "pod4")

    federation["pod3"].start()
    assert federation.settle().holding(post) == ("pod1", "pod3")


def test_a_stopped_federation_leaves_its_run_folder_and_nothing_else(joined: Joined) -> None:
    scratch = joined.scratch
    assert scratch.exists()
    joined.stop()
    joined.stop()
    assert not scratch.exists()
    assert joined.log("pod1").exists()


def test_a_factory_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match="nowhere:create_core"):
        load_factory("nowhere:create_core")
    with pytest.raises(BootFailed, match="has no nothing"):
        load_factory("harness.settings:nothing")


def test_a_pod_keeps_its_data_when_its_settings_change_and_has_the_usual_ones_again(
    federation: Federation,
) -> None:
    federation["pod3"].sign_up("bob")
    before = federation.settle()
    announced = []
    for changed in ({"POD_KNOWS_FORMS": "none"}, {}):
        federation.configure({"pod3": changed})
        announced.append(b"account_rename" in federation["pod3"].get("/nodeinfo/2.0").body)
    assert announced == [False, True]
    assert federation.settle() == before
