"""eve@peer.test becomes eva@mallory.test, and says so in every form that there is, right or wrong.

carol shares with eve, so pod1 knows her old key. No archive is imported: the messages are the
peer's own, sealed with keys that it has.

Clauses: DEC-4.1, DEC-4.3, DEC-4.4, DEC-4.10, DEC-4.16, DEC-4.17; protocol 9 row 28
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from harness import Account, Answer, Federation, Fixtures, Peer, PeerPerson
from scenarios.attacks import CANARY, brought, harmless, post
from scenarios.moves import Move

RETRY = timedelta(minutes=20)


GOOD: dict[str, Callable[[Move], bytes]] = {
    "rename with consent": lambda move: move.rename(consent=move.eva),
    "migration, old author": lambda move: move.migration(by=move.eve, signed_by=move.eva),
    "migration, new author": lambda move: move.migration(
        by=move.eva, signed_by=move.eve, old_identity=str(move.eve)
    ),
}


@pytest.mark.parametrize("form", GOOD)
@pytest.mark.parametrize("door", ["public", "private"])
def test_who_moves_with_both_keys_is_believed(
    federation: Federation, move: Move, carol: Account, form: str, door: str
) -> None:
    """Clauses: DEC-4.1, DEC-4.4, MOV-5.9b, MSG-03, MSG-06, MSG-10, MSG-16, MSG-23."""
    envelope = GOOD[form](move)
    for _ in range(3):  # the same again has no effect
        assert move.eve.peer.bring(envelope, carol if door == "private" else "pod1") == 202
    found = federation.settle()
    assert move.happened(found)
    assert list(found["pod1"].rows("account_migration")) == [str(move.eve)]
    assert set(carol.contacts()) & {"eve@peer", "eva@mallory"} == {"eva@mallory"}
    authors = {row["author"] for row in found["pod1"].rows("post").values()}
    assert {str(move.eve), str(move.eva)} & authors == {str(move.eva)}
    # carol tells the new home that she shares with eva.
    told = federation.peer("mallory.test").received("contact")
    assert {each.message.author for each in told} == {str(carol)}


BAD: dict[str, tuple[Callable[[Move, PeerPerson], bytes], str]] = {
    "no signature inside": (
        lambda move, _: move.migration(by=move.eve, signed_by=None),
        "Refused: AccountMigration of eve@peer.test: has no signature",
    ),
    "an empty signature inside": (
        lambda move, _: move.migration(by=move.eve, signed_by=""),
        "Refused: AccountMigration of eve@peer.test: has no signature",
    ),
    "rubbish for a signature inside": (
        lambda move, _: move.migration(by=move.eve, signed_by="bm8="),
        "Refused: AccountMigration of eve@peer.test: wrong signature",
    ),
    "no base64 for a signature inside": (
        lambda move, _: move.migration(by=move.eve, signed_by="no signature"),
        "Refused: AccountMigration of eve@peer.test: wrong signature",
    ),
    "signed inside by the old key, too": (
        lambda move, _: move.migration(by=move.eve, signed_by=move.eve),
        "Refused: AccountMigration of eve@peer.test: wrong signature",
    ),
    "signed inside by a third key": (
        lambda move, thief: move.migration(by=move.eve, signed_by=thief),
        "Refused: AccountMigration of eve@peer.test: wrong signature",
    ),
    "new author, no old one": (
        lambda move, _: move.migration(by=move.eva, signed_by=move.eve),
        "InvalidEntity: account_migration: old_identity: needed if the new identity is the author",
    ),
    "new author, signed by the new key": (
        lambda move, _: move.migration(by=move.eva, signed_by=move.eva, old_identity=str(move.eve)),
        "Refused: AccountMigration of eve@peer.test: wrong signature",
    ),
    "new author, rubbish for a signature": (
        lambda move, _: move.migration(by=move.eva, signed_by="bm8=", old_identity=str(move.eve)),
        "Refused: AccountMigration of eve@peer.test: wrong signature",
    ),
    "new author, no signature": (
        lambda move, _: move.migration(by=move.eva, signed_by=None, old_identity=str(move.eve)),
        "Refused: AccountMigration of eve@peer.test: has no signature",
    ),
    "rename with the consent of a third": (
        lambda move, thief: move.rename(consent=thief),
        "Refused: AccountRename of eve@peer.test: wrong signature",
    ),
    "rename sealed by the new key": (
        lambda move, _: move.rename(consent=move.eva, by=move.eva),
        "InvalidSender: AccountRename of eve@peer.test was sent by eva@mallory.test",
    ),
}


@pytest.mark.parametrize("way", BAD)
def test_who_lacks_a_key_moves_nobody(federation: Federation, move: Move, way: str) -> None:
    """Clauses: DEC-4.3, MSG-01, MSG-05, MSG-07, MSG-08; protocol 9 row 28."""
    peer, thief = move.eve.peer, move.eve.peer.nobody("thief")
    make, reason = BAD[way]
    make_known(federation, move)
    with harmless(federation, move.eve):
        assert brought(federation, peer, {way: make(move, thief)}, "pod1") == {way: reason}


def make_known(federation: Federation, move: Move) -> None:
    """pod1 knows eva before, so that nothing is new to it but the claim."""
    move.eva.send(post(move.eva, text="hello"), "pod1")
    federation.settle()


def test_nobody_becomes_themselves_or_somebody_here(
    federation: Federation, move: Move, carol: Account
) -> None:
    """Clauses: DEC-4.3, MSG-09."""
    eve, forger = move.eve, federation.forger
    hers = forger.identity(carol)
    bodies = {
        "herself": eve.seal(forger.rename(eve.identity, eve.identity, consent=eve.identity)),
        "herself, by the other form": Move(federation, eve, eve).migration(by=eve, signed_by=eve),
        "carol, by rubbish": eve.seal(
            eve.entity("account_migration", profile={"author": str(carol)}, signature="bm8=")
        ),
        "carol, without consent": eve.seal(forger.rename(eve.identity, hers, consent=None)),
        "carol, by the other form": eve.seal(
            eve.entity(
                "account_migration",
                profile={"author": str(carol)},
                signature=eve.signature_over(f"AccountMigration:{eve}:{carol}"),
            )
        ),
    }
    with harmless(federation, eve):
        answers = brought(federation, eve.peer, bodies, "pod1")
    assert answers == {
        "herself": "InvalidEntity: account_rename: the old and the new identity are the same",
        "herself, by the other form": "InvalidEntity: account_migration: old_identity: "
        "needed if the new identity is the author",
        "carol, by rubbish": f"Refused: AccountMigration of {eve}: wrong signature",
        "carol, without consent": f"Refused: {eve} to {carol}: that account did not import it",
        "carol, by the other form": f"Refused: AccountMigration of {eve}: wrong signature",
    }


@pytest.mark.parametrize("form", GOOD)
def test_a_new_home_that_does_not_answer_is_asked_again(
    federation: Federation, move: Move, form: str
) -> None:
    """Clauses: DEC-4.16, MSG-11."""
    new_home = federation.peer("mallory.test")
    finger = new_home.serve(
        move.eva.webfinger_path, Answer(status=503), Answer(body=move.eva.webfinger())
    )
    move.eve.peer.bring(GOOD[form](move), "pod1")
    assert not move.happened(federation.settle())
    federation.clock.advance(RETRY)
    assert move.happened(federation.settle())
    assert finger.times == 2


def test_a_move_of_somebody_unknown_leaves_nothing(
    federation: Federation, move: Move, peer: Peer
) -> None:
    """Clauses: DEC-4.16, MSG-12."""
    # pod1 has never heard of the ghost, and its pod does not present it.
    ghost = peer.nobody("ghost")
    peer.serve(ghost.webfinger_path, Answer(status=404))
    claims = Move(federation, ghost, move.eva)
    make_known(federation, move)
    with harmless(federation, move.eve):
        bodies = {
            "rename": claims.rename(consent=move.eva),
            "migration": claims.migration(by=ghost, signed_by=move.eva),
            "migration by the new": claims.migration(
                by=move.eva, signed_by=ghost, old_identity=str(ghost)
            ),
        }
        answers = brought(federation, peer, bodies, "pod1")
        for _ in range(12):  # as often as it is tried again, in case its pod is being repaired
            federation.settle()
            federation.clock.advance(timedelta(days=1))
    url = f"https://peer.test/.well-known/webfinger?resource=acct:{ghost}"
    assert answers == dict.fromkeys(bodies, f"Absent: {ghost}: {url} answers 404")


def test_the_profile_in_the_message_counts_if_it_is_newer(
    federation: Federation, move: Move
) -> None:
    """Clauses: DEC-4.17, MSG-13."""
    make_known(federation, move)
    profile = move.eva.entity(
        "profile", first_name="Before", edited_at="2026-01-05T08:00:00Z", public=True
    )
    move.eva.send(profile, "pod1")
    federation.settle()
    move.eve.peer.bring(move.migration(by=move.eve, signed_by=move.eva), "pod1")
    known = federation.settle()["pod1"].rows("profile")[str(move.eva)]
    assert known["first_name"] == "Eva"


def test_after_the_move_the_old_key_opens_nothing(
    federation: Federation, move: Move, carol: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.15, DEC-4.4, SEC-06, MSG-15; protocol 9 row 27, row 28."""
    eve, eva = move.eve, move.eva
    other = federation.peer("mallory.test").person("mia")
    first = move.rename(consent=eva)
    eve.peer.bring(first, "pod1")
    assert move.happened(federation.settle())
    elsewhere = federation.forger.rename(eve.identity, other.identity, consent=other.identity)
    parent = fixtures.posts["carol_public"].guid
    contact = eve.entity("contact", recipient=str(carol), following=True, sharing=True)
    bodies = {
        "a post": eve.seal(post(eve)),
        "a comment": eve.seal(
            eve.signed("comment", guid=eve.peer.new_guid(), parent_guid=parent, text=CANARY)
        ),
        "a profile": eve.seal(eve.entity("profile", first_name="Thief", public=True)),
        "a second move": eve.seal(elsewhere),
        "a deletion": eve.seal(eve.entity("account_deletion")),
    }
    with harmless(federation, eva):
        answers = brought(federation, eve.peer, bodies, "pod1")
        private = {"a contact": eve.peer.encrypted(eve.seal(contact), carol)}
        answers |= brought(federation, eve.peer, private, carol)
        eve.peer.bring(first, "pod1")  # the same again is no harm
    closed = f"InvalidSender: {eve} is closed and says nothing any more"
    assert answers == dict.fromkeys((*bodies, "a contact"), closed) | {
        "a second move": f"SecondMove: {eve} has moved to {eva}, so not to {other}; "
        "if both are signed, the old key may be stolen"
    }


