"""Where other pods post: everything is accepted, but what is for nobody or too much."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from pod.domain.identity import DiasporaId
from pod.store.schema import inbox
from pod.web.federation import public_lane
from pod.wire import magic_envelope
from pod.wire.elements import MAX_BODY_BYTES
from pod.wire.keys import load_private
from tests.pod.pair import Pods, joined
from tests.pod.rooms import private_key


@pytest.fixture
def pods(tmp_path: Path) -> Iterator[Pods]:
    with joined(tmp_path, "pod1") as pods:
        yield pods


def _post(pods: Pods, path: str, body: bytes) -> int:
    return pods["pod1"].handle("POST", path, [], body)[0]


def _kept(pods: Pods) -> list[tuple[bytes, str]]:
    with pods["pod1"].context.work() as work:
        rows = work.connection.execute(select(inbox.c.body, inbox.c.lane).order_by(inbox.c.id))
        return [(body, lane) for body, lane in rows]


def test_any_body_is_kept_and_accepted(pods: Pods) -> None:
    carol = pods.sign_up("carol", "pod1")
    paths = ["/receive/public", "/receive/public/"]
    paths += [f"/receive/users/{carol.guid}", f"/receive/users/{carol.guid}/"]
    assert [_post(pods, path, path.encode()) for path in paths] == [202] * 4
    assert _kept(pods) == [
        *((path.encode(), "public") for path in paths[:2]),
        *((path.encode(), "account/1") for path in paths[2:]),
    ]


def test_a_closed_account_still_accepts_messages(pods: Pods) -> None:
    carol = pods.sign_up("carol", "pod1")
    carol.call("DELETE", "/api/me", {"password": "bluepin7"})
    assert _post(pods, f"/receive/users/{carol.guid}", b"{}") == 202


@pytest.mark.parametrize("guid", ["f" * 32, "short", "%2e%2e"])
def test_a_message_for_nobody_is_not_found(pods: Pods, guid: str) -> None:
    assert _post(pods, f"/receive/users/{guid}", b"{}") == 404
    assert _kept(pods) == []


def test_a_body_that_is_too_large_is_refused(pods: Pods) -> None:
    assert _post(pods, "/receive/public", bytes(MAX_BODY_BYTES + 1)) == 413
    assert _post(pods, "/receive/public", bytes(MAX_BODY_BYTES)) == 202


def test_a_pod_in_which_too_many_messages_wait_takes_no_more(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1", POD_MAX_INBOX="2") as pods:
        carol = pods.sign_up("carol", "pod1")
        paths = ["/receive/public", f"/receive/users/{carol.guid}"]
        statuses = [_post(pods, path, b"rubbish") for path in (*paths, *paths)]
        pods.settle()
        assert (statuses, _post(pods, paths[0], b"more")) == ([202, 202, 503, 503], 202)


def test_public_messages_of_one_pod_share_a_lane() -> None:
    key = load_private(private_key(0))
    lanes = [
        public_lane(magic_envelope.seal(b"<x/>", DiasporaId(sender), key))
        for sender in ("carol@pod1.test", "debora@pod1.test", "bob@pod3.test:3000")
    ]
    assert lanes == ["public/pod1.test", "public/pod1.test", "public/pod3.test:3000"]


def test_the_lane_of_the_longest_host_can_be_stored() -> None:
    host = "a." * 126 + "a"
    sealed = magic_envelope.seal(b"<x/>", DiasporaId(f"x@{host}"), load_private(private_key(0)))
    assert public_lane(sealed) == f"public/{host}"[:255]


@pytest.mark.parametrize("key_id", [b"", b"====", b"/w==", b"Q0FST0w="])
def test_public_messages_of_nobody_share_a_lane_as_well(key_id: bytes) -> None:
    assert public_lane(b'<me:sig key_id="' + key_id + b'">') == "public"
