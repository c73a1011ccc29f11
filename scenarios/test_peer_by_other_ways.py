"""What a peer brings by other ways than the one it should take, or by several at once.

Clauses: DEC-2.7, DEC-2.8, DEC-2.13, DEC-2.18
"""

import pytest

from harness import Account, Answer, Federation, Fixtures, Peer, PeerPerson, PodName, Refused
from scenarios.attacks import brought, harmless, in_vain, post
from scenarios.interactions import asked_here, authors


def test_who_votes_by_several_ways_has_one_vote_which_is_the_same_everywhere(
    federation: Federation,
    peer: Peer,
    eve: PeerPerson,
    carol: Account,
    alice: Account,
    fixtures: Fixtures,
) -> None:
    """Clauses: DEC-2.7, GEN-14."""
    root = asked_here(federation, fixtures.posts["carol_public_poll"].guid)
    first, second, third = (peer.new_guid() for _ in range(3))

    def vote(guid: str) -> str:
        return eve.signed("poll_participation", **root.said("poll_participation", guid))

    eve.send(vote(first), "pod1")
    once: dict[PodName, object] = dict.fromkeys(("pod1", "pod2", "pod3"), str(eve))
    assert authors(federation, "poll_participation", first) == once
    # By the private door, by carol's own key, and past the home of the poll.
    hers = federation.forger.identity(carol)
    with harmless(federation, eve):
        eve.send(vote(second), carol)
        for pod in ("pod2", "pod3"):
            assert peer.bring(federation.forger.seal(vote(third), hers), pod) == 202
        federation.settle()
        answers = brought(federation, peer, {"past carol": eve.seal(vote(second))}, alice.pod)
    assert answers == {
        "past carol": f"InvalidSender: {eve} may not send {second} by {eve} here: "
        f"it goes through the pod of {carol}"
    }
    votes = {pod: federation.settle()[pod].rows("poll_participation") for pod in once}
    mine = {
        pod: [key for key in rows if rows[key]["author"] == str(eve)] for pod, rows in votes.items()
    }
    assert mine == {key: [first] for key in once}


@pytest.mark.parametrize("whom", ["debora", "alice", "bob"])
def test_only_the_home_of_a_post_is_told_who_takes_part(
    federation: Federation,
    peer: Peer,
    eve: PeerPerson,
    alice: Account,
    bob: Account,
    debora: Account,
    fixtures: Fixtures,
    whom: str,
) -> None:
    """Clauses: DEC-2.18, GEN-08."""
    other = {"debora": debora, "alice": alice, "bob": bob}[whom]
    eve.send(post(eve, guid=peer.new_guid(), text="hello"), other.pod)  # known there, too
    federation.settle()
    guid, parent = peer.new_guid(), fixtures.posts["carol_public"].guid
    told = eve.entity("participation", guid=guid, parent_guid=parent, parent_type="Post")
    with harmless(federation, eve, other.pod):
        bodies = {"not hers": peer.encrypted(eve.seal(told), other)}
        answers = brought(federation, peer, bodies, other)
    assert answers == {
        "not hers": f"Refused: participation {guid}: post {parent} is not the recipient's"
    }


@pytest.mark.parametrize("whose", ["alice", "bob"])
def test_a_limited_post_is_reshared_nowhere(
    federation: Federation,
    peer: Peer,
    eve: PeerPerson,
    alice: Account,
    bob: Account,
    fixtures: Fixtures,
    whose: str,
) -> None:
    """Clauses: DEC-2.8, GEN-08."""
    author = {"alice": alice, "bob": bob}[whose]
    limited, public = (fixtures.posts[f"{whose}_{kind}"].guid for kind in ("limited", "public"))

    def reshare(guid: str, root: str) -> bytes:
        fields = {"root_author": str(author), "root_guid": root}
        return eve.seal(eve.entity("reshare", guid=guid, **fields))

    good = peer.new_guid()
    with harmless(federation, eve, but={"pod1": {"post": {good}}}):
        bodies = {"limited": reshare(peer.new_guid(), limited)}
        answers = brought(federation, peer, bodies, "pod1")
        peer.bring(reshare(good, public), "pod1")
    assert answers == {"limited": f"Refused: post {limited} is not public, its reshare is refused"}


@pytest.mark.parametrize("key", ["none", "rubbish", "small", "private"])
def test_who_has_no_usable_key_is_not_written_to(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account, key: str
) -> None:
    """Clauses: DEC-2.13, GEN-06."""
    ann = peer.person("ann")
    peer.serve(ann.hcard_path, Answer(body=ann.hcard(key=peer.weak_keys().get(key, key))))
    with harmless(federation, eve):
        with pytest.raises(Refused, match=r"hCard: \.key"):
            carol.look_up(str(ann))
        with pytest.raises(Refused):
            carol.share(ann.diaspora_id, "friends")
    before = federation.settle()
    said = carol.post(f"Who is @{{Ann; {ann}}}?")
    found = federation.settle()
    assert found.mentioned_in(said) == dict.fromkeys(found.holding(said), frozenset())
    assert not found["pod1"].knows(str(ann))
    assert before["pod1"].rows("person") == found["pod1"].rows("person")
    assert {"hCard: .key" in reason for reason in in_vain(federation)} == {True}
