"""A pod that missed a rename learns of it on first contact, whatever that contact is.

The headline (`test_account_migration`) tells of a sharing request and of a private message; here
are the other ways in which pod4 may come to address carol@pod1, who has become christy@pod2.

Clauses: REC-6.2, OLD-4.11, TST-8.8c
"""

from datetime import timedelta

import pytest

from harness import Account, CanMigrate, Federation, Fixtures, Gate, disagreements

pytestmark = pytest.mark.needs.with_args(CanMigrate)

EVERYWHERE = dict.fromkeys(("pod1", "pod2", "pod3", "pod4"), "christy@pod2")
ALL_BUT_POD4 = EVERYWHERE | {"pod4": "carol@pod1"}


def test_dave_comments_before_pod4_has_heard_and_it_arrives_all_the_same(
    federation: Federation, carol: Account, dave: Account, fixtures: Fixtures
) -> None:
    """Clauses: FED-4.6, FED-4.8, OLD-4.11, TST-8.8c, BEH-8.14, BEH-8.15, DEC-4.7."""
    post = fixtures.posts["carol_public"]
    dave.look_up(carol.address_of(post))
    federation.settle()
    # What he subscribed to by looking at the post tells pod4 of the move, but for the loss.
    with federation.gate.losing("account migration", to="pod4"):
        christy = federation["pod2"].import_archive(carol.export_archive(), "christy")
        assert federation.settle().known_as(carol) == ALL_BUT_POD4

    said = dave.comment(post, "Is this still yours?")
    told = federation.settle()
    assert told.known_as(carol) == EVERYWHERE
    assert told.author_of(said) == dict.fromkeys(told, "dave@pod4")
    assert told.author_of(post) == EVERYWHERE
    assert christy.sees(post)
    assert not disagreements(told)


def test_dave_finds_christy_when_he_searches_for_carol(
    federation: Federation, carol: Account, christy: Account, dave: Account
) -> None:
    """Clauses: OLD-4.1, OLD-4.3a, OLD-4.6, OLD-4.8a, REC-6.2, TST-8.8a, TST-8.8b."""
    assert dave.look_up(carol) == christy.diaspora_id
    told = federation.settle()
    fetches = federation.gate.wiretap.exchanges(route="fetch")
    assert [each.recipient for each in fetches if each.sender == "pod4"] == ["pod1"]
    assert told.known_as(carol) == EVERYWHERE
    assert not disagreements(told)


def test_pod4_refuses_the_message_and_is_told_by_the_retry(
    federation: Federation, gate: Gate, carol: Account, dave: Account
) -> None:
    """Clauses: DEF-2.14b, REC-6.1d, BEH-8.13, DEC-4.10, MSG-19."""
    dave.share(carol, aspect="people I follow")
    federation.settle()
    with gate.refusing("account migration", to="pod4"):
        federation["pod2"].import_archive(carol.export_archive(), "christy")
        assert federation.settle().known_as(carol) == ALL_BUT_POD4
    federation.clock.advance(timedelta(minutes=10))

    told = federation.settle()
    assert told.known_as(carol) == EVERYWHERE
    # Each pod has recorded the move, and when it was told.
    moves = {pod: told[pod].rows("account_migration")["carol@pod1.test"] for pod in told}
    times = {pod: move.text("created_at") for pod, move in moves.items()}
    assert "" < times["pod1"] < times["pod4"]
    assert not disagreements(told)
