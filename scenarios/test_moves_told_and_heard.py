"""How a move gets to whom it concerns: again after a failure, ten times at once, with a profile.

Clauses: DEC-4.1, DEC-4.4, DEC-4.10, DEC-4.17
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from harness import Account, Answer, CanHearOctets, CanMigrate, Federation, Gate, Peer, PeerPerson
from scenarios.moves import Move

RETRY = timedelta(minutes=20)
MANY = 10


@pytest.mark.parametrize("many", [1, MANY])
def test_the_seeds_form_moves_a_person_once_and_brings_the_profile(
    federation: Federation, move: Move, many: int
) -> None:
    """Clauses: DEC-4.1, DEC-4.4, DEC-4.17, MSG-02, MSG-04, MSG-14."""
    envelope = move.rename(consent=move.eva)
    for _ in range(many):
        assert move.eve.peer.bring(envelope, "pod1") == 202
    found = federation.settle()
    assert move.happened(found)
    assert list(found["pod1"].rows("account_migration")) == [str(move.eve)]
    assert found["pod1"].rows("profile")[str(move.eva)]["first_name"] == "Somebody"
    told = federation.peer("mallory.test").received("contact")
    assert len(told) == 1


@pytest.mark.needs.with_args(CanHearOctets)  # whose pods take several messages at once
def test_a_move_that_comes_ten_times_at_once_happens_once(
    federation: Federation, move: Move
) -> None:
    """Clauses: DEC-4.4, MSG-14."""
    envelope = move.rename(consent=move.eva)
    with ThreadPoolExecutor(MANY) as crowd:
        said = [crowd.submit(move.eve.peer.bring, envelope, "pod1") for _ in range(MANY)]
    assert [each.result() for each in said] == [202] * MANY
    found = federation.settle()
    assert move.happened(found)
    assert list(found["pod1"].rows("account_migration")) == [str(move.eve)]
    assert len(federation.peer("mallory.test").received("contact")) == 1


@pytest.mark.needs.with_args(CanMigrate)
@pytest.mark.parametrize("status", [500, 404, 301])
def test_who_does_not_take_the_news_of_a_move_is_told_again_by_the_schedule(
    federation: Federation, gate: Gate, peer: Peer, eve: PeerPerson, carol: Account, status: int
) -> None:
    """Clauses: DEC-4.10, MSG-20."""
    elsewhere = (("Location", "https://mallory.test/receive/public"),)
    no = Answer(status=status, headers=elsewhere)
    mallory = federation.peer("mallory.test")
    peer.accept("contact", "profile")
    carol.share(eve.diaspora_id, aspect="friends")
    federation.settle()
    taken = peer.accept("account migration", answers=(no, no, Answer(status=202)))
    federation["pod2"].import_archive(carol.export_archive(), "christy")
    counted = []
    for _ in range(4):
        federation.settle()
        counted.append(taken.times)
        federation.clock.advance(RETRY)
    assert counted == [1, 2, 3, 3]
    assert federation.quiet is not None
    assert federation.quiet.sleeping == {}
    assert mallory.undeclared == ()
    news = gate.wiretap.messages(entity="account migration", to="peer")
    assert [each.status for each in news] == [status, status, 202]
