"""A delivery arrives, is attempted again, or is abandoned; other pods do not wait for it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.pod.pair import Pods, call, joined


@pytest.fixture
def pods(tmp_path: Path) -> Iterator[Pods]:
    with joined(tmp_path, "pod1", "pod2", "pod3") as pods:
        yield pods


def _gauge(pods: Pods, pod: str = "pod1") -> Any:  # noqa: ANN401 - JSON
    return call(pods[pod], "GET", "/control/gauge", None, {"Authorization": "Bearer control"})


def _befriend(pods: Pods) -> tuple[Any, Any, Any]:
    carol = pods.sign_up("carol", "pod1")
    others = pods.sign_up("alice", "pod2"), pods.sign_up("bob", "pod3")
    for each in others:
        carol.share(each)
        each.share(carol)
    pods.settle()
    return carol, *others


def test_what_is_sent_is_received_and_counted(pods: Pods) -> None:
    _befriend(pods)
    gauges = [_gauge(pods, pod) for pod in ("pod1", "pod2", "pod3")]
    sent, received = (sum(each[name] for each in gauges) for name in ("sent", "received"))
    assert sent == received > 0
    assert sum(each["abandoned"] + each["sleeping"] for each in gauges) == 0


def test_a_pod_that_is_away_keeps_nobody_waiting(pods: Pods) -> None:
    carol, _, _ = _befriend(pods)
    pods.away.add("pod2.test")
    guid = carol.call("POST", "/api/posts", {"text": "hello", "public": True})["guid"]
    pods.settle()
    assert [key for _, key in pods.state("pod3", "post")] == [guid]
    assert pods.state("pod2", "post") == {}
    assert (_gauge(pods)["sleeping"], _gauge(pods)["queued"]) == (1, 0)
    pods.away.clear()
    pods.pass_time(timedelta(seconds=256))
    assert [key for _, key in pods.state("pod2", "post")] == [guid]
    assert _gauge(pods)["sleeping"] == 0


def test_a_delivery_is_abandoned_after_its_last_attempt(pods: Pods) -> None:
    carol, _, _ = _befriend(pods)
    pods.away.add("pod2.test")
    carol.call("POST", "/api/posts", {"text": "hello", "public": True})
    pods.settle()
    for attempt in range(9):
        assert (attempt, _gauge(pods)["abandoned"]) == (attempt, 0)
        pods.pass_time(timedelta(days=1))
    assert (_gauge(pods)["abandoned"], _gauge(pods)["sleeping"]) == (1, 0)


def test_a_message_whose_answer_was_lost_has_its_effect_once(pods: Pods) -> None:
    carol, _, _ = _befriend(pods)
    pods.silent = lambda exchange: exchange.url == "https://pod2.test/receive/public"
    guid = carol.call("POST", "/api/posts", {"text": "hello", "public": True})["guid"]
    pods.settle()
    pods.silent = lambda _: False
    pods.pass_time(timedelta(seconds=256))
    assert [key for _, key in pods.state("pod2", "post")] == [guid]
    assert _gauge(pods)["sleeping"] == 0


def test_a_private_message_is_encrypted_for_its_recipient(pods: Pods) -> None:
    carol, alice, _ = _befriend(pods)
    before = len(pods.exchanges)
    body = {"text": "nobody else may read this", "public": False, "aspects": ["friends"]}
    carol.call("POST", "/api/posts", body)
    pods.settle()
    sent = [each for each in pods.exchanges[before:] if each.sender == "pod1.test"]
    assert f"https://pod2.test/receive/users/{alice.guid}" in [each.url for each in sent]
    assert {each.body[:11] for each in sent} == {b'{"aes_key":'}
