"""The control API: gauge, clock, crash points, queues, state, snapshots; for its token only."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pod.app import create_core
from pod.domain.identity import DiasporaId
from pod.jobs.crash import NAMES
from pod.jobs.restraint import PER_HOST
from tests.pod.pair import CONTROL_TOKEN, Declined, Pods, call, joined


@pytest.fixture
def pods(tmp_path: Path) -> Iterator[Pods]:
    with joined(tmp_path) as pods:
        yield pods


def _ask(pods: Pods, method: str, path: str, body: object = None, pod: str = "pod1") -> Any:  # noqa: ANN401 - JSON
    headers = {"Authorization": f"Bearer {CONTROL_TOKEN}"}
    return call(pods[pod], method, f"/control/{path}", body, headers)


def _mail(pods: Pods) -> None:
    with pods["pod1"].context.work() as work:
        work.mails.add("carol@mail.test", "Hello", "…", work.now)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
@pytest.mark.parametrize("path", ["gauge", "state"])
def test_without_the_token_nothing_is_told(pods: Pods, headers: dict[str, str], path: str) -> None:
    with pytest.raises(Declined) as declined:
        call(pods["pod1"], "GET", f"/control/{path}", None, headers)
    assert declined.value.status == 401


def test_without_the_setting_there_is_no_control_api(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'pod.sqlite3'}"
    core = create_core({"POD_HOST": "pod1.test", "POD_DATABASE_URL": url})
    with pytest.raises(Declined) as declined:
        call(core, "GET", "/control/gauge", None, {"Authorization": "Bearer "})
    core.close()
    assert declined.value.status == 404


def test_the_gauge_counts_what_is_left_to_do(pods: Pods) -> None:
    nothing = {"queued": 0, "in_flight": 0, "sleeping": 0, "sleeping_until": None}
    totals = {"sent": 0, "received": 0, "abandoned": 0}
    assert _ask(pods, "GET", "gauge") == {**nothing, **totals}
    _mail(pods)
    assert _ask(pods, "GET", "quiet?timeout=0.1")["queued"] == 1


def test_a_timeout_that_is_none_is_refused(pods: Pods) -> None:
    for text in ("soon", "-1", "1e9", "nan"):
        with pytest.raises(Declined) as declined:
            _ask(pods, "GET", f"quiet?timeout={text}")
        assert declined.value.status == 422


def test_the_clock_is_set_and_kept(pods: Pods) -> None:
    assert _ask(pods, "GET", "clock") == {"now": "2026-01-01T12:00:00Z", "frozen": True}
    body = {"now": "2026-02-01T13:00:00+01:00"}
    assert _ask(pods, "PUT", "clock", body)["now"] == "2026-02-01T12:00:00Z"
    with pods["pod1"].context.work() as work:
        assert work.totals.clock == pods["pod1"].context.clock.now()


@pytest.mark.parametrize("now", ["yesterday", "2026-01-01T12:00:00", None, 7])
def test_a_time_that_is_none_is_refused(pods: Pods, now: object) -> None:
    with pytest.raises(Declined):
        _ask(pods, "PUT", "clock", {"now": now})


def test_crash_points_are_listed_and_armed(pods: Pods) -> None:
    assert _ask(pods, "GET", "crash") == {"at": None, "names": list(NAMES)}
    assert _ask(pods, "PUT", "crash", {"at": NAMES[0]})["at"] == NAMES[0]
    with pytest.raises(Declined):
        _ask(pods, "PUT", "crash", {"at": "anywhere"})
    assert _ask(pods, "PUT", "crash", {"at": None})["at"] is None


def test_frozen_queues_accept_but_do_nothing(pods: Pods) -> None:
    assert _ask(pods, "PUT", "queue", {"frozen": True}) == {"frozen": True}
    _mail(pods)
    assert not pods["pod1"].step()
    assert _ask(pods, "GET", "gauge")["queued"] == 1
    with pytest.raises(Declined):
        _ask(pods, "PUT", "queue", {"frozen": "yes"})


def test_the_state_names_people_and_posts(pods: Pods) -> None:
    carol = pods.sign_up("carol", "pod1")
    bob = pods.sign_up("bob", "pod2")
    carol.share(bob)
    bob.share(carol)
    pods.settle()
    post = carol.call("POST", "/api/posts", {"text": "hello", "public": True})["guid"]
    pods.settle()
    comment = bob.call("POST", f"/api/posts/{post}/comments", {"text": "hi"})["guid"]
    pods.settle()
    state = _ask(pods, "GET", "state")
    rows = {(kind, key): fields for kind, key, fields in state["rows"]}
    assert state["host"] == "pod1.test"
    assert [row[:2] for row in state["rows"]] == sorted(row[:2] for row in state["rows"])
    assert rows["comment", comment] == {
        "author": "bob@pod2.test",
        "post": post,
        "text": "hi",
        "created_at": "2026-01-01T12:00:00Z",
    }
    assert rows["contact", "carol@pod1.test→bob@pod2.test"] == {
        "sharing": True,
        "receiving": True,
        "aspects": ["friends"],
    }
    assert rows["signature", comment]["signer"] == "bob@pod2.test"
    assert rows["person", "bob@pod2.test"]["pod"] == "pod2.test"


def _state(pods: Pods, *known: str) -> tuple[int, str, bytes]:
    """Status, tag and body of the state, if it is none of those that are known."""
    headers = [("Authorization", f"Bearer {CONTROL_TOKEN}"), ("If-None-Match", ", ".join(known))]
    status, answered, body = pods["pod1"].handle("GET", "/control/state", headers, b"")
    return status, dict(answered)["ETag"], body


def test_a_state_that_is_known_is_not_told_again(pods: Pods) -> None:
    status, tag, told = _state(pods)
    assert (status, told[:8]) == (200, b'{"host":')
    assert _state(pods, tag) == (304, tag, b"")
    assert _state(pods, '"another"', tag) == (304, tag, b"")
    assert _state(pods, '"another"') == (200, tag, told)
    pods.sign_up("carol", "pod1")
    status, later, _ = _state(pods, tag)
    assert (status, later != tag) == (200, True)


def test_what_was_undone_and_what_was_restored_have_tags_that_no_other_state_has(
    pods: Pods, tmp_path: Path
) -> None:
    snapshots = [{"path": str(tmp_path / f"{name}.sqlite3")} for name in ("empty", "with carol")]
    tags = [_state(pods)[1]]
    _ask(pods, "POST", "snapshot", snapshots[0])
    for snapshot in snapshots[1:]:
        pods.sign_up("carol", "pod1")
        tags.append(_state(pods)[1])
        _ask(pods, "POST", "snapshot", snapshot)
    for snapshot in (*snapshots, snapshots[0]):
        _ask(pods, "POST", "restore", snapshot)
        tags.append(_state(pods)[1])
    assert tags[2] == tags[4]  # the same snapshot, and nothing was done since
    assert len(set(tags)) == len(tags) - 1
    pods.sign_up("carol", "pod1")
    assert _state(pods)[1] not in tags


def test_equal_states_have_equal_digests(pods: Pods) -> None:
    before = _ask(pods, "GET", "digest")
    pods.sign_up("carol", "pod1")
    assert _ask(pods, "GET", "digest") != before


def test_a_restored_pod_goes_on_from_its_snapshot(pods: Pods, tmp_path: Path) -> None:
    carol = pods.sign_up("carol", "pod1")
    path = {"path": str(tmp_path / "snapshot.sqlite3")}
    before = _ask(pods, "GET", "digest")
    _ask(pods, "POST", "snapshot", path)
    carol.call("POST", "/api/posts", {"text": "hello", "public": True})
    _ask(pods, "PUT", "clock", {"now": "2027-01-01T00:00:00Z"})
    _ask(pods, "POST", "restore", path)
    assert _ask(pods, "GET", "digest") == before
    assert _ask(pods, "GET", "clock")["now"] == "2026-01-01T12:00:00Z"
    assert carol.call("GET", "/api/stream") == []


def test_a_restored_pod_has_asked_nobody_yet(pods: Pods, tmp_path: Path) -> None:
    path = {"path": str(tmp_path / "snapshot.sqlite3")}
    _ask(pods, "POST", "snapshot", path)
    context, nobody = pods["pod1"].context, DiasporaId("ann@pod2.test")
    for _ in range(PER_HOST):
        context.restraint.ask("pod2.test", context.clock.now())
    context.restraint.found_nobody(nobody, context.clock.now())
    _ask(pods, "POST", "restore", path)
    # Its clock says the same minute as before.
    context.restraint.ask("pod2.test", context.clock.now())
    assert not context.restraint.is_nobody(nobody, context.clock.now())


def test_a_snapshot_needs_an_absolute_path(pods: Pods) -> None:
    with pytest.raises(Declined) as declined:
        _ask(pods, "POST", "snapshot", {"path": "here.sqlite3"})
    assert declined.value.status == 422
