"""People share, stop, block and forgive, on both sides, and what they say overtakes itself.

Contacts carry no time, so what comes last counts as said last, until something more is said.

Clauses: DEC-8.3, DEC-8.10
"""

import pytest

from harness import Account, Federation, Gate, disagreements


@pytest.mark.parametrize("late", ["first", "second", "third"])
def test_sharing_and_blocking_on_both_sides_in_any_order_leaves_two_mirror_images(
    federation: Federation, gate: Gate, alice: Account, bob: Account, late: str
) -> None:
    """Clauses: DEC-8.3, DEC-8.10, GEN-07."""
    nth = ("first", "second", "third").index(late) + 1
    for n in range(20):
        one, other = (alice, bob) if n % 2 else (bob, alice)
        # Of what one says to the other something comes after what was said later.
        with gate.holding("contact", to=other.pod, nth=nth):
            one.unshare(other)
            one.share(other, "friends")
            one.block(other)
            one.unblock(other)
            other.unshare(one)
            one.share(other, "friends")
            federation.settle()
    federation.settle()
    for one, other in ((alice, bob), (bob, alice)):
        one.unshare(other)
        federation.settle()
        one.share(other, "friends")
    quiet = federation.settle()

    pairs = {(str(alice), str(bob)), (str(bob), str(alice))}
    found = {
        key: (row["sharing"], row["receiving"])
        for pod in ("pod2", "pod3")
        for key, row in quiet[pod].rows("contact").items()
        if tuple(key.split("→")) in pairs
    }
    assert found == {f"{one}→{other}": (True, True) for one, other in pairs}
    assert not disagreements(quiet)
