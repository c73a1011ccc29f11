"""What a move makes possible that was not before: circles, chains said again, old names borrowed.

eve@peer.test has become eva@mallory.test, with both keys; pod1 believes it.

Clauses: DEC-4.4, DEC-4.5; protocol 9 rows 7, 26, 28
"""

from harness import Account, Federation, Fixtures, Peer, PeerPerson
from scenarios.attacks import CANARY, brought, harmless, post
from scenarios.moves import Move


def test_moves_in_a_circle_end_where_they_began(federation: Federation, move: Move) -> None:
    """Clauses: DEC-4.5; protocol 9 row 28."""
    back = Move(federation, move.eva, move.eve)
    move.eve.peer.bring(move.rename(consent=move.eva), "pod1")
    assert move.happened(federation.settle())
    with harmless(federation, move.eva):
        bodies = {
            "rename": back.rename(consent=move.eve),
            "migration": back.migration(by=move.eva, signed_by=move.eve),
        }
        answers = brought(federation, move.eva.peer, bodies, "pod1")
    circle = f"Conflict: {move.eva} to {move.eve}: the moves would make a circle"
    assert answers == dict.fromkeys(bodies, circle)


def test_the_moves_of_a_chain_that_are_said_again_change_nothing(
    federation: Federation, move: Move
) -> None:
    """Clauses: DEC-4.4, DEC-4.5, SEC-08; protocol 9 row 7."""
    mia = move.eva.peer.person("mia", first_name="Mia")
    onward = Move(federation, move.eva, mia)
    first, second = move.rename(consent=move.eva), onward.rename(consent=mia)
    for envelope in (first, second):
        move.eve.peer.bring(envelope, "pod1")
        federation.settle()
    with harmless(federation, mia):
        for envelope in (first, second, second, first):
            move.eve.peer.bring(envelope, "pod1")
    assert federation.settle()["pod1"].newest(str(move.eve)) == str(mia)


def test_nobody_borrows_the_name_of_somebody_who_moved(
    federation: Federation, peer: Peer, move: Move, carol: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.2, DEC-2.5, SEC-12; protocol 9 row 26."""
    eve, eva, ann = move.eve, move.eva, peer.person("ann")
    mine, parent = peer.new_guid(), fixtures.posts["carol_public"].guid
    eve.send(eve.signed("comment", guid=mine, parent_guid=parent, text="mine"), "pod1")
    carol.look_up(str(ann))
    peer.bring(move.rename(consent=eva), "pod1")
    assert federation.settle()["pod1"].rows("comment")[mine]["author"] == str(eva)

    def comment(by: PeerPerson, author: PeerPerson) -> str:
        fields = {"guid": peer.new_guid(), "parent_guid": parent, "text": CANARY}
        return by.signed("comment", author=str(author), **fields)

    retraction = ann.entity("retraction", target_guid=mine, target_type="Comment")
    with harmless(federation, eva):
        bodies = {
            "a comment by the old name": ann.seal(comment(ann, eve)),
            "a comment by the new name": ann.seal(comment(ann, eva)),
            "a post by the old name": ann.seal(post(ann, author=str(eve))),
            "a retraction": ann.seal(retraction),
            "a retraction with the old key": eve.seal(retraction),
            "a post with the old key for the new name": eve.seal_as(eva, post(eva)),
        }
        answers = brought(federation, peer, bodies, "pod1")
    assert {name: answer.partition(": ")[0] for name, answer in answers.items()} == (
        dict.fromkeys(bodies, "InvalidSender")
        | {"a post with the old key for the new name": "BadSignature"}
    )
    assert answers["a retraction"] == f"InvalidSender: {ann} may not retract Comment {mine}"

    # Whoever she is now, she may take back what she said before.
    eva.send(eva.entity("retraction", target_guid=mine, target_type="Comment"), "pod1")
    assert mine not in federation.settle()["pod1"].rows("comment")
