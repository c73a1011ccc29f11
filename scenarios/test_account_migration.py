"""carol moves house: carol@pod1 becomes christy@pod2, and every pod follows.

pod1 is her old home, where her friend debora lives; pod2 the new one, where alice lives and an
unrelated carol occupies the name; on pod3 live bob, and fay, who follows carol without being
followed. On pod4 dave has looked at carol's profile and nothing more, so nobody tells pod4.
"""

from datetime import timedelta

import pytest

from harness import Account, CanMigrate, Federation, Fixtures, Gate, Refused, disagreements

pytestmark = pytest.mark.needs.with_args(CanMigrate)

SCHEDULED = (
    "Your account migration has been scheduled. You’ll be emailed once your account is available"
)
AVAILABLE = "Your account is available"
EVERYWHERE = dict.fromkeys(("pod1", "pod2", "pod3", "pod4"), "christy@pod2")
ALL_BUT_POD4 = EVERYWHERE | {"pod4": "carol@pod1"}
TOLD = ("pod1", "pod2", "pod3")


def test_the_name_carol_is_occupied_on_pod2_so_she_becomes_christy_as_a_mail_says(
    federation: Federation, carol: Account
) -> None:
    """Clauses: DEF-2.7, DEF-2.15b, DEF-2.18, DEF-2.19a, DEF-2.21, ARC-3.16, FED-4.1, MOV-5.1,
    MOV-5.4, MOV-5.5b, MOV-5.6a, MOV-5.10, MOV-5.11a, WIZ-6.1, WIZ-6.5, WIZ-6.8a, WIZ-6.10a,
    WIZ-6.12, INT-7.5a, BEH-8.7, BEH-8.8, BEH-8.9, DEC-6.6.
    """
    wizard = federation["pod2"].begin_import(carol.export_archive())
    assert not wizard.username_available
    with pytest.raises(Refused, match="carol is taken"):  # by which the archive is not lost
        wizard.confirm("carol", email=carol.email, password="a new password")
    assert federation.mail.messages(to=carol.email) == ()
    christy = wizard.confirm("christy", email=carol.email, password="a new password")
    assert wizard.told == SCHEDULED
    assert federation.settle().known_as(carol) == ALL_BUT_POD4
    assert wizard.status()["state"] == "done"

    (mail,) = federation.mail.messages(to=carol.email)
    assert (mail.subject, "christy@pod2.test" in mail.text) == (AVAILABLE, True)
    christy.log_in()
    with pytest.raises(Refused, match="christy@pod2"):
        carol.log_in()


def test_her_contacts_have_christy_in_the_place_of_carol(
    federation: Federation, carol: Account, friends: tuple[Account, ...]
) -> None:
    """Clauses: DEF-2.4, DEF-2.17a, DEF-2.17b, ARC-3.4, ARC-3.8d, ARC-3.8e, FED-4.2, MOV-5.9b,
    IMP-6.2, IMP-6.8, BEH-8.10a, BEH-8.10b.
    """
    before = [friend.contacts() for friend in friends]
    her_own = carol.contacts()
    assert all("carol@pod1" in contacts for contacts in before)

    christy = federation["pod2"].import_archive(carol.export_archive(), "christy")
    federation.settle()

    # The same people in the same aspects, sharing in the same directions: only the name differs.
    for friend, contacts in zip(friends, before, strict=True):
        found = friend.contacts()
        as_before = contacts.pop("carol@pod1")
        assert found.pop("christy@pod2") == {**as_before, "diaspora_id": "christy@pod2.test"}
        assert found == contacts
    assert christy.contacts() == her_own
    assert christy.aspects() == ("friends", "family", "work")


