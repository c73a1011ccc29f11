"""Nobody moves, and nobody means harm: people share, talk, vote, reshare and leave.

What must hold among four pods before a move can mean anything.

Clauses: DEC-8.3, DEC-8.7, DEC-8.8, DEC-8.9, DEC-8.10, DEC-8.11
"""

from datetime import timedelta

from harness import Account, Federation, Fixtures, Gate, disagreements

LATER = timedelta(minutes=10)


def test_posts_are_exactly_where_contacts_in_any_direction_entitle_to_them(
    federation: Federation, carol: Account, alice: Account, bob: Account, dave: Account
) -> None:
    """Clauses: DEC-8.3, DEC-8.7, GEN-01."""
    dave.share(bob, "people I follow")  # follows bob, who does not share back
    bob.share(dave, "work")
    bob.unshare(dave)
    federation.settle()
    public = bob.post("For all")
    limited = {name: bob.post(f"For {name}", to=name) for name in ("friends", "work")}
    quiet = federation.settle()
    assert quiet.holding(public) == ("pod1", "pod2", "pod3", "pod4")
    assert {name: quiet.holding(ref) for name, ref in limited.items()} == {
        "friends": ("pod1", "pod2", "pod3"),
        "work": ("pod2", "pod3"),
    }
    sees = [who.sees(limited["work"]) for who in (carol, alice, dave)]
    assert sees == [False, True, False]
    assert not disagreements(quiet)


