"""What harnesses before this one have checked: two people, or three, and all that they may do.

nora on pod3 and nick on pod4 are new. They share mutually, or in one direction, or not at all.

Clauses: DEC-8.12
"""

import json
from itertools import pairwise

import pytest

from harness import Account, CanMigrate, Federation, Peer, PodName, Refused, disagreements
from scenarios.attacks import WHEN, post

RELATIONS = {
    "mutual": (True, True),
    "one-way": (True, False),
    "reverse": (False, True),
    "prefetched": (False, False),
}
SEEN = {("one-way", "friends"), ("reverse", "public")}  # what reaches nick's stream, besides
relation = pytest.mark.parametrize("relation", [*RELATIONS, "unknown"])


@pytest.fixture
def nora(federation: Federation) -> Account:
    """New on pod3."""
    return federation["pod3"].sign_up("nora")


@pytest.fixture
def nick(federation: Federation) -> Account:
    """New on pod4."""
    return federation["pod4"].sign_up("nick")


def acquaint(federation: Federation, nora: Account, nick: Account, relation: str) -> None:
    """Let them be related in that way."""
    hers, his = RELATIONS.get(relation, (False, False))
    if relation == "prefetched":
        nick.look_up(nora)
    if hers:
        nora.share(nick, "friends")
    if his:
        nick.share(nora, "friends")
    federation.settle()


def test_new_people_find_each_other(federation: Federation, nora: Account, nick: Account) -> None:
    """Clauses: DEC-8.12, DEF-2.8, PRE-01."""
    assert (nora.look_up(nick), nick.look_up(nora)) == (nick.diaspora_id, nora.diaspora_id)
    found = federation.settle()
    both: dict[PodName, str] = {"pod3": "nora@pod3", "pod4": "nora@pod3"}
    assert found.known_as(nora) == both
    assert not disagreements(found)


def test_who_is_shared_with_is_told_by_whom(
    federation: Federation, nora: Account, nick: Account
) -> None:
    """Clauses: DEC-8.10, DEC-8.12, PRE-02."""
    for one, other in ((nora, nick), (nick, nora)):
        one.share(other, "friends")
        federation.settle()
        told = [(each["kind"], each["actor"]) for each in other.notifications()]
        assert told == [("started_sharing", str(one))]
        assert other.contacts()[str(one).removesuffix(".test")]["sharing"]
        assert one.contacts()[str(other).removesuffix(".test")]["receiving"]
    assert not disagreements(federation.settle())


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("to", ["public", "friends"])
def test_posts_and_comments_appear_and_disappear_on_both_pods(
    federation: Federation, nora: Account, nick: Account, relation: str, to: str
) -> None:
    """Clauses: DEC-8.7, DEC-8.12, DEF-2.14b, PRE-03, PRE-04."""
    acquaint(federation, nora, nick, relation)
    if "friends" not in nora.aspects():
        nora.add_aspect("friends")
    shown = nora.post("Exactly this: é, <b> & ☃", to=to)
    reached = federation.settle().holding(shown) == ("pod3", "pod4")
    # Public posts go where somebody follows, or is followed; limited ones to those addressed.
    assert reached == (relation in ("mutual", "one-way") or (relation, to) == ("reverse", "public"))
    follows_or_addressed = relation == "mutual" or (relation, to) in SEEN
    assert (shown in nick.stream()) == follows_or_addressed
    people = (nora, nick) if reached else (nora,)
    if reached:
        assert (nick.view(shown) or {})["text"] == "Exactly this: é, <b> & ☃"
    said = [who.comment(shown, f"{who} was here") for who in people for _ in range(2)]
    quiet = federation.settle()
    assert {quiet.holding(each) for each in said} == {quiet.holding(shown)}
    for who in people:
        seen = {each["guid"] for each in (who.view(shown) or {})["comments"]}
        assert seen == {each.guid for each in said}
    people[-1].retract(said[-1])
    nora.retract(said[0])
    quiet = federation.settle()
    assert (quiet.holding(said[0]), quiet.holding(said[-1])) == ((), ())

    nora.retract(shown)
    quiet = federation.settle()
    assert [quiet.holding(each) for each in (shown, *said)] == [()] * (1 + len(said))
    assert not disagreements(quiet)


@relation
def test_who_deletes_the_account_is_gone_for_everybody(
    federation: Federation, nora: Account, nick: Account, relation: str
) -> None:
    """Clauses: CMP-8.4a, DEC-8.12, PRE-05."""
    acquaint(federation, nora, nick, relation)
    nora.delete()
    federation.settle()
    with pytest.raises(Refused):
        nora.log_in()
    assert "nora@pod3" not in nick.contacts()
    assert nick.look_up(nora) is None
    if relation == "prefetched":  # nobody had a reason to tell pod4, until nick knocks at the door
        nick.share(nora, "friends")
        federation.settle()
        assert "nora@pod3" not in nick.contacts()
    with pytest.raises(Refused):
        nick.share(nora, "friends")
    assert not disagreements(federation.settle())


@pytest.mark.needs.with_args(CanMigrate)
@relation
def test_who_is_renamed_on_the_same_pod_is_found_by_the_new_name_alone(
    federation: Federation, nora: Account, nick: Account, relation: str
) -> None:
    """Clauses: DEC-8.12, TST-8.6, PRE-06."""
    acquaint(federation, nora, nick, relation)
    before = nick.contacts().get("nora@pod3")
    norah = federation["pod3"].import_archive(nora.export_archive(), "norah")
    federation.settle()

    with pytest.raises(Refused, match="norah@pod3"):
        nora.log_in()
    norah.log_in()
    expected = {"norah@pod3": {**before, "diaspora_id": str(norah)}} if before else {}
    assert nick.contacts() == expected
    assert nick.look_up(nora) == norah.diaspora_id
    if relation in ("mutual", "one-way"):
        shown = norah.post("Still for friends", to="friends")
        assert federation.settle().holding(shown) == ("pod3", "pod4")
        assert nick.sees(shown)
    assert not disagreements(federation.settle())


