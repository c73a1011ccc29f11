"""The common past of the cast: what everything else begins with.

Whatever a scenario finds later, it must not have been there before: so the people, what they made,
and where it is are asserted here, and the comparison of an untouched federation finds nothing.

Clauses: BEH-8.1, BEH-8.2, DEC-8.2, DEC-8.3
"""

from harness import POD_NAMES, Account, Federation, Fixtures, disagreements

MUTUAL = {"sharing": True, "receiving": True}
AT_1_2_3 = ("pod1", "pod2", "pod3")


def relation(who: Account, other: str) -> dict[str, object]:
    """The two flags of a contact."""
    contact = who.contacts()[other]
    return {"sharing": contact["sharing"], "receiving": contact["receiving"]}


def test_the_cast_live_where_they_should_and_share_as_they_should(
    federation: Federation,
    carol: Account,
    debora: Account,
    alice: Account,
    bob: Account,
    fay: Account,
    dave: Account,
    other_carol: Account,
) -> None:
    """Clauses: DEF-2.13, BEH-8.1, BEH-8.3, BEH-8.4, BEH-8.6a, BEH-8.6b, DEC-8.2, FIX-01."""
    known = federation.settle()
    assert known.known_as(carol) == dict.fromkeys(POD_NAMES, "carol@pod1")
    assert (debora.pod, bob.pod, dave.pod) == ("pod1", "pod3", "pod4")
    assert (str(other_carol), other_carol.contacts()) == ("carol@pod2.test", {})

    for name in ("debora@pod1", "alice@pod2", "bob@pod3"):
        assert relation(carol, name) == MUTUAL
    for friend in (debora, alice, bob):
        assert relation(friend, "carol@pod1") == MUTUAL

    # fay follows without being followed, and pod4 knows a profile and nobody.
    assert relation(carol, "fay@pod3") == {"sharing": True, "receiving": False}
    assert relation(fay, "carol@pod1") == {"sharing": False, "receiving": True}
    assert dave.contacts() == {}
    assert dict(known["pod4"].rows("contact")) == {}
    assert known["pod4"].rows("profile")["carol@pod1.test"]["first_name"]


def test_overlapping_aspects_blocks_and_tags_are_as_the_cast_says(
    federation: Federation, carol: Account, bob: Account
) -> None:
    """Clauses: DEC-8.2, FIX-03."""
    state = federation.settle()
    members = {name: contact["aspects"] for name, contact in carol.contacts().items()}
    assert members["debora@pod1"] == ["friends", "family"]
    assert members["alice@pod2"] == ["friends", "work"]
    assert members["bob@pod3"] == ["family", "work"]
    assert list(state["pod1"].rows("block")) == ["carol@pod1.test→mallory@pod3.test"]
    assert list(state["pod3"].rows("block")) == ["bob@pod3.test→carol@pod2.test"]
    assert list(state["pod1"].rows("tag_following")) == [
        "carol@pod1.test/gardening",
        "carol@pod1.test/seeds",
    ]
    assert relation(bob, "alice@pod2") == MUTUAL


def test_public_content_is_on_every_pod_that_is_entitled_to_it(
    federation: Federation, fixtures: Fixtures
) -> None:
    """Clauses: DEF-2.15a, DEF-2.26a, BEH-8.2, BEH-8.5a, BEH-8.5d, BEH-8.5e, DEC-8.2, FIX-02."""
    state = federation.settle()
    by_carol_alice_bob = [
        name
        for name in fixtures.posts
        if "limited" not in name and name.split("_")[0] in ("carol", "alice", "bob")
    ]
    assert {name: state.holding(fixtures.posts[name]) for name in by_carol_alice_bob} == (
        dict.fromkeys(by_carol_alice_bob, AT_1_2_3)
    )
    for name in ("bob_on_carol_public", "alice_on_bob_public", "carol_on_alice_public"):
        assert state.holding(fixtures.comments[name]) == AT_1_2_3
    for name in ("alice_votes_carol_public_poll", "bob_votes_carol_public_poll"):
        assert state.holding(fixtures.votes[name]) == AT_1_2_3
    for name in ("bob_likes_carol_public", "carol_likes_bob_on_carol_public"):
        assert state.holding(fixtures.likes[name]) == AT_1_2_3
    assert state.holding(fixtures.photos["carol_public_photos_2"]) == AT_1_2_3


def test_private_content_is_where_it_was_sent_and_nowhere_else(
    federation: Federation, fixtures: Fixtures
) -> None:
    """Clauses: DEF-2.6, ARC-3.1, BEH-8.2, BEH-8.5b, BEH-8.5f, FIX-02."""
    state = federation.settle()
    assert {
        name: state.holding(ref) for name, ref in fixtures.posts.items() if "limited" in name
    } == {
        "carol_limited_friends": ("pod1", "pod2"),
        "carol_limited_family": ("pod1", "pod3"),
        "carol_limited_work": AT_1_2_3,
        "alice_limited": ("pod1", "pod2"),
        "alice_limited_choir": AT_1_2_3,
        "bob_limited": AT_1_2_3,
        "debora_limited": ("pod1",),
    }
    assert {name: state.holding(ref) for name, ref in fixtures.conversations.items()} == {
        "carol_alice": ("pod1", "pod2"),
        "alice_carol_bob": AT_1_2_3,
        "carol_alice_bob_debora": AT_1_2_3,
        "debora_carol": ("pod1",),
    }
    assert state.holding(fixtures.messages["bob_to_all"]) == AT_1_2_3


def test_every_kind_of_content_is_there(federation: Federation) -> None:
    """Clauses: BEH-8.2, BEH-8.5c, BEH-8.5e, DEC-8.2, FIX-03."""
    rows = {type_ for snapshot in federation.settle().values() for type_ in snapshot.by_type}
    assert rows >= {
        *("post", "photo", "location", "poll", "poll_answer", "poll_participation"),
        *("comment", "like", "participation", "mention", "signature", "retraction"),
        *("conversation", "message", "contact", "aspect", "block", "tag_following"),
        *("audience", "visibility", "profile", "notification"),
    }


def test_an_untouched_federation_does_not_disagree(federation: Federation) -> None:
    """Clauses: DEF-2.6, ARC-3.1, TST-8.11, BEH-8.5c, CMP-8.1, CMP-8.2, CMP-8.3, DEC-8.3, FIX-04."""
    baseline = federation.settle()
    assert not disagreements(baseline)
    assert federation.settle() == baseline


def test_each_pod_draws_its_keys_from_a_pool_of_its_own(federation: Federation) -> None:
    """Clauses: DEF-2.10a, DEC-8.4, FIX-05."""
    people = {
        key: row["public_key"]
        for snapshot in federation.settle().values()
        for key, row in snapshot.rows("person").items()
    }
    assert len(people) == len(set(people.values())) == 8
