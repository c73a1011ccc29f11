"""Profiles reach those they are for; older ones and other people's change nothing."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pod.domain import profiles
from pod.domain.entities import Profile
from pod.domain.errors import Invalid, InvalidSender, Refused
from pod.domain.identity import DiasporaId
from pod.domain.incoming import Incoming
from pod.domain.receive import receive
from pod.store.engine import Store
from tests.pod.messages import bring
from tests.pod.pair import User, joined
from tests.pod.rooms import NOW, add_account, add_person

ALICE = DiasporaId("alice@pod2.test")
EVERYTHING: dict[str, Any] = {
    "full_name": "Carol of the Gardens",
    "first_name": "Carol",
    "last_name": "Smith",
    "image_url": "https://pod1.test/a.png",
    "image_url_medium": "https://pod1.test/b.png",
    "image_url_small": "https://pod1.test/c.png",
    "bio": "Gardener",
    "birthday": "1990-02-28",
    "gender": "female",
    "location": "Oxford",
    "searchable": False,
    "public": False,
    "nsfw": True,
    "tag_string": "#tea #gardening",
}


def _seen(by: User, who: User) -> dict[str, Any]:
    found: dict[str, Any] = by.call("GET", f"/api/people/{who.diaspora_id}")["profile"]
    return found


def test_people_shared_with_get_everything_and_others_the_basics(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1", "pod2", "pod3") as pods:
        carol = pods.sign_up("carol", "pod1")
        alice, bob = pods.sign_up("alice", "pod2"), pods.sign_up("bob", "pod3")
        carol.share(alice)
        bob.share(carol)
        pods.settle()
        assert carol.call("PATCH", "/api/profile", EVERYTHING) == EVERYTHING
        pods.settle()
        basics = EVERYTHING | dict.fromkeys(profiles.EXTENDED)
        assert (_seen(alice, carol), _seen(bob, carol)) == (EVERYTHING, basics)
        assert carol.call("GET", "/api/profile") == EVERYTHING


def test_a_public_profile_is_for_everybody_who_has_to_do_with_the_person(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1", "pod2", "pod3") as pods:
        carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod3")
        bob.share(carol)
        pods.settle()
        carol.call("PATCH", "/api/profile", {"bio": "Gardener", "public": True})
        pods.settle()
        assert _seen(bob, carol)["bio"] == "Gardener"
        posts = [each.url for each in pods.exchanges if each.sender == "pod1.test"]
        assert posts[-1] == "https://pod3.test/receive/public"
        carol.call("PATCH", "/api/profile", {"public": False})
        pods.settle()
        assert _seen(bob, carol)["bio"] is None


def test_local_people_see_what_they_are_entitled_to(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol, debora = pods.sign_up("carol", "pod1"), pods.sign_up("debora", "pod1")
        carol.call("PATCH", "/api/profile", {"bio": "Gardener"})
        before = _seen(debora, carol)["bio"]
        carol.share(debora)
        assert (before, _seen(debora, carol)["bio"]) == (None, "Gardener")


def test_one_picture_serves_in_all_sizes_and_becomes_absolute(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        changed = carol.call("PATCH", "/api/profile", {"image_url": "/uploads/me.png"})
        assert [changed[name] for name in profiles.IMAGES] == [
            "https://pod1.test/uploads/me.png"
        ] * 3
        changed = carol.call("PATCH", "/api/profile", {"image_url": None})
        assert [changed[name] for name in profiles.IMAGES] == [None] * 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", "x" * 33),
        ("last_name", "Semi;colon"),
        ("birthday", "yesterday"),
        ("tag_string", "#a #b #c #d #e #f"),
        ("image_url", "javascript:alert(1)"),
        ("image_url", "https://pod1.test"),
        ("image_url", "https://[zz]/me.png"),
        ("public", "yes"),
        ("bio", 5),
        ("author", "mallory@pod2.test"),
    ],
)
def test_a_profile_that_other_pods_would_refuse_is_invalid(
    store: Store, field: str, value: object
) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        with pytest.raises(Invalid, match=field):
            profiles.edit(work, carol, {field: value})


def test_a_received_profile_replaces_everything(store: Store) -> None:
    first = Profile(author=ALICE, edited_at=NOW, first_name="Alice", birthday=date(1852, 5, 4))
    second = Profile(author=ALICE, edited_at=NOW + timedelta(seconds=1), image_url="/me.png")
    with store.work() as work:
        alice = add_person(work, ALICE)
        recipient = add_account(work, "carol")
        incoming = Incoming(sender=alice, recipient=recipient, envelope=b"")
        for entity in (first, second):
            receive(work, entity, incoming)
        with pytest.raises(Refused, match="a newer one is known here"):
            receive(work, first, incoming)
        assert work.people.profile(alice) == Profile(
            author=ALICE,
            edited_at=NOW + timedelta(seconds=1),
            image_url="https://pod2.test/me.png",
        )


@pytest.mark.parametrize(
    ("later", "bio"), [(timedelta(0), "For friends"), (timedelta(seconds=1), None)]
)
def test_the_shortened_profile_takes_no_private_field_away_unless_it_is_newer(
    store: Store, later: timedelta, bio: str | None
) -> None:
    private = Profile(author=ALICE, edited_at=NOW, first_name="Alice", bio="For friends")
    shortened = Profile(author=ALICE, edited_at=NOW + later, first_name="Alicia")
    with store.work() as work:
        alice, recipient = add_person(work, ALICE), add_account(work, "carol")
        receive(work, private, Incoming(sender=alice, recipient=recipient, envelope=b""))
        receive(work, shortened, Incoming(sender=alice, recipient=None, envelope=b""))
        assert work.people.profile(alice) == replace(shortened, bio=bio)


def test_what_people_here_have_said_is_not_taken_from_elsewhere(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        alice, bob = pods.sign_up("alice", "pod1"), pods.sign_up("bob", "pod2")
        bob.share(alice)
        pods.settle()
        alice.call("PATCH", "/api/profile", {"bio": "For friends"})
        pods.settle()
        sent = [each for each in pods.exchanges if each.url == "https://pod2.test/receive/public"]
        before = pods.state("pod1")
        assert bring(pods, sent[-1].body, "pod1") == (
            "InvalidSender: alice@pod1.test lives here; from elsewhere it is a repetition"
        )
        assert pods.state("pod1") == before


def test_a_profile_without_time_of_editing_is_accepted(store: Store) -> None:
    with store.work() as work:
        alice = add_person(work, ALICE)
        incoming = Incoming(sender=alice, recipient=add_account(work, "carol"), envelope=b"")
        receive(work, Profile(author=ALICE, edited_at=NOW, first_name="Alice"), incoming)
        receive(work, Profile(author=ALICE, first_name="Alicia"), incoming)
        assert work.people.profile(alice) == Profile(author=ALICE, first_name="Alicia")


def test_private_fields_do_not_travel_publicly(store: Store) -> None:
    with store.work() as work:
        alice = add_person(work, ALICE)
        incoming = Incoming(sender=alice, recipient=None, envelope=b"")
        with pytest.raises(Refused, match="publicly"):
            receive(work, Profile(author=ALICE, bio="Fell into a hole."), incoming)
        receive(work, Profile(author=ALICE, first_name="Alice"), incoming)
        receive(work, Profile(author=ALICE, bio="Fell into a hole.", public=True), incoming)
        assert work.people.profile(alice).bio == "Fell into a hole."


def test_nobody_speaks_for_somebody_else(store: Store) -> None:
    with store.work() as work:
        add_person(work, ALICE)
        mallory = add_person(work, "mallory@pod2.test", 1)
        incoming = Incoming(sender=mallory, recipient=None, envelope=b"")
        with pytest.raises(InvalidSender):
            receive(work, Profile(author=ALICE, first_name="Stupid"), incoming)


def test_everybody_who_has_to_do_with_an_account_is_told(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1", "pod2", "pod3", "pod4") as pods:
        carol = pods.sign_up("carol", "pod1")
        alice, bob = pods.sign_up("alice", "pod2"), pods.sign_up("bob", "pod3")
        dave, gil = pods.sign_up("dave", "pod4"), pods.sign_up("gil", "pod4")
        pods.sign_up("erin", "pod4")
        hello = f"Hello @{{{carol.diaspora_id}}}"
        gil.call("POST", "/api/posts", {"text": hello, "public": True})
        post = carol.call("POST", "/api/posts", {"text": "Hello", "public": True})["guid"]
        theirs = alice.call("POST", "/api/posts", {"text": "Hi", "public": True})["guid"]
        bob.find(f"diaspora://{carol.diaspora_id}/post/{post}")
        bob.call("POST", f"/api/posts/{post}/comments", {"text": "Hello, too"})
        carol.find(f"diaspora://{alice.diaspora_id}/post/{theirs}")
        carol.call("POST", f"/api/posts/{theirs}/likes")
        dave.share(carol)
        pods.settle()
        with carol.core.context.work() as work:
            account = work.accounts.by_username("carol")
            assert account is not None
            told = profiles.profile_recipients(work, account)
        assert [each.diaspora_id for each in told] == [
            "alice@pod2.test",
            "bob@pod3.test",
            "dave@pod4.test",
            "gil@pod4.test",
        ]


def test_a_public_profile_is_sent_publicly_to_somebody_newly_shared_with(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
        carol.call("PATCH", "/api/profile", {"bio": "Gardener", "public": True})
        carol.share(bob)
        pods.settle()
        posts = [each.url for each in pods.exchanges if each.method == "POST"]
        assert sorted(posts) == [
            "https://pod2.test/receive/public",
            f"https://pod2.test/receive/users/{bob.guid}",
        ]
        assert _seen(bob, carol)["bio"] == "Gardener"


def test_the_authors_of_what_an_account_reshared_are_told(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
        post = bob.call("POST", "/api/posts", {"text": "Hello", "public": True})["guid"]
        carol.find(f"diaspora://{bob.diaspora_id}/post/{post}")
        carol.call("POST", f"/api/posts/{post}/reshares")
        pods.settle()
        carol.call("PATCH", "/api/profile", {"first_name": "Carol"})
        pods.settle()
        assert _seen(bob, carol)["first_name"] == "Carol"
