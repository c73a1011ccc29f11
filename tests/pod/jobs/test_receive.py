"""A received message has its effect, is dropped, or waits for another attempt."""

import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from pod.app import Core
from pod.domain.entities import Comment, StatusMessage
from pod.domain.errors import Refused
from pod.domain.identity import Guid
from pod.domain.people import Account
from pod.jobs import receive
from pod.store.schema import inbox
from tests.pod.pair import Pods, User, call, joined


@pytest.fixture
def pods(tmp_path: Path) -> Iterator[Pods]:
    with joined(tmp_path) as pods:
        yield pods


def _account(core: Core, username: str) -> Account:
    with core.context.work() as work:
        account = work.accounts.by_username(username)
    assert account is not None
    return account


def _post(core: Core, author: Account, text: str = "hello", *, public: bool = True) -> bytes:
    entity = StatusMessage(
        author=author.person.diaspora_id,
        guid=Guid("e" * 32),
        created_at=core.context.clock.now(),
        text=text,
        public=public,
    )
    return core.context.crypto.seal_entity(entity, author)


def _inbox(core: Core) -> list[tuple[Any, ...]]:
    with core.context.work() as work:
        columns = (inbox.c.state, inbox.c.attempts, inbox.c.reason)
        rows = work.connection.execute(select(*columns).order_by(inbox.c.id))
        return [tuple(row) for row in rows]


def _push(pods: Pods, body: bytes, path: str = "/receive/public") -> None:
    call(pods["pod2"], "POST", path, body)
    pods.settle()


def test_a_post_of_an_unknown_author_is_stored_after_discovery(pods: Pods) -> None:
    pods.sign_up("carol", "pod1")
    _push(pods, _post(pods["pod1"], _account(pods["pod1"], "carol")))
    (row,) = pods.state("pod2", "post").values()
    assert (row["author"], row["text"]) == ("carol@pod1.test", "hello")
    assert _inbox(pods["pod2"]) == [("done", 0, None)]


def test_a_trailing_slash_is_tolerated(pods: Pods) -> None:
    pods.sign_up("carol", "pod1")
    _push(pods, _post(pods["pod1"], _account(pods["pod1"], "carol")), "/receive/public/")
    assert [row[0] for row in _inbox(pods["pod2"])] == ["done"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "InvalidXml"),
        (b"no XML", "InvalidXml"),
        (b"<env/>", "InvalidEnvelope"),
        (b"<!DOCTYPE x><x/>", "InvalidXml"),
    ],
)
def test_what_is_no_message_is_dropped_at_once(pods: Pods, body: bytes, reason: str) -> None:
    _push(pods, body)
    ((state, attempts, text),) = _inbox(pods["pod2"])
    assert (state, attempts, text.partition(":")[0]) == ("dropped", 0, reason)


@pytest.mark.parametrize("host", ["pod3.test:99999", "pod3.test:0", "[zz]", "[1.2.3.4]", "[::1]:0"])
def test_a_post_is_kept_although_it_names_a_host_that_cannot_be(pods: Pods, host: str) -> None:
    pods.sign_up("carol", "pod1")
    text = f"@{{x@{host}}} and diaspora://x@{host}/post/{'a' * 32}"
    _push(pods, _post(pods["pod1"], _account(pods["pod1"], "carol"), text))
    assert [row["text"] for row in pods.state("pod2", "post").values()] == [text]
    assert _inbox(pods["pod2"]) == [("done", 0, None)]


def test_a_sender_with_a_host_that_cannot_be_is_dropped(pods: Pods) -> None:
    pods.sign_up("carol", "pod1")
    sealed = _post(pods["pod1"], _account(pods["pod1"], "carol"))
    names = (b"carol@pod1.test", b"x@pod1.test:99999")
    mine, theirs = (b64encode(name, b"-_") for name in names)
    assert mine in sealed
    _push(pods, sealed.replace(mine, theirs))
    assert _inbox(pods["pod2"]) == [
        ("dropped", 0, "InvalidEnvelope: envelope: key_id is no diaspora ID")
    ]


def test_a_message_signed_by_somebody_else_is_dropped(pods: Pods) -> None:
    pods.sign_up("carol", "pod1")
    pods.sign_up("mallory", "pod1")
    core = pods["pod1"]
    carol, mallory = _account(core, "carol"), _account(core, "mallory")
    _push(pods, _post(core, replace(carol, private_key=mallory.private_key)))
    ((state, _, reason),) = _inbox(pods["pod2"])
    assert (state, reason.partition(":")[0]) == ("dropped", "BadSignature")
    assert pods.state("pod2", "post") == {}


def test_a_message_waits_while_its_senders_pod_is_away(pods: Pods) -> None:
    pods.sign_up("carol", "pod1")
    body = _post(pods["pod1"], _account(pods["pod1"], "carol"))
    pods.away.add("pod1.test")
    _push(pods, body)
    ((state, attempts, reason),) = _inbox(pods["pod2"])
    assert (state, attempts, reason.partition(":")[0]) == ("queued", 1, "Unreachable")
    assert call_gauge(pods["pod2"])["sleeping_until"] == "2026-01-01T12:04:16Z"
    pods.away.clear()
    pods.pass_time(timedelta(seconds=256))
    assert [row[:2] for row in _inbox(pods["pod2"])] == [("done", 1)]


