"""carol has become christy, and life goes on at the new home.

Clauses: DEF-2.14b, BEH-8.12c, DEC-2.1
"""

import pytest

from harness import Account, CanMigrate, Federation, Snapshots, disagreements

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


def test_the_new_name_has_new_keys_and_the_old_one_leads_to_it(
    federation: Federation, carol: Account, christy: Account, alice: Account
) -> None:
    """Clauses: DEF-2.19b, MOV-5.7b, MOV-5.7c."""
    told = federation.settle()
    people = [told[pod].rows("person") for pod in ("pod1", "pod2", "pod3")]
    ((old_key, new_key),) = {
        (known[str(carol)]["public_key"], known[str(christy)]["public_key"]) for known in people
    }
    assert old_key != new_key

    # On the new home, too, whoever looks for carol is told where she is.
    assert alice.look_up(carol) == christy.diaspora_id
    shown = alice.person(carol)
    assert (shown["diaspora_id"], shown["moved_to"]) == (str(carol), str(christy))
    page = federation["pod2"].get(f"/people/{shown['guid']}").body.decode()
    assert "moved to" in page
    assert str(christy) in page


def chosen_by(who: Account, state: Snapshots) -> list[tuple[str, str]]:
    """The person's aspects, blocks and followed tags, at home."""
    return [
        (type_, key.removeprefix(str(who)))
        for type_ in ("aspect", "block", "tag_following")
        for key in sorted(state[who.pod].rows(type_))
        if key.startswith(str(who))
    ]


def test_christy_says_of_herself_what_carol_said(
    federation: Federation, carol: Account, debora: Account, alice: Account, bob: Account
) -> None:
    """Clauses: DEF-2.17a."""
    said, chosen = carol.profile(), chosen_by(carol, federation.settle())
    seen = [friend.person(carol)["profile"] for friend in (debora, alice, bob)]
    assert said["image_url"].startswith("https://pod1.test/")
    assert {type_ for type_, _ in chosen} == {"aspect", "block", "tag_following"}

    christy = federation["pod2"].import_archive(carol.export_archive(), "christy")
    moved = federation.settle()

    # Even her picture is the same: it stays where it is.
    assert christy.profile() == said
    assert [friend.person(christy)["profile"] for friend in (debora, alice, bob)] == seen
    assert chosen_by(christy, moved) == chosen
    assert not disagreements(moved, except_on=["pod4"])
