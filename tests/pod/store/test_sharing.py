"""Contacts, aspects, blocks, tags and conversations in the database."""

import pytest

from pod.domain import entities
from pod.domain.errors import Conflict
from pod.domain.identity import Guid
from pod.domain.people import Account, Contact
from pod.store.engine import Store
from pod.store.unit_of_work import UnitOfWork
from tests.pod.rooms import NOW, add_account, add_person


def _contact(work: UnitOfWork, account: Account, diaspora_id: str, position: int) -> Contact:
    person = add_person(work, diaspora_id, position)
    contact = work.sharing.set_contact(account, person, receiving=True)
    assert contact is not None
    return contact


def test_a_contact_lasts_as_long_as_one_of_its_flags(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        alice = add_person(work, "alice@pod2.test")
        seen = [
            work.sharing.set_contact(carol, alice, sharing=True),
            work.sharing.set_contact(carol, alice, receiving=True),
            work.sharing.set_contact(carol, alice, sharing=False),
            work.sharing.set_contact(carol, alice, receiving=False),
            work.sharing.set_contact(carol, alice, receiving=False),
        ]
        flags = [(each.sharing, each.receiving) if each else None for each in seen]
        assert flags == [(True, False), (True, True), (False, True), None, None]
        assert work.sharing.contacts(carol) == ()


def test_contacts_are_listed_by_account_and_by_person(store: Store) -> None:
    with store.work() as work:
        carol, debora = add_account(work, "carol"), add_account(work, "debora", 1)
        alice = _contact(work, carol, "alice@pod2.test", 0)
        bob = _contact(work, carol, "bob@pod3.test", 1)
        also = work.sharing.set_contact(debora, alice.person, sharing=True)
        assert work.sharing.contacts(carol) == (alice, bob)
        assert work.sharing.contacts_about(alice.person) == (alice, also)


def test_members_of_aspects_are_those_shared_with_each_once(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        friends, family = (work.sharing.add_aspect(carol, name) for name in ("friends", "family"))
        alice = _contact(work, carol, "alice@pod2.test", 0)
        bob = _contact(work, carol, "bob@pod3.test", 1)
        work.sharing.set_memberships(alice, [friends, family])
        work.sharing.set_memberships(bob, [family])
        members = [work.sharing.members(each) for each in ([friends], [friends, family], [])]
        assert members == [(alice.person,), (alice.person, bob.person), ()]
        assert work.sharing.memberships(alice) == (friends, family)


def test_removing_an_aspect_ends_its_memberships(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        friends = work.sharing.add_aspect(carol, "friends")
        alice = _contact(work, carol, "alice@pod2.test", 0)
        work.sharing.add_membership(alice, friends)
        work.sharing.remove_aspect(friends)
        assert work.sharing.memberships(alice) == ()
        assert work.sharing.aspect(carol, "friends") is None


def test_names_of_aspects_are_unique_per_account_and_keep_their_order(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        names = ("work", "friends", "family")
        for name in names:
            work.sharing.add_aspect(carol, name)
        with pytest.raises(Conflict):
            work.sharing.add_aspect(carol, "work")
        found = [(aspect.name, aspect.position) for aspect in work.sharing.aspects(carol)]
        assert found == [("work", 0), ("friends", 1), ("family", 2)]


def test_blocks_and_tags_are_there_once_or_not(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        alice = add_person(work, "alice@pod2.test")
        for _ in range(2):
            work.sharing.block(carol, alice)
            work.sharing.follow_tag(carol, "tea")
        assert work.sharing.blocked(carol) == (alice,)
        assert work.sharing.followed_tags(carol) == ("tea",)
        assert work.sharing.is_blocked(carol, alice)
        work.sharing.unblock(carol, alice)
        work.sharing.unfollow_tag(carol, "tea")
        assert not work.sharing.is_blocked(carol, alice)
        assert work.sharing.followed_tags(carol) == ()


def test_a_conversation_comes_back_with_its_messages_in_order(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol").person
        alice = add_person(work, "alice@pod2.test")
        guid = Guid("conversation-0001")
        messages = tuple(
            entities.Message(
                author=author.diaspora_id,
                guid=Guid(f"message-000000000{number}"),
                text=f"text {number}",
                created_at=NOW,
                conversation_guid=guid,
            )
            for number, author in enumerate((carol, alice, carol))
        )
        entity = entities.Conversation(
            author=carol.diaspora_id,
            guid=guid,
            subject="Tea?",
            created_at=NOW,
            participants=(alice.diaspora_id, carol.diaspora_id),
            messages=messages,
        )
        stored = work.conversations.add(entity, carol, (alice,))
        for message, author in zip(messages, (carol, alice, carol), strict=True):
            work.conversations.add_message(message, author, stored)
    with store.work() as work:
        assert work.conversations.by_guid(guid) == stored
        assert work.conversations.entity(stored) == entity
        assert work.conversations.of(alice) == (stored,)
        assert work.conversations.message(messages[1].guid) == (messages[1], alice)
        assert work.conversations.message("unknown") is None
