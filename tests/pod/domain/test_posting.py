"""Posts, photos and reshares reach those they are for, and nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pod.pair import Declined, Pods, User, joined
from tests.pod.talk import PODS, everywhere, held, limited, make_friends, post


@pytest.fixture
def pods(tmp_path: Path) -> Iterator[Pods]:
    with joined(tmp_path, *PODS) as made:
        yield made


@pytest.fixture
def cast(pods: Pods) -> dict[str, User]:
    return make_friends(pods)


def test_a_public_post_reaches_the_pods_of_the_contacts(pods: Pods, cast: dict[str, User]) -> None:
    poll = {"question": "Tea?", "answers": ["yes", "no"]}
    place = {"address": "Graz", "lat": 47.07, "lng": 15.43}

    guid = post(cast["alice"], "Hello #world.", poll=poll, location=place)
    pods.settle()

    for kind in ("post", "poll", "poll_answer", "location"):
        rows = held(pods, kind)
        assert rows == everywhere(rows["pod1"])
    assert list(held(pods, "post")["pod3"]) == [guid]


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


def test_the_stream_has_posts_with_a_followed_tag_and_not_with_what_looks_like_one(
    pods: Pods,
) -> None:
    alice, bob = pods.sign_up("alice", "pod1"), pods.sign_up("bob", "pod1")
    alice.call("PUT", "/api/tags/tea")
    alice.call("PUT", "/api/tags/äpfel")
    texts = ("#tea", "I like #Tea, too", "#ÄPFEL", "#teapot", "x#tea", "##tea", "#tea-time", "tea")
    for text in texts:
        post(bob, text)
    seen = {each["text"] for each in alice.call("GET", "/api/stream")}
    assert seen == {"#tea", "I like #Tea, too", "#ÄPFEL"}
