"""People of two pods share with each other, stop, and block."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pod.domain.entities import Contact
from pod.domain.errors import InvalidSender, Refused
from pod.domain.identity import DiasporaId
from pod.domain.incoming import Incoming
from pod.domain.receive import receive
from pod.store.engine import Store
from tests.pod.pair import Declined, Pods, User, joined
from tests.pod.rooms import add_account, add_person

ALICE = DiasporaId("alice@pod2.test")


def _contacts(user: User) -> dict[str, tuple[bool, bool, list[str]]]:
    found: list[dict[str, Any]] = user.call("GET", "/api/contacts")
    return {
        each["diaspora_id"]: (each["sharing"], each["receiving"], each["aspects"]) for each in found
    }


def _told(user: User) -> list[tuple[str, str]]:
    return [(each["kind"], each["actor"]) for each in user.call("GET", "/api/notifications")]


def _meet(pods: Pods, *, second: str = "pod2") -> tuple[User, User]:
    return pods.sign_up("carol", "pod1"), pods.sign_up("bob", second)


@pytest.mark.parametrize("second", ["pod1", "pod2"])
def test_sharing_is_mirrored_on_the_other_side(tmp_path: Path, second: str) -> None:
    with joined(tmp_path) as pods:
        carol, bob = _meet(pods, second=second)
        carol.share(bob)
        pods.settle()
        assert _contacts(carol) == {bob.diaspora_id: (False, True, ["friends"])}
        assert _contacts(bob) == {carol.diaspora_id: (True, False, [])}
        assert _told(bob) == [("started_sharing", carol.diaspora_id)]
        bob.share(carol, "people I know")
        pods.settle()
        assert _contacts(carol) == {bob.diaspora_id: (True, True, ["friends"])}
        assert _contacts(bob) == {carol.diaspora_id: (True, True, ["people I know"])}


@pytest.mark.parametrize("second", ["pod1", "pod2"])
def test_who_stops_sharing_leaves_the_other_direction_alone(tmp_path: Path, second: str) -> None:
    with joined(tmp_path) as pods:
        carol, bob = _meet(pods, second=second)
        carol.share(bob)
        bob.share(carol)
        pods.settle()
        carol.call("DELETE", f"/api/contacts/{bob.diaspora_id}")
        pods.settle()
        assert _contacts(carol) == {bob.diaspora_id: (True, False, [])}
        assert _contacts(bob) == {carol.diaspora_id: (False, True, ["friends"])}
        bob.call("DELETE", f"/api/contacts/{carol.diaspora_id}")
        pods.settle()
        assert (_contacts(carol), _contacts(bob)) == ({}, {})


def test_sharing_again_changes_the_aspects_and_tells_nobody(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = _meet(pods)
        carol.share(bob)
        pods.settle()
        before = len(pods.exchanges)
        carol.call("POST", "/api/aspects", {"name": "family"})
        carol.call(
            "PUT", f"/api/contacts/{bob.diaspora_id}", {"aspects": ["family", "friends", "family"]}
        )
        pods.settle()
        assert _contacts(carol) == {bob.diaspora_id: (False, True, ["friends", "family"])}
        assert pods.exchanges[before:] == []


def test_sharing_sends_the_whole_profile_to_the_person_alone(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = _meet(pods)
        carol.call("PATCH", "/api/profile", {"first_name": "Carol", "bio": "Gardener"})
        bob.find(carol.diaspora_id)
        found = bob.call("GET", f"/api/people/{carol.diaspora_id}")["profile"]
        assert (found["first_name"], found["bio"]) == ("Carol", None)
        carol.share(bob)
        pods.settle()
        found = bob.call("GET", f"/api/people/{carol.diaspora_id}")["profile"]
        assert (found["first_name"], found["bio"]) == ("Carol", "Gardener")
        paths = [each.url for each in pods.exchanges if each.method == "POST"]
        assert paths == [f"https://pod2.test/receive/users/{bob.guid}"] * 2


def _status_of_sharing(me: User, other: str, *aspects: str) -> int:
    with pytest.raises(Declined) as declined:
        me.call("PUT", f"/api/contacts/{other}", {"aspects": list(aspects)})
    return declined.value.status


def test_sharing_needs_an_aspect_and_another_person_who_is_not_blocked(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = _meet(pods)
        carol.call("POST", "/api/aspects", {"name": "friends"})
        statuses = {
            "no aspect": _status_of_sharing(carol, bob.diaspora_id),
            "no such aspect": _status_of_sharing(carol, bob.diaspora_id, "strangers"),
            "oneself": _status_of_sharing(carol, carol.diaspora_id, "friends"),
            "unknown": _status_of_sharing(carol, "nobody@pod2.test", "friends"),
            "no ID": _status_of_sharing(carol, "nobody", "friends"),
        }
        carol.call("PUT", f"/api/blocks/{bob.diaspora_id}")
        statuses["blocked"] = _status_of_sharing(carol, bob.diaspora_id, "friends")
    assert statuses == {
        "no aspect": 422,
        "no such aspect": 404,
        "oneself": 403,
        "unknown": 404,
        "no ID": 422,
        "blocked": 403,
    }


def test_a_block_ends_sharing_and_is_not_told(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = _meet(pods)
        carol.share(bob)
        bob.share(carol)
        pods.settle()
        carol.call("PUT", f"/api/blocks/{bob.diaspora_id}")
        pods.settle()
        assert carol.call("GET", "/api/blocks") == [bob.diaspora_id]
        assert _contacts(carol) == {bob.diaspora_id: (True, False, [])}
        assert _contacts(bob) == {carol.diaspora_id: (False, True, ["friends"])}
        assert bob.call("GET", "/api/blocks") == []
        carol.call("DELETE", f"/api/blocks/{bob.diaspora_id}")
        assert carol.call("GET", "/api/blocks") == []


def test_a_blocked_person_who_begins_to_share_is_noted_but_not_announced(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = _meet(pods)
        carol.call("PUT", f"/api/blocks/{bob.diaspora_id}")
        bob.share(carol)
        pods.settle()
        assert _contacts(carol) == {bob.diaspora_id: (True, False, [])}
        assert _told(carol) == []


@pytest.mark.parametrize("second", ["pod1", "pod2"])
def test_an_account_that_follows_back_shares_at_once(tmp_path: Path, second: str) -> None:
    with joined(tmp_path) as pods:
        carol, bob = _meet(pods, second=second)
        bob.call("POST", "/api/aspects", {"name": "fans"})
        bob.call(
            "PATCH", "/api/settings", {"auto_follow_back": True, "auto_follow_back_aspect": "fans"}
        )
        carol.share(bob)
        pods.settle()
        assert _contacts(bob) == {carol.diaspora_id: (True, True, ["fans"])}
        assert _contacts(carol) == {bob.diaspora_id: (True, True, ["friends"])}


def test_removing_the_last_aspect_of_a_person_ends_sharing(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = _meet(pods)
        carol.share(bob)
        pods.settle()
        carol.call("DELETE", "/api/aspects/friends")
        pods.settle()
        assert (_contacts(carol), _contacts(bob)) == ({}, {})


def test_tags_are_followed_without_sign_and_in_lower_case(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        carol.call("PUT", "/api/tags/%23Gardening")
        carol.call("PUT", "/api/tags/tea")
        assert carol.call("GET", "/api/tags") == ["gardening", "tea"]
        carol.call("DELETE", "/api/tags/TEA")
        assert carol.call("GET", "/api/tags") == ["gardening"]
        with pytest.raises(Declined):
            carol.call("PUT", "/api/tags/two%20words")


# --- what the rules refuse -----------------------------------------------------------------------


def _contact(recipient: str, **flags: bool) -> Contact:
    return Contact(author=ALICE, recipient=DiasporaId(recipient), **flags)


def test_a_contact_for_somebody_else_is_refused(store: Store) -> None:
    with store.work() as work:
        alice = add_person(work, ALICE)
        carol = add_account(work, "carol")
        add_account(work, "debora", 1)
        incoming = Incoming(sender=alice, recipient=carol, envelope=b"")
        for recipient in ("debora@pod1.test", "carol@pod3.test", "alice@pod2.test"):
            with pytest.raises(InvalidSender):
                receive(work, _contact(recipient), incoming)
        with pytest.raises(Refused, match="publicly"):
            receive(work, _contact(carol.person.diaspora_id), replace(incoming, recipient=None))
        assert work.sharing.contacts(carol) == ()


def test_a_contact_that_names_an_old_id_is_for_the_new_one(store: Store) -> None:
    with store.work() as work:
        alice = add_person(work, ALICE)
        carol = add_account(work, "carol")
        work.migrations.add_alias(DiasporaId("carola@pod3.test"), carol.person, b"")
        incoming = Incoming(sender=alice, recipient=carol, envelope=b"")
        receive(work, _contact("carola@pod3.test"), incoming)
        assert [(each.person, each.sharing) for each in work.sharing.contacts(carol)] == [
            (alice, True)
        ]


def test_only_sharing_counts_and_who_blocks_does_not_share(store: Store) -> None:
    with store.work() as work:
        alice = add_person(work, ALICE)
        carol = add_account(work, "carol")
        incoming = Incoming(sender=alice, recipient=carol, envelope=b"")
        seen = []
        for flags in (
            {"following": False, "sharing": True},
            {"following": True, "sharing": False},
            {"following": True, "sharing": True},
            {"following": False, "sharing": True, "blocking": True},
        ):
            receive(work, _contact("carol@pod1.test", **flags), incoming)
            seen.append(work.sharing.contact(carol, alice) is not None)
        assert seen == [True, False, True, False]


def test_whom_the_author_blocks_says_nothing_on_the_post_of_a_neighbour(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        alice, bea = pods.sign_up("alice", "pod1"), pods.sign_up("bea", "pod1")
        place = {"question": "Tea?", "answers": ["yes", "no"]}
        body = {"text": "mine", "public": True, "poll": place}
        guid = alice.call("POST", "/api/posts", body)["guid"]
        alice.call("PUT", f"/api/blocks/{bea.diaspora_id}")
        before = pods.state("pod1")
        for path, said in (
            ("comments", {"text": "x"}),
            ("likes", None),
            ("votes", {"answer": "no"}),
        ):
            with pytest.raises(Declined, match=r"403: .*alice@pod1\.test ignores bea@pod1\.test"):
                bea.call("POST", f"/api/posts/{guid}/{path}", said)
        assert pods.state("pod1") == before