def test_a_pod_that_was_never_told_knows_better_after_it_has_asked(
    federation: Federation, carol: Account, dave: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-8.3, DEC-8.8, GEN-02."""
    carol.edit_profile(first_name="Caroline")
    quiet = federation.settle()
    known = {pod: quiet[pod].rows("profile")[str(carol)]["first_name"] for pod in quiet}
    assert [pod for pod, name in known.items() if name != "Caroline"] == ["pod4"]

    # dave looks at a post of hers, and so follows it: from then on pod4 is told of it.
    post = fixtures.posts["carol_public"]
    dave.look_up(carol)
    dave.look_up(carol.address_of(post))
    federation.settle()
    said = carol.comment(post, "Welcome, dave")
    quiet = federation.settle()
    assert quiet["pod4"].rows("profile")[str(carol)]["first_name"] == "Caroline"
    assert quiet.holding(said) == ("pod1", "pod2", "pod3", "pod4")

    carol.retract(said)
    carol.retract(post)
    quiet = federation.settle()
    assert (quiet.holding(said), quiet.holding(post)) == ((), ())
    assert not disagreements(quiet)


def test_who_reshared_a_post_is_known_where_the_post_is_at_home(
    federation: Federation, alice: Account, bob: Account, dave: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-8.3, DEC-8.9, GEN-03."""
    post = fixtures.posts["carol_public"]
    dave.look_up(f"https://pod1.test/posts/{post.guid}")
    federation.settle()
    shared = [who.reshare(post) for who in (alice, bob, dave)]
    quiet = federation.settle()
    assert not disagreements(quiet)

    def resharers(pod: str) -> set[object]:
        rows = next(snapshot for name, snapshot in quiet.items() if name == pod).rows("post")
        return {row["author"] for row in rows.values() if row["root_guid"] == post.guid}

    assert resharers("pod1") == {str(alice), str(bob), str(dave)}
    assert [quiet.holding(each)[0] for each in shared] == ["pod1"] * 3


def test_of_a_deleted_account_the_same_is_left_on_every_pod(
    federation: Federation, carol: Account, alice: Account, bob: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-8.3, CMP-8.4a, GEN-04."""
    bob.delete()
    quiet = federation.settle()
    assert not disagreements(quiet)

    posts = [ref for name, ref in fixtures.posts.items() if name.startswith("bob")]
    assert [quiet.holding(each) for each in posts] == [()] * len(posts)
    comment = fixtures.comments["bob_on_carol_public"]
    assert quiet.holding(comment) == ("pod1", "pod2", "pod3")
    given, received = "bob_likes_carol_public", "carol_likes_bob_public"
    likes = {name: quiet.holding(fixtures.likes[name]) for name in (given, received)}
    assert likes == {given: ("pod1", "pod2", "pod3"), received: ()}
    talk = fixtures.conversations["carol_alice_bob_debora"]
    assert quiet.holding(talk)[:2] == ("pod1", "pod2")
    for who in (carol, alice):
        assert "bob@pod3" not in who.contacts()
        assert who.look_up(bob) is None


def test_sharing_on_and_off_many_times_leaves_two_mirror_images(
    federation: Federation, gate: Gate, alice: Account, bob: Account
) -> None:
    """Clauses: DEC-8.3, DEC-8.10, GEN-07."""
    for n in range(20):
        alice.unshare(bob)
        if n % 4 == 0:
            with gate.holding("contact", to="pod2"):
                bob.block(alice)
                bob.unblock(alice)
                bob.share(alice, "friends")
                federation.settle()
        alice.share(bob, "choir")
    quiet = federation.settle()

    here = quiet["pod2"].rows("contact")[f"{alice}→{bob}"]
    there = quiet["pod3"].rows("contact")[f"{bob}→{alice}"]
    assert (here["sharing"], here["receiving"]) == (True, True)
    assert (there["sharing"], there["receiving"]) == (True, True)
    assert not disagreements(quiet)


def test_replies_that_cross_make_one_conversation(
    federation: Federation,
    carol: Account,
    alice: Account,
    bob: Account,
    debora: Account,
    fixtures: Fixtures,
) -> None:
    """Clauses: DEC-8.3, DEC-8.11, GEN-12."""
    talk = fixtures.conversations["carol_alice_bob_debora"]
    people = (carol, alice, bob, debora)
    said = [who.reply(talk, f"{n}") for n in range(3) for who in people]
    quiet = federation.settle()
    assert [quiet.holding(each) for each in said] == [("pod1", "pod2", "pod3")] * 12
    seen = [[each["guid"] for each in (who.view(talk) or {})["messages"]] for who in people]
    assert [set(guids) for guids in seen] == [set(seen[0])] * 4
    assert {each.guid for each in said} < set(seen[0])
    assert not disagreements(quiet)


def test_a_comment_that_comes_after_its_retraction_does_not_stay(
    federation: Federation, gate: Gate, carol: Account, alice: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.6, DEC-8.3, GEN-15."""
    post = fixtures.posts["carol_public"]
    with gate.holding("comment", to="pod3"):
        said = alice.comment(post, "I should not have said that")
        federation.settle()
        alice.retract(said)
        assert federation.settle().holding(said) == ()
    federation.clock.advance(LATER)
    quiet = federation.settle()
    assert quiet.holding(said) == ()
    assert federation.quiet is not None
    assert federation.quiet.sleeping == {}
    assert said.guid not in {each["guid"] for each in (carol.view(post) or {})["comments"]}
    assert not disagreements(quiet)


def test_each_pod_has_the_fields_of_a_profile_that_it_may_have(
    federation: Federation, bob: Account
) -> None:
    """Clauses: DEC-8.3, DEF-2.4, GEN-16."""
    shown: dict[str, dict[str, object]] = {}
    steps: dict[str, dict[str, object]] = {
        "private": {"bio": "Only for friends", "searchable": True},
        "public": {"public": True},
        "hidden": {"public": False, "searchable": False},
    }
    for step, fields in steps.items():
        bob.edit_profile(**fields)
        quiet = federation.settle()
        assert not disagreements(quiet)
        rows = {pod: quiet[pod].rows("profile").get(str(bob)) for pod in quiet}
        shown[step] = {pod: (row["bio"], row["searchable"]) for pod, row in rows.items() if row}

    # carol and alice are whom bob shares with; pod4 has never heard of him.
    told = ("Only for friends", True)
    everybody = dict.fromkeys(("pod1", "pod2", "pod3"), told)
    assert shown == {
        "private": everybody,
        "public": everybody,
        "hidden": dict.fromkeys(everybody, ("Only for friends", False)),
    }
