"""What one person says about a post reaches everybody, through the root author's pod."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pod.pair import Declined, Pods, User, joined
from tests.pod.talk import (
    PODS,
    comment,
    everywhere,
    held,
    limited,
    make_friends,
    payload,
    post,
    sealed_by,
    sent,
)

RELAYED = ("comment", "like", "poll_participation", "signature")


@pytest.fixture
def pods(tmp_path: Path) -> Iterator[Pods]:
    with joined(tmp_path, *PODS) as made:
        yield made


@pytest.fixture
def cast(pods: Pods) -> dict[str, User]:
    return make_friends(pods)


def test_a_comment_on_a_remote_post_is_relayed_as_its_author_signed_it(
    pods: Pods, cast: dict[str, User]
) -> None:
    guid = post(cast["alice"])
    pods.settle()
    pods.exchanges.clear()

    made = comment(cast["bob"], guid)
    pods.settle()

    comments = [each for each in pods.exchanges if each.url.endswith("/receive/public")]
    assert [(sealed_by(each), each.url) for each in comments] == [
        ("bob@pod2.test", "https://pod1.test/receive/public"),
        ("alice@pod1.test", "https://pod3.test/receive/public"),
    ]
    assert payload(comments[0]) == payload(comments[1])
    expected = {
        "author": "bob@pod2.test",
        "post": guid,
        "text": "Hello yourself.",
        "created_at": "2026-01-01T12:00:00Z",
    }
    assert held(pods, "comment") == everywhere({made: expected})
    signatures = held(pods, "signature")
    assert signatures == everywhere(signatures["pod2"])
    assert signatures["pod2"][made]["signer"] == "bob@pod2.test"


def test_own_comments_on_own_posts_need_no_signature(pods: Pods, cast: dict[str, User]) -> None:
    guid = post(cast["alice"])
    made = comment(cast["alice"], guid)
    pods.settle()

    assert {pod: list(rows) for pod, rows in held(pods, "comment").items()} == everywhere([made])
    assert held(pods, "signature") == everywhere({})


def test_a_neighbours_comment_goes_out_in_the_root_authors_envelope(
    pods: Pods, cast: dict[str, User]
) -> None:
    debora = pods.sign_up("debora", "pod1")
    guid = post(cast["alice"])
    pods.settle()
    pods.exchanges.clear()

    made = comment(debora, guid)
    pods.settle()

    comments = [each for each in pods.exchanges if each.url.endswith("/receive/public")]
    assert {sealed_by(each) for each in comments} == {"alice@pod1.test"}
    assert {pod: list(rows) for pod, rows in held(pods, "comment").items()} == everywhere([made])
    signers = {pod: rows[made]["signer"] for pod, rows in held(pods, "signature").items()}
    assert signers == everywhere("debora@pod1.test")


def test_likes_of_posts_and_comments_and_votes_reach_everybody(
    pods: Pods, cast: dict[str, User]
) -> None:
    guid = post(cast["alice"], poll={"question": "Tea?", "answers": ["yes", "no"]})
    pods.settle()
    written = comment(cast["bob"], guid)
    pods.settle()

    cast["carol"].call("POST", f"/api/posts/{guid}/likes")
    cast["carol"].call("POST", f"/api/comments/{written}/likes")
    cast["bob"].call("POST", f"/api/posts/{guid}/votes", {"answer": "yes"})
    pods.settle()

    for kind in RELAYED:
        rows = held(pods, kind)
        assert rows == everywhere(rows["pod1"])
    targets = sorted(row["target_type"] for row in held(pods, "like")["pod2"].values())
    assert targets == ["Comment", "Post"]
    assert len(held(pods, "poll_participation")["pod3"]) == 1


def test_nobody_likes_a_post_or_votes_in_a_poll_twice(cast: dict[str, User]) -> None:
    guid = post(cast["alice"], poll={"question": "Tea?", "answers": ["yes", "no"]})
    for path, body in (("likes", None), ("votes", {"answer": "no"})):
        cast["alice"].call("POST", f"/api/posts/{guid}/{path}", body)
        with pytest.raises(Declined) as again:
            cast["alice"].call("POST", f"/api/posts/{guid}/{path}", body)
        assert again.value.status == 409


def test_a_comment_on_a_limited_post_is_relayed_encrypted_to_each_of_the_audience(
    pods: Pods, cast: dict[str, User]
) -> None:
    guid = limited(cast["alice"])
    pods.settle()
    pods.exchanges.clear()

    made = comment(cast["bob"], guid)
    pods.settle()

    assert sent(pods, "pod2") == ["pod1.test/receive/users"]
    assert sent(pods, "pod1") == ["pod3.test/receive/users"]
    assert sent(pods, "pod3") == []
    assert {pod: list(rows) for pod, rows in held(pods, "comment").items()} == everywhere([made])
    bodies = [each.body for each in pods.exchanges if "/receive/users" in each.url]
    assert all(set(json.loads(body)) == {"aes_key", "encrypted_magic_envelope"} for body in bodies)


def test_the_first_interaction_subscribes_at_the_root_authors_pod(
    pods: Pods, cast: dict[str, User]
) -> None:
    guid = post(cast["alice"])
    pods.settle()

    comment(cast["bob"], guid)
    comment(cast["bob"], guid, "And again.")
    pods.settle()

    rows = held(pods, "participation")
    assert list(rows["pod1"]) == [f"bob@pod2.test→{guid}"]
    assert rows == {"pod1": rows["pod2"], "pod2": rows["pod2"], "pod3": {}}


def test_the_comment_of_someone_blocked_is_not_stored_and_taken_back(
    pods: Pods, cast: dict[str, User]
) -> None:
    guid = post(cast["alice"])
    pods.settle()
    cast["alice"].call("PUT", "/api/blocks/bob@pod2.test")
    pods.settle()

    made = comment(cast["bob"], guid)
    pods.settle()

    assert held(pods, "comment") == everywhere({})
    assert list(held(pods, "retraction")["pod2"]) == [f"Comment/{made}"]
