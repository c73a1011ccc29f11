"""carol has become christy, and life goes on at the new home.

Clauses: DEF-2.14b, BEH-8.12c, DEC-2.1
"""

import pytest

from harness import Account, CanMigrate, Federation, disagreements

pytestmark = pytest.mark.needs.with_args(CanMigrate)


def test_the_friends_reach_christy_with_new_posts(
    federation: Federation, christy: Account, debora: Account, alice: Account, bob: Account
) -> None:
    public = [who.post("To all", to="public") for who in (debora, alice, bob)]
    limited = [
        debora.post("To my neighbours", to="neighbours"),
        alice.post("To the choir", to="choir"),
        bob.post("To my friends", to="friends"),
    ]
    quiet = federation.settle()

    assert all(christy.sees(post) for post in (*public, *limited))
    assert [quiet.holding(post) for post in limited] == [
        ("pod1", "pod2"),
        ("pod2", "pod3"),
        ("pod2", "pod3"),
    ]
    assert not disagreements(quiet, except_on=["pod4"])