@pytest.mark.parametrize("to", ["public", "friends"])
def test_of_three_people_on_three_pods_each_sees_what_the_others_say(
    federation: Federation, nora: Account, nick: Account, to: str
) -> None:
    """Clauses: DEC-8.12, DEF-2.14b, PRE-07."""
    nina = federation["pod2"].sign_up("nina")
    everybody = (nora, nick, nina)
    for who, other in ((a, b) for a in everybody for b in everybody if a is not b):
        who.share(other, "friends")
    federation.settle()
    shown = nora.post("Hello, you two", to=to)
    federation.settle()
    said = [who.comment(shown, f"{who} was here") for who in everybody]
    quiet = federation.settle()
    pods = ("pod2", "pod3", "pod4")
    assert [quiet.holding(each) for each in (shown, *said)] == [pods] * 4
    for who in everybody:
        seen = {each["guid"] for each in (who.view(shown) or {})["comments"]}
        assert seen == {each.guid for each in said}

    # One after the other, and the post at last; each goes to the two other pods.
    left = [shown, *said]
    while left:
        nora.retract(left.pop())
        quiet = federation.settle()
        held = [quiet.holding(each) for each in (shown, *said)]
        assert held == [pods] * len(left) + [()] * (4 - len(left))
    assert not disagreements(quiet)


@pytest.mark.parametrize("to", ["public", "friends"])
def test_what_two_people_say_arrives_with_its_guid_and_its_flags(
    federation: Federation, nora: Account, nick: Account, to: str
) -> None:
    """Clauses: DEC-8.12, DEF-2.14b, PRE-10."""
    acquaint(federation, nora, nick, "mutual")
    shown = nora.post("Do you like this?", to=to)
    federation.settle()
    said, liked = nick.comment(shown, "Very much"), nick.like(shown)
    federation.settle()
    thanked = nora.like(said)
    quiet = federation.settle()
    both: tuple[PodName, ...] = ("pod3", "pod4")
    assert {pod: row["public"] for pod, row in quiet.copies(shown).items()} == dict.fromkeys(
        both, to == "public"
    )
    told = {ref: quiet.copies(ref) for ref in (said, liked, thanked)}
    assert {
        ref: {pod: row["author"] for pod, row in rows.items()} for ref, rows in told.items()
    } == {
        said: dict.fromkeys(both, str(nick)),
        liked: dict.fromkeys(both, str(nick)),
        thanked: dict.fromkeys(both, str(nora)),
    }

    nick.unlike(shown)
    nora.unlike(said)
    quiet = federation.settle()
    assert [quiet.holding(each) for each in (shown, said, liked, thanked)] == [both, both, (), ()]
    assert not disagreements(quiet)


def test_a_stranger_is_told_who_is_here_and_who_is_not(
    federation: Federation, peer: Peer, carol: Account
) -> None:
    """Clauses: DEC-2.21, DEC-8.12, DEF-2.8, PRE-08."""
    host_meta = peer.get("/.well-known/host-meta", "pod1")
    assert (host_meta.status, b"{uri}" in host_meta.body) == (200, True)
    finger = "/.well-known/webfinger?resource="
    found = peer.get(f"{finger}acct:{carol}", "pod1")
    assert json.loads(found.body)["subject"] == f"acct:{carol}"
    for spelling in (str(carol), f"acct%3A{str(carol).replace('@', '%40')}"):
        assert peer.get(f"{finger}{spelling}", "pod1").body == found.body
    guid = str(federation.settle()["pod1"].rows("person")[str(carol)]["guid"])
    assert peer.look_up(carol).guid == guid
    missing = (
        f"{finger}acct:nobody@pod1.test",
        f"{finger}acct:bob@pod3.test",
        f"/hcard/users/{peer.new_guid()}",
    )
    assert [peer.get(target, "pod1").status for target in missing] == [404] * 3
    assert peer.get("/.well-known/webfinger", "pod1").status == 400


def test_a_stranger_is_heard(federation: Federation, peer: Peer, carol: Account) -> None:
    """Clauses: DEC-8.12, DEF-2.1, DEF-2.22b, PRE-09."""
    eve, public, limited = peer.person("eve"), peer.new_guid(), peer.new_guid()
    peer.accept("contact", "profile")
    contact = eve.entity("contact", recipient=str(carol), following=True, sharing=True)
    assert eve.send(contact, carol) == 202
    carol.share(eve.diaspora_id, "friends")
    eve.send(post(eve, guid=public, text="for all"), "pod1")
    eve.send(post(eve, guid=limited, text="for carol", public=False), carol)
    state = federation.settle()["pod1"]

    posts = {guid: state.rows("post")[guid] for guid in (public, limited)}
    assert [(row["author"], row["public"], row["text"]) for row in posts.values()] == [
        (str(eve), True, "for all"),
        (str(eve), False, "for carol"),
    ]
    assert {row["created_at"] for row in posts.values()} == {WHEN}
    assert carol.contacts()["eve@peer"]["sharing"]
    assert {public, limited} <= {ref.guid for ref in carol.stream()}
    assert [each.message.entity for each in peer.received()] == ["contact", "profile"]
    assert all(a.message.author == b.message.author for a, b in pairwise(peer.received()))