def test_all_that_carol_made_is_by_christy_on_every_pod(
    federation: Federation, carol: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEF-2.5, DEF-2.15b, DEF-2.17b, DEF-2.20, DEF-2.21, ARC-3.2, ARC-3.3a, ARC-3.3b,
    ARC-3.7a, ARC-3.8g, ARC-3.8h, ARC-3.8j, ARC-3.9b, FED-4.2, FED-4.6, FED-4.9, MOV-5.7a,
    MOV-5.7d, MOV-5.8, MOV-5.9b, MOV-5.9c, REC-6.1a, REC-6.1b, REC-6.5, IMP-6.3a, IMP-6.9, TST-8.2,
    TST-8.3, TST-8.4, TST-8.5, TST-8.7, TST-8.11, BEH-8.8, BEH-8.11, CMP-8.1, CMP-8.2, CMP-8.3,
    CMP-8.4b, DEC-6.6.
    """
    before = federation.settle().made_by(carol)
    christy = federation["pod2"].import_archive(carol.export_archive(), "christy")
    moved = federation.settle()

    # The new home has it all, but for what she said under a post that is none of its business.
    unknown_on_pod2 = {fixtures.comments["carol_on_debora_limited"]}
    assert moved.made_by(christy) == before | {"pod2": before["pod1"] - unknown_on_pod2}
    assert moved.made_by("carol@pod1") == {}
    assert not disagreements(moved, except_on=["pod4"])


def test_old_public_discussions_go_on(
    federation: Federation,
    christy: Account,
    debora: Account,
    alice: Account,
    bob: Account,
    fixtures: Fixtures,
) -> None:
    """Clauses: DEF-2.25, BEH-8.12a, BEH-8.12b, BEH-8.12c."""
    hers, bobs = fixtures.posts["carol_public"], fixtures.posts["bob_public"]
    under_hers = [who.comment(hers, "Still here?") for who in (debora, alice, bob, christy)]
    under_hers.append(christy.like(hers))
    under_bobs = [who.comment(bobs, "And here?") for who in (christy, alice)]
    quiet = federation.settle()

    assert [quiet.holding(each) for each in under_hers] == [TOLD] * 5
    assert quiet.author_of(under_hers[0]) == dict.fromkeys(TOLD, "debora@pod1")
    assert quiet.author_of(under_hers[3]) == dict.fromkeys(TOLD, "christy@pod2")
    # On pod1, which carol has left, nobody is left to whom bob's post goes.
    assert [quiet.holding(each) for each in under_bobs] == [("pod2", "pod3")] * 2
    # All read the same, the old and the new.
    assert [who.reads(hers) for who in (debora, alice, bob)] == [christy.reads(hers)] * 3
    assert [who.reads(bobs) for who in (alice, bob)] == [christy.reads(bobs)] * 2
    assert christy.reads(hers) > {("bob@pod3", "Still here?"), ("christy@pod2", "Still here?")}
    assert not disagreements(quiet, except_on=["pod4"])


def test_old_limited_discussions_go_on_among_the_same_people(
    federation: Federation,
    christy: Account,
    debora: Account,
    alice: Account,
    bob: Account,
    fixtures: Fixtures,
) -> None:
    """Clauses: DEF-2.25, ARC-3.4, IMP-6.3b, BEH-8.12a, BEH-8.12b, BEH-8.12c, DEC-3.1, SEC-14."""
    friends = fixtures.posts["carol_limited_friends"]  # debora and alice
    family = fixtures.posts["carol_limited_family"]  # debora and bob
    assert [who.sees(friends) for who in (christy, debora, alice, bob)] == [True, True, True, False]
    assert [who.sees(family) for who in (christy, debora, alice, bob)] == [True, True, False, True]

    among_friends = [who.comment(friends, "Hush") for who in (debora, alice, christy)]
    in_the_family = [who.comment(family, "Home") for who in (debora, bob, christy)]
    on_alices = christy.comment(fixtures.posts["alice_limited_choir"], "I live next door now")
    anew = christy.post("Only for friends, as ever", to="friends")
    quiet = federation.settle()

    assert [quiet.holding(each) for each in among_friends] == [("pod1", "pod2")] * 3
    assert [quiet.holding(each) for each in in_the_family] == [TOLD] * 3
    assert quiet.holding(on_alices) == ("pod2", "pod3")
    assert quiet.holding(anew) == ("pod1", "pod2")
    assert [who.sees(anew) for who in (debora, alice, bob)] == [True, True, False]
    assert christy.reads(friends) == debora.reads(friends) == alice.reads(friends)
    assert christy.reads(family) == debora.reads(family) == bob.reads(family)
    assert christy.reads(family) > {("bob@pod3", "Home"), ("christy@pod2", "Home")}
    assert not disagreements(quiet, except_on=["pod4"])


def test_conversations_polls_and_mentions_go_on(
    federation: Federation,
    christy: Account,
    debora: Account,
    alice: Account,
    bob: Account,
    fay: Account,
    fixtures: Fixtures,
) -> None:
    """Clauses: ARC-3.4, FED-4.2, BEH-8.11, BEH-8.12a, BEH-8.12b, BEH-8.12c, DEC-3.1."""
    talk = fixtures.conversations["carol_alice_bob_debora"]
    said = [who.reply(talk, "I am still with you") for who in (christy, alice, bob, debora)]
    poll = fixtures.posts["carol_public_poll"]
    vote = fay.vote(poll, (fay.view(poll) or {})["poll"]["answers"][0]["answer"])
    shared = alice.reshare(fixtures.posts["carol_public"])
    to_new = bob.post("Good luck, @{christy; christy@pod2.test}!")
    to_old = debora.post("Gone is @{carol; carol@pod1.test}.")
    quiet = federation.settle()

    assert [quiet.holding(each) for each in said] == [TOLD] * 4
    assert [who.reads(talk) for who in (alice, bob, debora)] == [christy.reads(talk)] * 3
    assert christy.reads(talk) > {("bob@pod3", "I am still with you")}
    assert quiet.holding(vote) == TOLD
    assert quiet.holding(shared) == ("pod2", "pod3")  # where alice has contacts
    for post in (to_new, to_old):
        assert set(quiet.mentioned_in(post).values()) == {frozenset({"christy@pod2"})}
    assert not disagreements(quiet, except_on=["pod4"])


def test_pod4_was_never_told_and_learns_of_the_move_by_writing_to_the_old_address(
    federation: Federation, gate: Gate, carol: Account, christy: Account, dave: Account
) -> None:
    """Clauses: FED-4.7, OLD-4.11, TST-8.8c, BEH-8.13, BEH-8.14, BEH-8.15, DEC-4.7."""
    # Nobody had a reason to tell pod4, and nothing changes by itself.
    assert gate.wiretap.messages(entity="account migration", to="pod4") == ()
    assert federation.settle().known_as(carol) == ALL_BUT_POD4

    # dave starts to share with carol: pod1 answers with the rename, and keeps nothing.
    dave.share(carol, aspect="people I follow")
    told = federation.settle()

    answers = gate.wiretap.messages(entity="account migration", to="pod4")
    assert [answer.sender for answer in answers] == ["pod1"]
    assert told.known_as(carol) == EVERYWHERE
    assert christy.contacts()["dave@pod4"]["sharing"]  # said again, to christy
    assert dave.contacts().keys() == {"christy@pod2"}
    assert not disagreements(told)


def test_pod4_was_told_but_the_message_is_lost(
    federation: Federation, gate: Gate, carol: Account, dave: Account
) -> None:
    """Clauses: FED-4.4, OLD-4.11, MOV-5.9a, REC-6.2, TST-8.8c, BEH-8.13, BEH-8.14, BEH-8.15,
    CMP-8.4b, DEC-4.6, DEC-4.7.
    """
    dave.share(carol, aspect="people I follow")  # now there is a reason to tell pod4
    federation.settle()

    with gate.losing("account migration", to="pod4"):
        christy = federation["pod2"].import_archive(carol.export_archive(), "christy")
        half_moved = federation.settle()
    lost = gate.wiretap.messages(entity="account migration", to="pod4", verdict="lost")
    assert [message.sender for message in lost] == ["pod2"]
    assert half_moved.known_as(carol) == ALL_BUT_POD4

    federation.clock.advance(timedelta(days=1))  # it was acknowledged: nobody sends it again
    assert federation.settle().known_as(carol) == ALL_BUT_POD4

    # dave writes to the old address. pod1 answers with the rename, and keeps nothing.
    written = dave.message(carol, "Are you still there?")
    told = federation.settle()
    answers = gate.wiretap.messages(entity="account migration", to="pod4", verdict="passed")
    assert [answer.sender for answer in answers] == ["pod1"]
    assert told.known_as(carol) == EVERYWHERE

    # Healed, pod4 has sent dave's message again, to christy: nothing he wrote is lost.
    assert told.author_of(written) == {"pod2": "dave@pod4", "pod4": "dave@pod4"}
    assert christy.sees(written)
    assert christy.contacts()["dave@pod4"]["sharing"]
    assert not disagreements(told)


def test_pod4_refuses_the_message_and_is_answered_before_it_is_told_again(
    federation: Federation, gate: Gate, carol: Account, dave: Account
) -> None:
    """Clauses: DEF-2.14b, OLD-4.11, BEH-8.13, BEH-8.14, BEH-8.15, DEC-4.7, DEC-4.10."""
    dave.share(carol, aspect="people I follow")
    federation.settle()
    with gate.refusing("account migration", to="pod4"):
        christy = federation["pod2"].import_archive(carol.export_archive(), "christy")
        assert federation.settle().known_as(carol) == ALL_BUT_POD4

    # The fault is over; pod2 tries again by its schedule, but dave is faster.
    assert federation.settle().known_as(carol) == ALL_BUT_POD4
    written = dave.message(carol, "Why so silent?")
    assert federation.settle().known_as(carol) == EVERYWHERE
    assert christy.sees(written)
    federation.clock.advance(timedelta(minutes=10))

    # dave follows her; what she says to friends is none of his business all the same.
    among_friends = christy.post("Only for friends", to="friends")
    told = federation.settle()
    answers = gate.wiretap.messages(entity="account migration", to="pod4", verdict="passed")
    assert [answer.sender for answer in answers] == ["pod1", "pod2"]
    assert told.holding(among_friends) == ("pod1", "pod2")
    assert not disagreements(told)


def test_dave_joins_a_discussion_under_a_public_post_of_christys(
    federation: Federation, christy: Account, healed_dave: Account, fixtures: Fixtures
) -> None:
    """Clauses: BEH-8.16a, BEH-8.16b."""
    # He pastes the post's address into the search; an old one of hers, and a new one.
    old, new = fixtures.posts["carol_public"], christy.post("Hello from pod2!")
    federation.settle()
    healed_dave.look_up(christy.address_of(old))
    healed_dave.look_up(christy.link_to(new))
    federation.settle()
    said = [healed_dave.comment(old, "At last"), healed_dave.comment(new, "Hello, pod2!")]
    joined = federation.settle()

    for comment in said:
        assert joined.author_of(comment) == dict.fromkeys(joined, "dave@pod4")

    answer = christy.comment(old, "Welcome")
    assert federation.settle().holding(answer) == ("pod1", "pod2", "pod3", "pod4")
    assert not disagreements(federation.settle())


def test_dave_joins_a_discussion_in_which_christy_takes_part(
    federation: Federation,
    christy: Account,
    bob: Account,
    healed_dave: Account,
    fixtures: Fixtures,
) -> None:
    """Clauses: BEH-8.17a, BEH-8.17b."""
    bobs = fixtures.posts["bob_public"]  # carol has commented on it, and liked it
    healed_dave.look_up(bob.link_to(bobs))
    federation.settle()
    said = healed_dave.comment(bobs, "May I?")
    joined = federation.settle()

    assert joined.author_of(said) == dict.fromkeys(("pod2", "pod3", "pod4"), "dave@pod4")
    assert "dave@pod4.test" in {each["author"] for each in (christy.view(bobs) or {})["comments"]}

    answer = christy.comment(bobs, "You may")
    told = federation.settle()
    assert told.author_of(answer) == dict.fromkeys(("pod2", "pod3", "pod4"), "christy@pod2")
    assert not disagreements(told)
