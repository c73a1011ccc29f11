"""Moves onto a new identity that did not sign: its home pod is asked (federation protocol 8.5)."""

from datetime import timedelta
from pathlib import Path

from tests.pod.domain.moves import CAROL, CHRISTY, a_pod, renamed

FETCH = f"/fetch/account_rename/{CAROL}"


def test_without_the_new_signature_the_new_home_is_asked(tmp_path: Path) -> None:
    with a_pod(tmp_path) as pod:
        envelope = renamed("carol_old", "christy_new", is_signed=False)
        pod.home_of("pod-b.example.org").served[FETCH] = envelope
        assert pod.receive(envelope) is None
        assert (pod.moves, pod.pending) == ({CAROL: CHRISTY}, 0)


def test_a_hijacked_new_identity_that_does_not_agree_is_never_moved_to(tmp_path: Path) -> None:
    with a_pod(tmp_path, "mallory", "christy_new") as pod:
        pod.home_of("pod-b.example.org")
        assert pod.receive(renamed("mallory", "christy_new", is_signed=False)) is None
        assert (pod.moves, pod.pending) == ({}, 1)
        for wait in (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)):
            pod.wait(wait)
            assert (pod.moves, pod.pending) == ({}, 1)
        pod.wait(timedelta(days=3))
        asked = [each for each in pod.pods.exchanges if "/fetch/account_rename/" in each.url]
        assert (pod.moves, pod.pending, len(asked)) == ({}, 0, 5)


def test_consent_that_comes_late_is_heeded(tmp_path: Path) -> None:
    with a_pod(tmp_path) as pod:
        envelope = renamed("carol_old", "christy_new", is_signed=False)
        assert pod.receive(envelope) is None
        home = pod.home_of("pod-b.example.org")
        pod.wait(timedelta(minutes=10))
        assert (pod.moves, pod.pending) == ({}, 1)
        home.served[FETCH] = envelope
        pod.wait(timedelta(hours=1))
        assert (pod.moves, pod.pending) == ({CAROL: CHRISTY}, 0)


def test_a_new_home_that_serves_another_move_does_not_agree_yet(tmp_path: Path) -> None:
    with a_pod(tmp_path, "carol_old", "christy_new", "mallory") as pod:
        home = pod.home_of("pod-b.example.org")
        home.served[FETCH] = renamed("carol_old", "mallory", is_signed=False)
        envelope = renamed("carol_old", "christy_new", is_signed=False)
        assert pod.receive(envelope) is None
        assert (pod.moves, pod.pending) == ({}, 1)
        home.served[FETCH] = envelope
        pod.wait(timedelta(minutes=10))
        assert (pod.moves, pod.pending) == ({CAROL: CHRISTY}, 0)


def test_a_podmin_may_insist_on_the_new_signature(tmp_path: Path) -> None:
    with a_pod(tmp_path, POD_REQUIRE_NEW_SIGNATURE="true") as pod:
        reason = pod.receive(renamed("carol_old", "christy_new", is_signed=False))
        assert reason is not None
        assert "new_signature" in reason
        assert pod.pending == 0
        assert pod.receive(renamed("carol_old", "christy_new")) is None
        assert pod.moves == {CAROL: CHRISTY}
