"""Four containers: how they come, what happens to them, and that they go."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from harness.driver.registry import adapter
from harness.errors import GateFailed, PodDied
from harness.facts.identity import POD_NAMES
from harness.federation import Federation
from harness.gate.http import Request
from harness.runtime.containers.engine import Engine
from harness.runtime.containers.federation import Containers
from harness.runtime.containers.gate_control import GateControl
from harness.runtime.ready import wait_until
from harness.settings import HarnessSettings
from scenarios import test_isolation as isolation
from tests.harness.runtime.containers.held import left_of

SOON = timedelta(seconds=60)


@pytest.fixture(scope="module")
def containers(
    settings: HarnessSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Containers]:
    runtime = Containers(settings, tmp_path_factory.mktemp("run"))
    runtime.start()
    yield runtime
    runtime.stop()


@pytest.fixture
def federation(containers: Containers) -> Iterator[Federation]:
    federation = Federation(containers, adapter("reference"), seed=1, settle_timeout=SOON)
    yield federation
    for pod in set(POD_NAMES) - set(containers.running()):
        containers.start_pod(pod)
    containers.gate.reset()


def test_containers_that_are_killed_come_back_with_all_that_they_accepted(
    federation: Federation,
) -> None:
    carol, bob = federation["pod1"].sign_up("carol"), federation["pod3"].sign_up("bob")
    carol.share(bob, aspect="friends")
    federation.settle()
    federation["pod3"].kill()
    post = carol.post("are you there?", to="friends")
    assert federation.settle().holding(post) == ("pod1",)

    federation["pod1"].kill()
    federation["pod1"].start()
    federation["pod3"].start()
    federation.clock.advance(timedelta(hours=1))
    assert federation.settle().holding(post) == ("pod1", "pod3")


def test_the_gate_obeys_and_tells_as_it_does_elsewhere(federation: Federation) -> None:
    dora, ed = federation["pod1"].sign_up("dora"), federation["pod2"].sign_up("ed")
    dora.share(ed, aspect="friends")
    federation.settle()
    gate, mark = federation.gate, federation.gate.wiretap.mark()

    with gate.holding("status_message", to="pod2") as held:
        post = dora.post("hello", to="friends")
        assert federation.settle().holding(post) == ("pod1",)
        assert (held.parked, gate.parked) == (1, 1)
    assert federation.settle().holding(post) == ("pod1", "pod2")

    with gate.cut("pod1", "pod2"):
        comment = ed.comment(post, "hello yourself")
        assert federation.settle().holding(comment) == ("pod2",)
    federation.clock.advance(timedelta(hours=1))
    assert federation.settle().holding(comment) == ("pod1", "pod2")

    said = gate.wiretap.messages(since=mark)
    assert [(each.entity, each.sender, each.verdict) for each in said] == [
        ("status_message", "pod1", "parked"),
        ("status_message", "pod1", "released"),
        ("comment", "pod2", "failed"),
        ("comment", "pod2", "passed"),
    ]
    assert said[0].virtual_at is not None
    assert said[0].virtual_at < (said[3].virtual_at or said[0].virtual_at)


def test_what_is_recorded_reaches_the_run_folder_by_itself(
    containers: Containers, federation: Federation
) -> None:
    federation["pod1"].sign_up("fred").look_up("nobody@pod2.test")
    record = containers.folder / "wire.jsonl"
    assert wait_until(lambda: "nobody@pod2.test" in record.read_text("utf-8"), timeout=SOON)


def test_without_its_token_the_gate_obeys_nobody(containers: Containers) -> None:
    stranger = GateControl("guessed")
    stranger.address = containers.front
    with pytest.raises(GateFailed, match="401"):
        stranger.call("POST", "/reset")


def test_a_container_that_is_killed_by_others_is_named_with_the_end_of_its_log(
    containers: Containers, federation: Federation, engine: Engine
) -> None:
    with closing(engine.connect()) as client:
        client.api.kill(containers.container("pod2"))
    with pytest.raises(PodDied, match="pod2 has ended with status 137"):
        wait_until(lambda: containers.let_work(timedelta(seconds=1)) == {}, timeout=SOON)
    federation["pod2"].stop()


@pytest.mark.parametrize("network", ["bridge", "pod2"])
def test_the_isolation_scenarios_fail_when_a_pod_is_on_a_second_network(
    containers: Containers, federation: Federation, engine: Engine, network: str
) -> None:
    name = "bridge" if network == "bridge" else f"seedbed-{containers.run}-pod2"
    with closing(engine.connect()) as client:
        second = client.networks.get(name)
        second.connect(containers.container("pod1"))
        try:
            assert not is_green(federation)
        finally:
            second.disconnect(containers.container("pod1"))
    assert is_green(federation)


def is_green(federation: Federation) -> bool:
    try:
        isolation.test_no_pod_reaches_another_but_through_the_gate(federation)
        isolation.test_no_pod_reaches_this_machine_or_what_is_beyond(federation)
    except AssertionError:
        return False
    return True


def test_runs_side_by_side_do_not_meet_and_do_not_sweep_each_other_away(
    containers: Containers, settings: HarnessSettings, tmp_path: Path, engine: Engine
) -> None:
    other = Containers(settings, tmp_path / "other")
    other.start()
    try:
        federation = Federation(other, adapter("reference"), seed=1, settle_timeout=SOON)
        federation["pod1"].sign_up("xenia")
        rows = containers.control["pod1"].state()["rows"]
        assert [row for row in rows if row[:2] == ["account", "xenia@pod1.test"]] == []
        assert len(left_of(containers.run, engine)) == len(left_of(other.run, engine)) == 10
    finally:
        other.stop()
    assert left_of(other.run, engine) == []
    assert containers.send("pod1", Request("GET", "/")).status == 200


def test_a_container_that_dies_while_booting_fails_at_once_with_its_last_lines(
    settings: HarnessSettings, tmp_path: Path, engine: Engine
) -> None:
    broken = settings.changed(wire_profile="telepathy")
    runtime = Containers(broken, tmp_path / "run")
    with pytest.raises(PodDied, match=r"pod\d has ended with status 64") as death:
        runtime.start()
    assert "POD_WIRE_PROFILE='telepathy'" in death.value.what
    assert left_of(runtime.run, engine) == []
    assert not runtime.scratch.exists()
