"""What reaches a new home with the archive alone, and what must not.

pod2 knows most of what carol has said, as her friend alice lives there; here it is about the rest.

Clauses: ARC-3.10, ARC-3.13, IMP-6.5a, IMP-6.9, TST-8.9a, DEC-4.9, DEC-6.3, DEC-6.5
"""

import pytest

from harness import Account, CanMigrate, Federation, Fixtures, disagreements

pytestmark = pytest.mark.needs.with_args(CanMigrate)


def test_what_the_new_home_has_never_seen_comes_with_the_archive(
    federation: Federation, carol: Account, debora: Account, bob: Account, fixtures: Fixtures
) -> None:
    """What the new home has never seen comes with the archive.

    Clauses: DEF-2.20, ARC-3.7a, ARC-3.8g, ARC-3.8j, ARC-3.10, ARC-3.13, MOV-5.8, IMP-6.3a,
    IMP-6.9, TST-8.9a.
    """
    # The family is debora and bob: nothing of this has been on pod2.
    post, remark = fixtures.posts["carol_limited_family"], fixtures.comments["bob_on_carol_family"]
    mine = carol.comment(post, "Just us")
    federation.settle()
    likes = [carol.like(remark), debora.like(mine), bob.like(mine)]
    before = federation.settle()
    assert before.holding(mine) == ("pod1", "pod3")

    federation["pod2"].import_archive(carol.export_archive(), "christy")
    moved = federation.settle()
    assert not disagreements(moved, except_on=["pod4"])
    assert [moved.holding(each) for each in (post, remark, mine, *likes)] == [
        ("pod1", "pod2", "pod3")
    ] * 6


def test_a_pod_that_knew_nothing_has_everything_from_the_archive(
    federation: Federation, carol: Account
) -> None:
    """Clauses: DEF-2.20, ARC-3.8g, ARC-3.8h, ARC-3.8i, ARC-3.8j, ARC-3.13, MOV-5.8,
    IMP-6.3a, IMP-6.9.
    """
    # pod4 knows nobody but carol, and of her nothing but the profile.
    before = federation.settle()
    assert before["pod4"].rows("post") == {}
    caro = federation["pod4"].import_archive(carol.export_archive(), "caro")
    moved = federation.settle()
    assert moved.made_by(caro)["pod4"] >= {
        ref for ref in before.made_by(carol)["pod1"] if ref.kind == "post"
    }
    assert not disagreements(moved)


def test_an_old_archive_does_not_bring_back_what_was_retracted_since(
    federation: Federation, carol: Account, fixtures: Fixtures
) -> None:
    archive = carol.export_archive()
    comment = fixtures.comments["bob_on_carol_public"]
    carol.retract(comment)
    federation.settle()

    federation["pod2"].import_archive(archive, "christy")
    moved = federation.settle()
    assert not disagreements(moved, except_on=["pod4"])
    assert moved.holding(comment) == ()


def test_a_block_stays_a_block_when_the_blocked_person_moves(
    federation: Federation, mallory: Account
) -> None:
    moved = federation["pod4"].import_archive(mallory.export_archive(), "malcolm")
    quiet = federation.settle()
    assert not disagreements(quiet)
    assert list(quiet["pod1"].rows("block")) == ["carol@pod1.test→malcolm@pod4.test"]
    assert str(moved.diaspora_id) == "malcolm@pod4.test"


def test_a_private_profile_stays_private_when_its_owner_moves(
    federation: Federation, debora: Account
) -> None:
    """Clauses: DEF-2.17b, IMP-6.5a, DEC-4.9, MSG-21."""
    dora = federation["pod4"].import_archive(debora.export_archive(), "dora")
    moved = federation.settle()

    assert not disagreements(moved)
    assert moved.known_as(debora) == dict.fromkeys(moved, "dora@pod4")
    told = {pod: moved[pod].rows("profile")[str(dora)] for pod in moved}
    assert [pod for pod, row in told.items() if row["bio"]] == ["pod1", "pod4"]
    assert all(row["first_name"] for row in told.values())
