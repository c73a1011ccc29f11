"""An account is deleted, here and on the pods that know it."""

from pathlib import Path

import pytest

from pod.domain.closing import delete_account, receive_deletion
from pod.domain.entities import AccountDeletion, Photo
from pod.domain.errors import NotAllowed, NotFound, Refused
from pod.domain.identity import DiasporaId, Guid
from pod.domain.incoming import Incoming
from pod.domain.receive import receive
from pod.domain.sharing import share
from pod.store.engine import Store
from tests.pod.pair import PASSWORD, Declined, joined
from tests.pod.rooms import add_account, add_person


def test_a_deleted_account_is_gone_on_every_pod_that_knew_it(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = pods.sign_up("carol", "pod1", first_name="Carol"), pods.sign_up("bob", "pod2")
        carol.share(bob)
        bob.share(carol)
        pods.settle()
        post = carol.call("POST", "/api/posts", {"text": "Hello", "public": True})["guid"]
        theirs = bob.call("POST", "/api/posts", {"text": "Hi", "public": True})["guid"]
        pods.settle()
        carol.call("POST", f"/api/posts/{theirs}/comments", {"text": "Hi, Bob"})
        pods.settle()
        carol.call("DELETE", "/api/me", {"password": PASSWORD})
        pods.settle()
        with pytest.raises(Declined) as declined:
            bob.call("GET", f"/api/posts/{post}")
        assert declined.value.status == 404
        assert bob.call("GET", "/api/contacts") == []
        found = bob.call("GET", f"/api/people/{carol.diaspora_id}")
        assert (found["closed"], found["profile"]["first_name"]) == (True, None)
        comments = bob.call("GET", f"/api/posts/{theirs}")["comments"]
        assert [(each["author"], each["text"]) for each in comments] == [
            (carol.diaspora_id, "Hi, Bob")
        ]


def test_nobody_finds_or_becomes_a_deleted_account(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
        bob.share(carol)
        pods.settle()
        carol.call("DELETE", "/api/me", {"password": PASSWORD})
        pods.settle()
        statuses = []
        for attempt in (
            lambda: bob.find(carol.diaspora_id),
            lambda: bob.share(carol),
            lambda: pods.log_in("carol", "pod1"),
            lambda: pods.sign_up("carol", "pod1"),
            lambda: carol.call("GET", "/api/me"),
        ):
            with pytest.raises(Declined) as declined:
                attempt()
            statuses.append(declined.value.status)
        assert statuses == [404, 404, 403, 409, 401]


def test_an_account_is_deleted_only_with_its_password(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        with pytest.raises(Declined) as declined:
            carol.call("DELETE", "/api/me", {"password": "guessed"})
        assert declined.value.status == 403
        assert carol.call("GET", "/api/me")["state"] == "open"


def test_a_message_does_not_delete_an_account_of_this_pod(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        incoming = Incoming(sender=carol.person, recipient=None, envelope=b"")
        with pytest.raises(Refused):
            receive(work, AccountDeletion(author=carol.person.diaspora_id), incoming)
        assert work.accounts.get(carol.id) == carol


def test_an_account_that_is_being_imported_cannot_be_deleted(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        work.accounts.set_state(carol, "locked")
        with pytest.raises(NotAllowed, match="locked"):
            delete_account(work, work.need_account(carol))


def test_with_a_deleted_person_go_photos_participations_and_mentions(store: Store) -> None:
    alice_id = DiasporaId("alice@pod2.test")
    with store.work() as work:
        carol = add_account(work, "carol")
        alice = add_person(work, alice_id)
        post = work.posts.add_stub(Guid("post-000000000001"), carol.person)
        work.posts.mention([alice], post=post)
        work.interactions.participate(alice, post, Guid("participation-01"))
        photo = Photo(
            guid=Guid("photo-00000000001"),
            author=alice_id,
            public=True,
            remote_photo_path="https://pod2.test/uploads/",
            remote_photo_name="a.png",
        )
        work.posts.put_photo(photo, alice)
        incoming = Incoming(sender=alice, recipient=None, envelope=b"")
        for _ in range(2):
            receive_deletion(work, AccountDeletion(author=alice_id), incoming)
        left = (
            work.posts.photos_of(alice),
            work.interactions.participants(post),
            work.posts.mentioned(post),
        )
        assert left == ((), (), ())
        assert work.migrations.is_deleted(alice)
        work.sharing.add_aspect(carol, "friends")
        with pytest.raises(NotFound, match="closed"):
            share(work, carol, work.people.get(alice.id), ["friends"])
