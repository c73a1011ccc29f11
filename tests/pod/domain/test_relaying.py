"""What one person says reaches everybody entitled, through the root author's pod."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pod.pair import Declined, Exchange, Pods, User, joined

RELAYED = ("comment", "like", "poll_participation", "signature")


@pytest.fixture
def pods(tmp_path: Path) -> Iterator[Pods]:
    with joined(tmp_path, "pod1", "pod2", "pod3") as made:
        yield made


@pytest.fixture
def cast(pods: Pods) -> dict[str, User]:
    """alice at pod1, whom bob at pod2 and carol at pod3 share with, and who shares with them."""
    people = {
        name: pods.sign_up(name, pod)
        for name, pod in (("alice", "pod1"), ("bob", "pod2"), ("carol", "pod3"))
    }
    for friend in ("bob", "carol"):
        people["alice"].share(people[friend])
        people[friend].share(people["alice"])
    pods.settle()
    return people


def post(author: User, text: str = "Hello.", **more: object) -> str:
    body = {"text": text, "public": True, **more}
    return str(author.call("POST", "/api/posts", body)["guid"])


def limited(author: User, text: str = "Just us.") -> str:
    return post(author, text, public=False, aspects=["friends"])


def comment(author: User, guid: str, text: str = "Hello yourself.") -> str:
    return str(author.call("POST", f"/api/posts/{guid}/comments", {"text": text})["guid"])


def held(pods: Pods, kind: str) -> dict[str, dict[str, Any]]:
    """Per pod: the rows of one type, by key."""
    return {
        pod: {key: value for (_, key), value in pods.state(pod, kind).items()}
        for pod in ("pod1", "pod2", "pod3")
    }


def sent(pods: Pods, sender: str) -> list[str]:
    """Where a pod sent messages to: host and path without GUIDs."""
    return [
        re.sub(r"https://([^/]+)(/receive/[a-z]+).*", r"\1\2", each.url)
        for each in pods.exchanges
        if each.sender == f"{sender}.test" and each.method == "POST"
    ]


def payload(exchange: Exchange) -> str:
    """The entity in a public message."""
    data = re.search(rb"<me:data[^>]*>([^<]+)<", exchange.body)
    assert data is not None
    return base64.urlsafe_b64decode(data[1]).decode()


def sealed_by(exchange: Exchange) -> str:
    found = re.search(rb'key_id="([^"]+)"', exchange.body)
    assert found is not None
    return base64.urlsafe_b64decode(found[1]).decode()


def everywhere(value: object) -> dict[str, object]:
    return {"pod1": value, "pod2": value, "pod3": value}


def test_a_public_post_reaches_the_pods_of_the_contacts(pods: Pods, cast: dict[str, User]) -> None:
    poll = {"question": "Tea?", "answers": ["yes", "no"]}
    place = {"address": "Graz", "lat": 47.07, "lng": 15.43}

    guid = post(cast["alice"], "Hello #world.", poll=poll, location=place)
    pods.settle()

    for kind in ("post", "poll", "poll_answer", "location"):
        rows = held(pods, kind)
        assert rows == everywhere(rows["pod1"])
    assert list(held(pods, "post")["pod3"]) == [guid]


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


def test_a_limited_post_reaches_only_those_it_is_addressed_to(
    pods: Pods, cast: dict[str, User]
) -> None:
    stranger = pods.sign_up("mallory", "pod2")
    guid = limited(cast["alice"])
    pods.settle()

    assert held(pods, "visibility") == {
        "pod1": {},
        "pod2": {f"{guid}→bob@pod2.test": {}},
        "pod3": {f"{guid}→carol@pod3.test": {}},
    }
    assert list(held(pods, "audience")["pod1"]) == [
        f"{guid}→bob@pod2.test",
        f"{guid}→carol@pod3.test",
    ]
    assert cast["bob"].call("GET", f"/api/posts/{guid}")["text"] == "Just us."
    with pytest.raises(Declined) as hidden:
        stranger.call("GET", f"/api/posts/{guid}")
    assert hidden.value.status == 404


def test_the_second_arrival_of_a_limited_post_shows_it_to_one_more(
    pods: Pods, cast: dict[str, User]
) -> None:
    brenda = pods.sign_up("brenda", "pod2")
    cast["alice"].share(brenda)
    pods.settle()

    guid = limited(cast["alice"])
    pods.settle()

    assert list(held(pods, "visibility")["pod2"]) == [
        f"{guid}→bob@pod2.test",
        f"{guid}→brenda@pod2.test",
    ]


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


def test_a_reshare_reaches_the_root_author_and_the_resharers_contacts(
    pods: Pods, cast: dict[str, User]
) -> None:
    frank = pods.sign_up("frank", "pod3")
    frank.share(cast["bob"])
    guid = post(cast["alice"])
    pods.settle()

    made = cast["bob"].call("POST", f"/api/posts/{guid}/reshares")["guid"]
    pods.settle()

    for pod, rows in held(pods, "post").items():
        assert (pod, rows[made]["root_guid"], rows[made]["root_author"]) == (
            pod,
            guid,
            "alice@pod1.test",
        )
    told = cast["alice"].call("GET", "/api/notifications")
    assert [(each["kind"], each["actor"]) for each in told if each["kind"] == "reshared"] == [
        ("reshared", "bob@pod2.test")
    ]


def test_a_mention_brings_a_public_post_to_a_stranger(pods: Pods) -> None:
    stranger = pods.sign_up("zoe", "pod3")
    lonely = pods.sign_up("lonely", "pod2")

    guid = post(lonely, f"Hello @{{Zoe; {stranger.diaspora_id}}}, and @{{nobody@pod9.test}}.")
    pods.settle()

    assert list(held(pods, "post")["pod3"]) == [guid]
    mention = {f"{guid}→zoe@pod3.test": {"container": "post"}}
    assert held(pods, "mention") == {"pod1": {}, "pod2": mention, "pod3": mention}
    told = stranger.call("GET", "/api/notifications")
    assert [(each["kind"], each["target_guid"]) for each in told] == [("mentioned", guid)]


def test_a_photo_is_served_and_travels_with_its_post(pods: Pods, cast: dict[str, User]) -> None:
    image = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00\x00\x00\x02\x00\x00\x00\x03"
    photo = cast["alice"].call("POST", "/api/photos?text=dots", image)

    guid = post(cast["alice"], "", photos=[photo["guid"]])
    pods.settle()

    path = photo["url"].removeprefix("https://pod1.test")
    status, headers, body = pods["pod1"].handle("GET", path, [], b"")
    assert (status, dict(headers)["Content-Type"], body) == (200, "image/png", image)
    rows = held(pods, "photo")
    assert rows == everywhere(rows["pod1"])
    expected = {"status_message_guid": guid, "width": 2, "height": 3, "public": True}
    assert expected.items() <= rows["pod3"][photo["guid"]].items()
