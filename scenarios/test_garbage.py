"""A pod answers garbage: rubbish where a document, a card or a message should be.

Whoever asked it stays healthy, believes nothing of it, says so, and asks again later.

Clauses: DEC-4.13
"""

from datetime import timedelta

import pytest

from harness import (
    Account,
    CanMigrate,
    Federation,
    Fixtures,
    Gate,
    PodName,
    Refused,
    disagreements,
)

pytestmark = pytest.mark.needs.with_args(CanMigrate)

RUBBISH = {
    "bytes": bytes(range(256)),
    "nothing": b"",
    "page": b"<!DOCTYPE html><html><body>Welcome to the hotel's Wi-Fi</body></html>",
    "JSON": b'{"subject": [1, {"links": "none"}]}',
    "XML": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>',
    "envelope": b'<me:env xmlns:me="http://salmon-protocol.org/ns/magic-env"/>',
}
garbage = pytest.mark.parametrize("rubbish", RUBBISH.values(), ids=RUBBISH)


@garbage
def test_a_search_that_is_answered_garbage_finds_nothing_and_later_what_is_there(
    federation: Federation,
    gate: Gate,
    bob: Account,
    dave: Account,
    fixtures: Fixtures,
    rubbish: bytes,
) -> None:
    before = federation.settle()
    post = fixtures.posts["bob_public"]
    with gate.garbling("pod3", rubbish):
        for what in (str(bob), bob.address_of(post), bob.link_to(post)):
            with pytest.raises(Refused, match="503"):
                dave.look_up(what)
        assert federation.settle() == before

    assert (dave.look_up(bob), dave.look_up(bob.address_of(post))) == (bob.diaspora_id, post)
    assert not disagreements(federation.settle())


def test_what_somebody_unknown_says_waits_until_the_home_pod_makes_sense(
    federation: Federation, gate: Gate, bob: Account, dave: Account
) -> None:
    with gate.garbling("pod4", RUBBISH["page"]):
        dave.share(bob, aspect="people I follow")
        kept_back = federation.settle()
        assert "dave@pod4" not in bob.contacts()
        assert kept_back.known_as(dave) == {"pod4": "dave@pod4"}
        assert federation.quiet is not None
        assert federation.quiet.sleeping == {"pod3": 2}  # the contact, and his profile

    federation.clock.advance(timedelta(minutes=10))
    federation.settle()
    assert bob.contacts()["dave@pod4"]["sharing"]
    assert not disagreements(federation.settle())


@pytest.mark.parametrize("silly", ["pod1", "pod3"])
def test_a_move_succeeds_although_a_pod_answers_garbage(
    federation: Federation, gate: Gate, carol: Account, silly: PodName
) -> None:
    archive, contacts = carol.export_archive(), carol.contacts()
    with gate.garbling(silly, RUBBISH["bytes"]):
        christy = federation["pod2"].import_archive(archive, "christy")
        federation.settle()
    for delay in (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)):
        federation.clock.advance(delay)
        federation.settle()

    moved = federation.settle()
    assert moved.known_as(carol) == dict.fromkeys(("pod1", "pod2", "pod3"), "christy@pod2") | {
        "pod4": "carol@pod1"
    }
    assert christy.contacts() == contacts
    assert not disagreements(moved, except_on=["pod4"])
