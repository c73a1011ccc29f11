"""Nobody moves: people post for some, take things back, tell about themselves, and leave.

What holds on an ordinary day has to hold before anybody can move house.

Clauses: DEF-2.6, CMP-8.4a, DEC-8.3
"""

import pytest

from harness import Account, Federation, Fixtures, Refused, disagreements


def test_what_is_limited_reaches_those_it_is_for_and_no_follower(
    federation: Federation, carol: Account, dave: Account
) -> None:
    dave.share(carol, aspect="people I follow")
    federation.settle()

    post = carol.post("For friends, not for followers", to="friends")
    quiet = federation.settle()
    assert not disagreements(quiet)
    assert quiet.holding(post) == ("pod1", "pod2")
    assert not dave.sees(post)


def test_what_is_taken_back_is_gone_everywhere(
    federation: Federation, carol: Account, alice: Account, bob: Account, fixtures: Fixtures
) -> None:
    comment = fixtures.comments["bob_on_carol_public"]  # carol and alice like it
    reshared = fixtures.posts["carol_public_photos"]  # bob has reshared it
    like = fixtures.likes["alice_likes_carol_public"]
    bob.retract(comment)
    alice.unlike(fixtures.posts["carol_public"])
    carol.retract(reshared)
    quiet = federation.settle()

    assert not disagreements(quiet)
    assert [quiet.holding(each) for each in (comment, like, reshared)] == [()] * 3


def test_a_profile_tells_each_pod_what_it_may_know(federation: Federation, debora: Account) -> None:
    debora.edit_profile(first_name="Deb", bio="For those I share with")
    quiet = federation.settle()

    assert not disagreements(quiet)
    told = {pod: quiet[pod].rows("profile")[str(debora)] for pod in ("pod1", "pod2", "pod3")}
    assert {pod: row["first_name"] for pod, row in told.items()} == dict.fromkeys(told, "Deb")
    assert [pod for pod, row in told.items() if row["bio"]] == ["pod1"]


def test_nobody_decides_over_what_is_somebody_elses(
    federation: Federation, debora: Account, alice: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEF-2.16."""
    before = federation.settle()
    hers = (
        fixtures.posts["carol_public"],
        fixtures.photos["carol_public_photos_2"],
        fixtures.comments["carol_on_alice_public"],
    )
    # debora lives on the same pod; alice does not, and may take the last away, as it is under hers.
    for somebody, what in ((debora, hers), (alice, hers[:2])):
        for each in what:
            with pytest.raises(Refused) as refused:
                somebody.retract(each)
            assert refused.value.status == 403
    with pytest.raises(Refused):
        federation["pod1"].account("carol", password="debora's").log_in()
    assert federation.settle() == before


def test_a_deleted_account_leaves_comments_by_nobody_and_nothing_else(
    federation: Federation, carol: Account, bob: Account, fixtures: Fixtures
) -> None:
    """Clauses: CMP-8.4a, DEC-8.3, GEN-04."""
    before = federation.settle()
    posts = [fixtures.posts["bob_public"], fixtures.posts["bob_limited"]]
    assert [before.holding(post) for post in posts] == [("pod1", "pod2", "pod3")] * 2

    bob.delete()
    quiet = federation.settle()

    assert not disagreements(quiet)
    assert [quiet.holding(post) for post in posts] == [(), ()]
    comment = fixtures.comments["bob_on_carol_public"]
    assert quiet.holding(comment) == ("pod1", "pod2", "pod3")
    assert not quiet["pod2"].rows("profile")[str(bob)]["first_name"]
    assert "bob@pod3" not in carol.contacts()
