"""carol has moved, and the news are late: what others see until then is neither half nor wrong.

Clauses: MSG-22, MSG-26
"""

import pytest

from harness import Account, CanMigrate, Federation, Gate, disagreements

pytestmark = pytest.mark.needs.with_args(CanMigrate)

IN_A_CARD = ("first_name", "last_name", "image_url", "image_url_small", "searchable")


def test_who_looks_before_the_news_finds_no_stranger_without_a_face(
    federation: Federation, gate: Gate, carol: Account, bob: Account
) -> None:
    """Clauses: MSG-22."""
    with gate.holding("account migration"):
        federation["pod2"].import_archive(carol.export_archive(), "christy")
        federation.settle()
        bob.look_up("christy@pod2.test")
        early = federation.settle()
    known = early["pod3"].rows("profile")["carol@pod1.test"]
    at_home = early["pod2"].rows("profile")["christy@pod2.test"]
    looked_up = early["pod3"].rows("profile")["christy@pod2.test"]
    assert early.known_as(carol)["pod3"] == "carol@pod1"
    assert at_home.fields == known.fields
    assert {name: looked_up[name] for name in IN_A_CARD} == {
        name: known[name] for name in IN_A_CARD
    }
    assert not disagreements(federation.settle(), except_on=["pod4"])


def flags(account: Account, name: str) -> tuple[object, object]:
    """Whether somebody shares with the account, and whether it shares with them."""
    contact = account.contacts()[name]
    return contact["sharing"], contact["receiving"]


def test_an_old_home_that_closes_the_account_takes_no_sharing_back(
    federation: Federation, gate: Gate, carol: Account, bob: Account
) -> None:
    """Clauses: MSG-26."""
    before = flags(bob, "carol@pod1")
    with gate.holding("account migration", to="pod3"):
        federation["pod2"].import_archive(carol.export_archive(), "christy")
        assert federation.settle().known_as(carol)["pod1"] == "christy@pod2"
        until_then = flags(bob, "carol@pod1")
    assert not disagreements(federation.settle(), except_on=["pod4"])
    assert flags(bob, "christy@pod2") == until_then == before == (True, True)
