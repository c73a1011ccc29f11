"""Persons, profiles and accounts in the database."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest

from pod.domain.entities import Profile
from pod.domain.errors import Conflict, NameTaken, NotFound, PersonMissing
from pod.domain.identity import DiasporaId
from pod.domain.ports import Migration
from pod.store.engine import Store
from tests.pod.rooms import NOW, add_account, add_person

ALICE = DiasporaId("alice@pod2.test")


def test_a_person_is_found_by_id_guid_row_and_key(store: Store) -> None:
    with store.work() as work:
        alice = add_person(work, ALICE)
    with store.work() as work:
        people = work.people
        found = (
            people.by_id(ALICE),
            people.by_guid(alice.guid),
            people.get(alice.id),
            people.by_key(alice.public_key),
            people.need(ALICE),
        )
    assert found == (alice,) * 5
    assert not alice.is_local


def test_an_unknown_person_is_reported_as_missing(store: Store) -> None:
    with store.work() as work:
        assert work.people.by_id(ALICE) is None
        with pytest.raises(PersonMissing) as missing:
            work.people.need(ALICE)
        with pytest.raises(NotFound):
            work.people.get(17)
    assert missing.value.diaspora_id == ALICE


def test_a_guid_belongs_to_one_person_only(store: Store) -> None:
    with store.work() as work:
        alice = add_person(work, ALICE)
        twin = replace(alice, diaspora_id=DiasporaId("twin@pod3.test"))
        with pytest.raises(Conflict, match=r"belongs to alice@pod2\.test"):
            work.people.add(twin, Profile(author=twin.diaspora_id), NOW)


def test_a_profile_comes_back_as_it_was_stored(store: Store) -> None:
    profile = Profile(
        author=ALICE,
        edited_at=NOW,
        first_name="Alice",
        last_name="Liddell",
        image_url="https://pod2.test/a.png",
        image_url_medium="https://pod2.test/b.png",
        image_url_small="https://pod2.test/c.png",
        bio="Fell into a hole.",
        birthday=date(1852, 5, 4),
        gender="female",
        location="Oxford",
        searchable=False,
        public=True,
        nsfw=True,
        tag_string="#rabbits #tea",
    )
    with store.work() as work:
        alice = add_person(work, ALICE)
        work.people.set_profile(alice, profile)
    with store.work() as work:
        assert work.people.profile(alice) == profile


def test_an_empty_text_in_a_profile_is_no_text(store: Store) -> None:
    with store.work() as work:
        alice = add_person(work, ALICE)
        work.people.set_profile(alice, Profile(author=ALICE, first_name="", bio=""))
        assert work.people.profile(alice) == Profile(author=ALICE)


def test_closing_a_person_clears_the_profile(store: Store) -> None:
    with store.work() as work:
        alice = add_person(work, ALICE)
        work.people.set_profile(alice, Profile(author=ALICE, first_name="Alice", edited_at=NOW))
        work.people.close(alice)
    with store.work() as work:
        assert work.people.get(alice.id) == replace(alice, closed=True)
        assert work.people.profile(alice) == Profile(author=ALICE, searchable=False)


def test_a_stub_is_completed_by_a_person_of_the_same_guid_and_key(store: Store) -> None:
    with store.work() as work:
        alice = add_person(work, ALICE)
        other = add_person(work, "other@pod2.test", position=1)
        with pytest.raises(Conflict):
            work.people.complete(replace(alice, public_key=other.public_key), Profile(author=ALICE))
        found = replace(alice, pod_url="https://www.pod2.test/")
        done = work.people.complete(found, Profile(author=ALICE, first_name="Alice"))
        assert done == found
        assert work.people.profile(done).first_name == "Alice"


def test_the_newest_person_is_at_the_end_of_five_moves_at_most(store: Store) -> None:
    with store.work() as work:
        persons = [add_person(work, f"name{n}@pod2.test", position=n) for n in range(8)]
        for old, new in itertools.pairwise(persons):
            migration = Migration(
                old=old, new=new, form="account_rename", envelope=b"", originated_here=False
            )
            work.migrations.add(migration, NOW)
        ends = [work.people.newest(person).diaspora_id for person in (persons[0], persons[6])]
        assert ends == ["name5@pod2.test", "name7@pod2.test"]
        assert work.people.newest(persons[7]) == persons[7]


def test_an_old_id_of_which_only_the_new_one_is_known_leads_there(store: Store) -> None:
    with store.work() as work:
        alice = add_person(work, ALICE)
        old_id = DiasporaId("alicia@pod3.test")
        work.migrations.add_alias(old_id, alice, b"")
        assert work.people.need(old_id) == alice
        assert work.people.by_id(old_id) is None


def test_pods_are_those_of_remote_people_each_once(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol").person
        others = [
            add_person(work, name, position)
            for position, name in enumerate(("a@pod3.test", "b@pod2.test", "c@pod3.test"))
        ]
        assert work.people.pods([carol, *others]) == ("https://pod2.test/", "https://pod3.test/")


def test_an_account_is_found_by_name_person_guid_mail_and_token(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        work.accounts.open_session(carol, "secret")
        accounts = work.accounts
        found = (
            accounts.get(carol.id),
            accounts.by_username("carol"),
            accounts.by_person(carol.person),
            accounts.by_guid(carol.person.guid),
            accounts.by_email("carol@mail.test"),
            accounts.by_token("secret"),
        )
        assert found == (carol,) * 6
        accounts.close_session("secret")
        assert accounts.by_token("secret") is None


def test_a_username_is_never_given_out_twice(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        work.accounts.clear(carol)
        work.accounts.set_state(carol, "closed")
        with pytest.raises(NameTaken):
            add_account(work, "carol", position=1)
        assert work.accounts.count() == 0


def test_a_cleared_account_keeps_its_name_and_key_and_nothing_else(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        alice = add_person(work, ALICE)
        friends = work.sharing.add_aspect(carol, "friends")
        contact = work.sharing.set_contact(carol, alice, sharing=True, receiving=True)
        assert contact is not None
        work.sharing.add_membership(contact, friends)
        work.sharing.block(carol, alice)
        work.sharing.follow_tag(carol, "tea")
        work.notifications.add(carol, "started_sharing", alice, NOW)
        work.accounts.update(
            carol, {"auto_follow_back": True, "auto_follow_back_aspect": "friends"}
        )
        work.accounts.open_session(carol, "secret")
        work.accounts.clear(carol)
    with store.work() as work:
        assert work.accounts.get(carol.id) == replace(carol, email="", disable_mail=True)
        assert work.accounts.by_token("secret") is None
        left = (
            work.sharing.contacts(carol),
            work.sharing.aspects(carol),
            work.sharing.blocked(carol),
            work.sharing.followed_tags(carol),
            work.notifications.of(carol),
        )
        assert left == ((), (), (), (), ())


def test_local_accounts_are_those_that_are_not_closed(store: Store) -> None:
    with store.work() as work:
        carol, debora, erin = (
            add_account(work, name, position)
            for position, name in enumerate(("carol", "debora", "erin"))
        )
        work.accounts.set_state(debora, "locked")
        work.accounts.set_state(erin, "closed")
        people = [carol.person, debora.person, erin.person, add_person(work, ALICE)]
        assert work.accounts.local(people) == (carol, replace(debora, state="locked"))


def test_positions_of_the_key_pool_are_handed_out_once(store: Store) -> None:
    with store.work() as work:
        first = [work.accounts.next_key_position() for _ in range(2)]
    with store.work() as work:
        assert [*first, work.accounts.next_key_position()] == [0, 1, 2]


def test_mentions_of_a_person_can_be_forgotten(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol").person
        alice = add_person(work, ALICE)
        post = work.posts.add_stub(work.ids.guid("post"), carol)
        work.posts.mention([alice, carol], post=post)
        work.people.unmention(alice)
        assert work.posts.mentioned(post) == (carol,)


def test_times_are_kept_to_the_second(store: Store) -> None:
    profile = Profile(author=ALICE, edited_at=NOW + timedelta(milliseconds=700))
    with store.work() as work:
        alice = add_person(work, ALICE)
        work.people.set_profile(alice, profile)
        assert work.people.profile(alice).edited_at == NOW