def test_a_rename_that_a_third_pod_serves_counts_only_with_its_signatures(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-4.3, OLD-4.5, SEC-09, SEC-10."""
    third = federation.peer("mallory.test")
    thief, forger, target = third.person("thief"), federation.forger, f"/fetch/account_rename/{eve}"
    lie = forger.rename(eve.identity, thief.identity, consent=thief.identity)
    carol.look_up(str(thief))
    # Somebody has taken over eve's host name, or a cache before it, but not her key.
    peer.serve(eve.webfinger_path, Answer.redirect(f"https://mallory.test{thief.webfinger_path}"))
    peer.serve(target, Answer.redirect(f"https://mallory.test{target}"))
    for envelope in (thief.seal(lie), thief.seal_as(eve, lie), b"<nothing/>"):
        third.serve(target, Answer(body=envelope))
        with harmless(federation, eve):
            assert carol.look_up(str(eve)) is None


@pytest.mark.parametrize("status", [500, 404, 301])
def test_who_does_not_take_the_message_is_told_again_by_the_schedule(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account, status: int
) -> None:
    """Clauses: DEC-4.10, MSG-20."""
    no = Answer(status=status, headers=(("Location", "https://mallory.test/receive/public"),))
    taken = peer.accept("contact", "profile", answers=(no, no, no, no, Answer(status=202)))
    carol.share(eve.diaspora_id, aspect="friends")
    counted = []
    for _ in range(4):
        federation.settle()
        counted.append(taken.times)
        federation.clock.advance(RETRY)
    assert counted == [2, 4, 6, 6]
    assert federation.quiet is not None
    assert federation.quiet.sleeping == {}
