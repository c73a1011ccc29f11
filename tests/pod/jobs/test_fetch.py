"""Public posts are fetched when they are needed, from wherever their author lives."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pod.domain.entities import Conversation, Event, Message, Photo, StatusMessage
from pod.domain.errors import Later, NotFound, Refused
from pod.domain.identity import DiasporaId, Guid
from pod.jobs import fetch, introductions
from tests.pod.pair import Exchange, Pods, User, joined
from tests.pod.rooms import NOW
from tests.pod.talk import comment, held, limited, post, sealed_by

ALICE = DiasporaId("alice@pod1.test")
UNKNOWN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def pods(tmp_path: Path) -> Iterator[Pods]:
    with joined(tmp_path, "pod1", "pod2", "pod3") as made:
        yield made


@pytest.fixture
def alice(pods: Pods) -> User:
    return pods.sign_up("alice", "pod1")


def asked(pods: Pods) -> list[tuple[str, str, int]]:
    """Which pod asked which for entities, and the status."""
    return [
        (each.sender, each.url, each.status) for each in pods.exchanges if "/fetch/" in each.url
    ]


def test_a_post_is_fetched_when_its_address_is_searched_for(pods: Pods, alice: User) -> None:
    guid = post(alice, "Come in.")
    bob = pods.sign_up("bob", "pod2")

    found = bob.find(f"https://pod1.test/posts/{guid}")

    assert found == {"post": {"guid": guid}}
    assert bob.call("GET", f"/api/posts/{guid}")["text"] == "Come in."
    assert asked(pods) == [("pod2.test", f"https://pod1.test/fetch/post/{guid}", 200)]


def test_an_unknown_parent_is_fetched_by_way_of_the_pod_that_knows_it(
    pods: Pods, alice: User
) -> None:
    carol = pods.sign_up("carol", "pod3")
    bob = pods.sign_up("bob", "pod2")
    bob.share(carol)
    guid = post(alice)
    bob.find(f"https://pod1.test/posts/{guid}")
    pods.exchanges.clear()

    made = bob.call("POST", f"/api/posts/{guid}/reshares")["guid"]
    pods.settle()

    assert set(held(pods, "post")["pod3"]) == {guid, made}
    assert asked(pods) == [("pod3.test", f"https://pod1.test/fetch/post/{guid}", 200)]


def test_a_pod_points_to_the_home_of_a_remote_author(pods: Pods, alice: User) -> None:
    guid = post(alice)
    pods.sign_up("bob", "pod2").find(f"https://pod1.test/posts/{guid}")
    pods.exchanges.clear()

    fetch.fetch(pods["pod3"].context, "post", guid, DiasporaId("anybody@pod2.test"), ALICE)

    assert asked(pods) == [
        ("pod3.test", f"https://pod2.test/fetch/post/{guid}", 302),
        ("pod3.test", f"https://pod1.test/fetch/post/{guid}", 200),
    ]
    assert list(held(pods, "post")["pod3"]) == [guid]


def test_a_poll_is_fetched_with_the_post_around_it(pods: Pods, alice: User) -> None:
    guid = post(alice, poll={"question": "Tea?", "answers": ["yes", "no"]})
    (poll,) = held(pods, "poll")["pod1"]

    fetch.fetch(pods["pod3"].context, "poll", poll, ALICE)

    assert list(held(pods, "post")["pod3"]) == [guid]


def test_only_what_is_public_is_served(pods: Pods, alice: User) -> None:
    bob = pods.sign_up("bob", "pod2")
    alice.share(bob)
    pods.settle()
    guid = limited(alice)
    written = comment(alice, guid)

    paths = (f"post/{guid}", f"comment/{written}", f"like/{guid}", f"post/{UNKNOWN}")
    answers = [pods["pod1"].handle("GET", f"/fetch/{path}", [], b"")[0] for path in paths]

    assert answers == [404, 404, 404, 404]


def test_a_comment_is_served_in_its_authors_envelope(pods: Pods, alice: User) -> None:
    guid = post(alice)
    neighbour = pods.sign_up("debora", "pod1")
    written = comment(neighbour, guid)

    status, headers, body = pods["pod1"].handle("GET", f"/fetch/comment/{written}", [], b"")

    assert (status, dict(headers)["Content-Type"]) == (200, "application/magic-envelope+xml")
    assert sealed_by(Exchange("", "GET", "", 200, body)) == "debora@pod1.test"
    assert b"parent_guid" not in body  # it is inside, encoded


def test_what_nobody_has_is_not_found(pods: Pods, alice: User) -> None:
    with pytest.raises(NotFound, match="answers 404"):
        fetch.fetch(pods["pod2"].context, "post", UNKNOWN, ALICE)
    assert alice.diaspora_id == ALICE


def test_a_pod_that_is_away_is_asked_later(pods: Pods, alice: User) -> None:
    guid = post(alice)
    pods.away.add("pod1.test")
    with pytest.raises(Later):
        fetch.fetch(pods["pod2"].context, "post", guid, ALICE)


def test_a_post_by_somebody_else_than_expected_is_refused(pods: Pods, alice: User) -> None:
    guid = post(alice)
    debora = pods.sign_up("debora", "pod1")
    with pytest.raises(Refused, match="not by debora@pod1"):
        fetch.fetch(pods["pod2"].context, "post", guid, ALICE, DiasporaId(debora.diaspora_id))
    assert held(pods, "post")["pod2"] == {}


def test_a_pod_that_answers_with_another_post_is_refused(pods: Pods, alice: User) -> None:
    asked_for, answered = post(alice, "One."), post(alice, "Two.")
    pod1 = pods["pod1"]
    honest = pod1.handle

    def swap(method, target, headers, body):  # type: ignore[no-untyped-def]
        return honest(method, target.replace(asked_for, answered), headers, body)

    pod1.handle = swap  # type: ignore[method-assign]
    with pytest.raises(Refused, match="something else"):
        fetch.fetch(pods["pod2"].context, "post", asked_for, ALICE)
    assert held(pods, "post")["pod2"] == {}


def test_a_pod_does_not_ask_itself(pods: Pods, alice: User) -> None:
    with pytest.raises(NotFound, match="does not ask itself"):
        fetch.fetch(pods["pod1"].context, "post", UNKNOWN, DiasporaId(alice.diaspora_id))


def test_a_link_in_a_text_is_followed(pods: Pods, alice: User) -> None:
    carol = pods.sign_up("carol", "pod3")
    bob = pods.sign_up("bob", "pod2")
    bob.share(carol)
    pods.settle()
    linked = post(alice, "The original.")

    guid = post(
        bob,
        f"See diaspora://alice@pod1.test/post/{linked} and diaspora://x@pod9.test/post/{UNKNOWN}",
    )
    pods.settle()

    assert set(held(pods, "post")["pod3"]) == {guid, linked}


def test_a_link_is_followed_wherever_people_write_texts(pods: Pods, alice: User) -> None:
    linked = [post(alice, f"Original {n}.") for n in range(5)]
    links = [f"diaspora://alice@pod1.test/post/{guid}" for guid in linked]
    ids: Any = {"author": DiasporaId("x@pod2.test"), "guid": Guid(UNKNOWN)}
    picture: Any = {"remote_photo_path": "https://pod2.test/p/", "remote_photo_name": "1.png"}
    photo = Photo(**ids, **picture, text=links[0])
    message = Message(**ids, conversation_guid=Guid(UNKNOWN), text=links[1])
    event = Event(**ids, summary="Tea", start=NOW, description=links[2])
    for entity in (
        photo,
        message,
        StatusMessage(**ids, event=event, photos=(replace(photo, text=links[3]),)),
        Conversation(
            **ids,
            subject="Tea",
            participants=(ids["author"],),
            messages=(replace(message, text=links[4]),),
        ),
    ):
        assert introductions.has_links(entity)
        introductions.follow_links(pods["pod3"].context, entity)

    assert set(held(pods, "post")["pod3"]) == set(linked)


def test_who_looks_a_post_up_is_sent_what_happens_to_it(pods: Pods, alice: User) -> None:
    guid = post(alice)
    bob = pods.sign_up("bob", "pod2")

    bob.find(f"diaspora://alice@pod1.test/post/{guid}")
    pods.settle()
    written = comment(alice, guid)
    pods.settle()

    assert list(held(pods, "participation")["pod1"]) == [f"bob@pod2.test→{guid}"]
    assert list(held(pods, "comment")["pod2"]) == [written]


def test_a_like_that_overtakes_its_comment_waits_for_it(pods: Pods, alice: User) -> None:
    bob, carol = pods.sign_up("bob", "pod2"), pods.sign_up("carol", "pod3")
    for friend in (bob, carol):
        alice.share(friend)
        friend.share(alice)
    pods.settle()
    guid = post(alice)
    pods.settle()
    held_back: list[bytes] = []
    pod3 = pods["pod3"]
    honest = pod3.handle

    def hold_comments(method, target, headers, body):  # type: ignore[no-untyped-def]
        if target == "/receive/public" and not held_back:
            held_back.append(body)
            return 202, [], b""
        return honest(method, target, headers, body)

    pod3.handle = hold_comments  # type: ignore[method-assign]
    written = comment(bob, guid)
    pods.settle()
    alice.call("POST", f"/api/comments/{written}/likes")
    pods.settle()
    assert (held(pods, "comment")["pod3"], held(pods, "like")["pod3"]) == ({}, {})

    honest("POST", "/receive/public", [], held_back[0])
    pods.pass_time(timedelta(hours=1))

    rows = held(pods, "like")
    assert rows["pod3"] == rows["pod1"]
    assert list(held(pods, "comment")["pod3"]) == [written]
