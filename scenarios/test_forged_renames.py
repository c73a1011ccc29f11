"""mallory on pod3 wants to be somebody else, or somebody else to be him.

Whatever he sends, sealed with keys that he has and keys that he has stolen: no pod moves anybody
without the consent of both identities, and each says in its log why it did not.

Clauses: DEF-2.11, DEF-2.18, FED-4.3a, FED-4.5a, FED-4.5b, REC-6.4, DEC-4.3, DEC-4.4
"""

from datetime import timedelta

import pytest

from harness import Account, CanMigrate, Federation, PodName

pytestmark = pytest.mark.needs.with_args(CanMigrate)

AT_HOME: tuple[PodName, ...] = ("pod1", "pod2", "pod3")  # where carol and her friends live
ACCEPTED = dict.fromkeys(AT_HOME, 202)
RETRIES = (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1), timedelta(days=3))


def refusals(federation: Federation) -> dict[PodName, list[str]]:
    """Why each pod has refused messages, as its log says."""
    lines = {pod: federation[pod].log().splitlines() for pod in AT_HOME}
    return {
        pod: [line.partition("reason=")[2] for line in said if "event=dropped" in line]
        for pod, said in lines.items()
    }


def sent(federation: Federation, envelope: bytes) -> dict[PodName, list[str]]:
    """Send an envelope, let everybody work; what the pods say to it, one by one."""
    before = refusals(federation)
    assert federation.forger.send(envelope, to=AT_HOME, via="pod3") == ACCEPTED
    federation.settle()
    return {pod: said[len(before[pod]) :] for pod, said in refusals(federation).items()}


def waiting(federation: Federation) -> dict[PodName, int]:
    """How much each pod will try again later."""
    return federation.quiet.sleeping if federation.quiet else {}


@pytest.fixture(autouse=True)
def known(alice: Account, mallory: Account) -> None:
    """All three pods know mallory before he begins."""
    alice.look_up(mallory)


def everywhere(*reasons: str) -> dict[PodName, list[str]]:
    """The same answer on each of the pods."""
    return {pod: list(reasons) for pod in AT_HOME}


def test_a_rename_that_is_not_sealed_by_who_moves_is_refused(
    federation: Federation, carol: Account, mallory: Account
) -> None:
    """Clauses: DEF-2.10b, FED-4.5a, DEC-4.3, MSG-08."""
    before, forger = federation.settle(), federation.forger
    his, hers = forger.identity(mallory), forger.identity(carol)
    claim = forger.rename(hers, his, consent=his)

    in_her_name = forger.seal(claim, hers.with_key_of(his))
    assert sent(federation, in_her_name) == everywhere(
        "BadSignature: envelope of carol@pod1.test: wrong signature"
    )
    in_his_own = forger.seal(claim, his)
    assert sent(federation, in_his_own) == everywhere(
        "InvalidSender: AccountRename of carol@pod1.test was sent by mallory@pod3.test"
    )
    assert federation.settle() == before


def test_nobody_becomes_somebody_who_did_not_agree(
    federation: Federation, alice: Account, mallory: Account
) -> None:
    """Clauses: DEF-2.11, DEF-2.18, FED-4.5b, FED-4.5d, DEC-4.3, MSG-09."""
    before, forger = federation.settle(), federation.forger
    his, hers = forger.identity(mallory), forger.identity(alice)

    # He says that he is alice now, so that all he wrote becomes hers. He signs that for her.
    signed_by_him = forger.seal(forger.rename(his, hers, consent=his), his)
    assert sent(federation, signed_by_him) == everywhere(
        "Refused: AccountRename of mallory@pod3.test: wrong signature"
    )
    # With a key of his own for her, the signature is right, but the key is known not to be hers.
    spare = forger.stranger(hers.diaspora_id, hers.guid)
    with_his_key = forger.seal(forger.rename(his, spare, consent=spare), his)
    assert sent(federation, with_his_key) == everywhere(
        "Conflict: account_rename to alice@pod2.test: that ID has another GUID, key or pod"
    )
    assert federation.settle() == before


def test_a_rename_without_consent_is_kept_back_and_given_up(
    federation: Federation, alice: Account, mallory: Account
) -> None:
    before, forger = federation.settle(), federation.forger
    his, hers = forger.identity(mallory), forger.identity(alice)

    # Unsigned, her home has to serve the same. Elsewhere it is kept back; at her home it is known
    # that she did not import anything.
    envelope = forger.seal(forger.rename(his, hers, consent=None), his)
    assert sent(federation, envelope) == everywhere() | {
        "pod2": ["Refused: mallory@pod3.test to alice@pod2.test: that account did not import it"]
    }
    assert waiting(federation) == {"pod1": 1, "pod3": 1}
    for delay in RETRIES:
        federation.clock.advance(delay)
        assert federation.settle() == before
    assert waiting(federation) == {}


def test_renames_that_are_sent_again_have_no_effect(
    federation: Federation, carol: Account, christy: Account, mallory: Account
) -> None:
    """Clauses: FED-4.3a, OLD-4.7a, REC-6.4, DEC-4.4, MSG-14."""
    # christy moves on, to pod3. Both moves are there for anybody to fetch.
    forger = federation.forger
    his, stolen = forger.identity(mallory), forger.identity(carol)
    federation["pod3"].import_archive(christy.export_archive(), "christina")
    before = federation.settle()
    moves = [
        federation["pod1"].get("/fetch/account_rename/carol@pod1.test").body,
        federation["pod2"].get("/fetch/account_rename/christy@pod2.test").body,
    ]
    for envelope in (*moves, *reversed(moves)):
        assert sent(federation, envelope) == everywhere()
    assert federation.settle() == before

    # And whoever has carol's old key finds that it opens nothing any more.
    theft = forger.seal(forger.rename(stolen, his, consent=his), stolen)
    assert sent(federation, theft) == everywhere(
        "SecondMove: carol@pod1.test has moved to christy@pod2.test, so not to mallory@pod3.test; "
        "if both are signed, the old key may be stolen"
    )
    assert federation.settle() == before
