"""Whoever had to do with carol hears that she has moved, however little that was.

dave on pod4 has looked at her profile, which she cannot know of. Then one of them does something.

Clauses: FED-4.7, MSG-18
"""

from collections.abc import Callable

import pytest

from harness import Account, CanMigrate, Federation, Ref, Snapshots, disagreements

pytestmark = pytest.mark.needs.with_args(CanMigrate)


def write_and_part(carol: Account, dave: Account) -> None:
    """Afterwards she is no contact of dave's, nor he one of hers; what they said stays."""
    carol.share(dave, aspect="friends")
    carol.message(dave, "Are you there?")
    carol.unshare(dave)


def found(carol: Account, dave: Account) -> Ref:
    """A post of hers that dave has found by its address, as nobody has sent it to him."""
    post = carol.post("To whom it may concern")
    assert dave.look_up(carol.address_of(post)) is not None
    return post


RELATIONS: dict[str, Callable[[Account, Account], object]] = {
    "talked once": write_and_part,
    "she mentioned him": lambda carol, dave: carol.post(f"Hello @{{{dave}}}"),
    "he mentioned her": lambda carol, dave: dave.post(f"Hello @{{{carol}}}"),
    "she blocked him": lambda carol, dave: carol.block(dave),
    "he found a post": found,
    "he reshared": lambda carol, dave: dave.reshare(found(carol, dave)),
    "he commented": lambda carol, dave: dave.comment(found(carol, dave), "I agree"),
    "he liked": lambda carol, dave: dave.like(found(carol, dave)),
}
UNHEARD: dict[str, Callable[[Account, Account], object]] = {
    "nothing": lambda _carol, _dave: None,
    "he blocked her": lambda carol, dave: dave.block(carol),
}


def moved(federation: Federation, carol: Account) -> Snapshots:
    """Let carol move; what everybody believes then."""
    federation.settle()
    federation["pod2"].import_archive(carol.export_archive(), "christy")
    return federation.settle()


@pytest.mark.parametrize("relation", RELATIONS)
def test_who_had_anything_to_do_with_her_is_told(
    federation: Federation, carol: Account, dave: Account, relation: str
) -> None:
    """Clauses: FED-4.7, MSG-18."""
    RELATIONS[relation](carol, dave)
    told = moved(federation, carol)
    assert told.known_as(carol)["pod4"] == "christy@pod2"
    assert not disagreements(told)


@pytest.mark.parametrize("relation", UNHEARD)
def test_of_whom_her_pod_never_heard_nobody_can_be_told(
    federation: Federation, carol: Account, dave: Account, relation: str
) -> None:
    """Such a pod keeps the old name until it has to do with it; of a block nobody is told.

    Clauses: MSG-18.
    """
    UNHEARD[relation](carol, dave)
    assert moved(federation, carol).known_as(carol)["pod4"] == "carol@pod1"
    dave.unblock(carol)
    dave.share(carol, aspect="people I follow")
    assert federation.settle().known_as(carol)["pod4"] == "christy@pod2"
