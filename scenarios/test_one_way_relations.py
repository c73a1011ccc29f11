"""Who shares with carol without being shared with, and the other way round, when she moves.

Clauses: DEF-2.20
"""

import pytest

from harness import Account, CanMigrate, Federation, disagreements

pytestmark = pytest.mark.needs.with_args(CanMigrate)

ONLY_THEY, ONLY_I = (True, False), (False, True)


def sharing_and_receiving(account: Account) -> dict[str, tuple[bool, bool]]:
    """Of each contact whether they share with the account, and whether it shares with them."""
    return {
        who: (bool(contact["sharing"]), bool(contact["receiving"]))
        for who, contact in account.contacts().items()
    }


def test_whoever_follows_her_on_any_pod_follows_christy(
    federation: Federation, carol: Account, fay: Account
) -> None:
    """Clauses: DEF-2.20, MSG-24."""
    followers = [fay, *(federation[pod].sign_up("gil") for pod in ("pod1", "pod2"))]
    for each in followers[1:]:
        each.share(carol, aspect="admired")
    federation.settle()
    christy = federation["pod2"].import_archive(carol.export_archive(), "christy")
    assert not disagreements(federation.settle(), except_on=["pod4"])
    relations = sharing_and_receiving(christy)
    assert [relations[str(each)[: -len(".test")]] for each in followers] == [ONLY_THEY] * 3
    post = christy.post("To whom it may concern")
    federation.settle()
    assert [each.stream()[0] for each in followers] == [post] * 3


def test_whom_she_follows_is_not_believed_to_share_with_christy(
    federation: Federation, carol: Account, other_carol: Account, dave: Account
) -> None:
    """Clauses: DEF-2.20, MSG-25."""
    admired = [other_carol, dave, *(federation[pod].sign_up("gil") for pod in ("pod1", "pod3"))]
    for each in admired:
        carol.share(each, aspect="friends")
    federation.settle()
    christy = federation["pod2"].import_archive(carol.export_archive(), "christy")
    assert not disagreements(federation.settle())
    relations = sharing_and_receiving(christy)
    assert [relations[str(each)[: -len(".test")]] for each in admired] == [ONLY_I] * 4
    seen = [sharing_and_receiving(each)["christy@pod2"] for each in admired]
    assert seen == [ONLY_THEY] * 4