def test_a_message_waits_while_its_senders_pod_denies_the_sender(pods: Pods) -> None:
    pods.sign_up("carol", "pod1")
    body = _post(pods["pod1"], _account(pods["pod1"], "carol"))
    honest = pods["pod1"].handle
    pods["pod1"].handle = lambda *_: (404, [], b"")  # type: ignore[method-assign]
    _push(pods, body)
    ((state, attempts, reason),) = _inbox(pods["pod2"])
    assert (state, attempts, reason.partition(":")[0]) == ("queued", 1, "Absent")
    pods["pod1"].handle = honest  # type: ignore[method-assign]
    pods.pass_time(timedelta(seconds=256))
    assert [row[:2] for row in _inbox(pods["pod2"])] == [("done", 1)]


def test_a_message_is_given_up_after_ten_attempts(pods: Pods) -> None:
    pods.sign_up("carol", "pod1")
    body = _post(pods["pod1"], _account(pods["pod1"], "carol"))
    pods.away.add("pod1.test")
    _push(pods, body)
    for _ in range(9):
        pods.pass_time(timedelta(days=1))
    ((state, _, reason),) = _inbox(pods["pod2"])
    assert (state, reason.startswith("given up: Unreachable:")) == ("dropped", True)


def test_a_private_message_reaches_the_account_it_is_for(pods: Pods) -> None:
    carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
    _limited_post(pods, carol, bob)
    assert [row["public"] for row in pods.state("pod2", "post").values()] == [False]


def test_a_body_encrypted_for_somebody_else_is_dropped(pods: Pods) -> None:
    carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
    eve = pods.sign_up("eve", "pod2")
    _limited_post(pods, carol, bob)
    private = [each for each in pods.exchanges if each.url.endswith(f"/receive/users/{bob.guid}")]
    _push(pods, private[-1].body, f"/receive/users/{eve.guid}")
    state, attempts, reason = _inbox(pods["pod2"])[-1]
    assert (state, attempts, reason.partition(":")[0]) == ("dropped", 0, "DecryptionFailed")


def _limited_post(pods: Pods, author: User, recipient: User) -> None:
    author.share(recipient)
    pods.settle()
    body = {"text": "limited", "public": False, "aspects": ["friends"]}
    author.call("POST", "/api/posts", body)
    pods.settle()


def test_messages_of_one_pod_have_their_effect_in_order(pods: Pods) -> None:
    carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
    bob.share(carol)
    carol.share(bob)
    pods.settle()
    _freeze(pods["pod2"], frozen=True)
    guid = carol.call("POST", "/api/posts", {"text": "hello", "public": True})["guid"]
    for text in ("one", "two"):
        carol.call("POST", f"/api/posts/{guid}/comments", {"text": text})
    carol.call("DELETE", f"/api/posts/{guid}")
    pods.settle()
    _freeze(pods["pod2"], frozen=False)
    pods.settle()
    assert pods.state("pod2", "post", "comment") == {}
    assert {row[0] for row in _inbox(pods["pod2"])} == {"done"}


def _freeze(core: Core, *, frozen: bool) -> None:
    headers = {"Authorization": "Bearer control"}
    call(core, "PUT", "/control/queue", {"frozen": frozen}, headers)


def call_gauge(core: Core) -> Any:  # noqa: ANN401 - JSON
    """The pod's gauge."""
    return call(core, "GET", "/control/gauge", None, {"Authorization": "Bearer control"})


def test_a_fetched_document_that_is_not_what_was_asked_for_has_no_effect(pods: Pods) -> None:
    pods.sign_up("carol", "pod1")
    body = _post(pods["pod1"], _account(pods["pod1"], "carol"))

    def expect(entity: object, _sender: object) -> None:
        if not isinstance(entity, Comment):
            raise Refused("not a comment")

    with pytest.raises(Refused, match="not a comment"):
        receive.apply_public(pods["pod2"].context, body, expect)
    assert pods.state("pod2", "post") == {}


def test_our_own_error_ends_the_message_and_is_shown(
    pods: Pods, monkeypatch: pytest.MonkeyPatch
) -> None:
    pods.sign_up("carol", "pod1")
    body = _post(pods["pod1"], _account(pods["pod1"], "carol"))

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("pod.domain.receive.receive", broken)
    with pytest.raises(ZeroDivisionError):
        _push(pods, body)
    assert _inbox(pods["pod2"]) == [("dropped", 0, "our own error, see the log")]


def _trouble(*_: object) -> None:
    raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))


def test_a_message_waits_while_the_database_cannot_store_it(
    pods: Pods, monkeypatch: pytest.MonkeyPatch
) -> None:
    pods.sign_up("carol", "pod1")
    body = _post(pods["pod1"], _account(pods["pod1"], "carol"))

    with monkeypatch.context() as full:
        full.setattr("pod.domain.receive.receive", _trouble)
        _push(pods, body)
    waiting = [row[:2] for row in _inbox(pods["pod2"])]
    pods.pass_time(timedelta(seconds=256))

    assert (waiting, _inbox(pods["pod2"])) == ([("queued", 1)], [("done", 1, None)])
    assert [row["text"] for row in pods.state("pod2", "post").values()] == ["hello"]


def test_a_message_whose_failure_could_not_be_written_down_is_not_forgotten(
    pods: Pods, monkeypatch: pytest.MonkeyPatch
) -> None:
    pods.sign_up("carol", "pod1")
    body = _post(pods["pod1"], _account(pods["pod1"], "carol"))

    with monkeypatch.context() as full:
        full.setattr("pod.domain.receive.receive", _trouble)
        full.setattr("pod.store.queues.Inbox.retry", _trouble)
        call(pods["pod2"], "POST", "/receive/public", body)
        assert pods["pod2"].step()
        with pytest.raises(OperationalError):  # as nothing else can be done either
            pods["pod2"].step()
        assert _inbox(pods["pod2"]) == [("running", 0, None)]
    pods.settle()
    assert [row[:2] for row in _inbox(pods["pod2"])] == [("queued", 1)]
