"""A pod of another kind takes part: eve and ann live there, share, post, comment, vote, retract.

peer.test does everything by the protocol, and says it in whatever order.

Clauses: DEF-2.1, DEF-2.26a, DEC-2.2, DEC-2.3, DEC-2.5, DEC-2.18, DEC-2.19, DEC-2.20
"""

import pytest

from harness import Account, Answer, Federation, Fixtures, Gate, Peer, PeerPerson, PodName, Ref
from scenarios.attacks import WHEN, brought, harmless, post

TOLD: tuple[PodName, ...] = ("pod1", "pod2", "pod3")


@pytest.fixture
def ann(peer: Peer, carol: Account) -> PeerPerson:
    """Lives with eve on peer.test."""
    person = peer.person("ann", first_name="Ann")
    carol.look_up(str(person))
    return person


def rows_of(federation: Federation, kind: str, guid: str) -> dict[PodName, object]:
    """Whom each pod that has it names as the author of something."""
    found = federation.settle()
    rows = {pod: found[pod].get(kind, guid) for pod in found}
    return {pod: row["author"] for pod, row in rows.items() if row}


def test_public_posts_are_reshared_and_limited_ones_are_not(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.8, DEF-2.1, GEN-08."""
    guid = peer.new_guid()
    public, limited = fixtures.posts["carol_public"], fixtures.posts["carol_limited_friends"]
    reshare = eve.entity(
        "reshare", guid=guid, root_author=str(carol), root_guid=public.guid, created_at=WHEN
    )
    eve.send(reshare, "pod1")
    assert rows_of(federation, "post", guid) == {"pod1": str(eve)}

    bad = eve.entity(
        "reshare", guid=peer.new_guid(), root_author=str(carol), root_guid=limited.guid
    )
    with harmless(federation, eve):
        answers = brought(federation, peer, {"limited": eve.seal(bad)}, "pod1")
    assert answers == {
        "limited": f"Refused: post {limited.guid} is not public, its reshare is refused"
    }


def test_who_takes_part_says_so_to_the_home_of_the_post(
    federation: Federation,
    peer: Peer,
    eve: PeerPerson,
    carol: Account,
    debora: Account,
    fixtures: Fixtures,
) -> None:
    """Clauses: DEC-2.18, GEN-08."""
    guid, parent = peer.new_guid(), fixtures.posts["carol_public"].guid
    told = eve.entity("participation", guid=guid, parent_guid=parent, parent_type="Post")
    with harmless(federation, eve):
        bodies = {"not hers": peer.encrypted(eve.seal(told), debora)}
        answers = brought(federation, peer, bodies, debora)
    assert answers == {
        "not hers": f"Refused: participation {guid}: post {parent} is not the recipient's"
    }

    eve.send(told, carol)
    federation.settle()
    peer.accept("comment")
    said = carol.comment(fixtures.posts["carol_public"], "To all who listen")
    federation.settle()
    (heard,) = peer.received("comment")
    assert (heard.message.guid, heard.message.envelope_sender) == (said.guid, str(carol))


def test_what_a_peer_says_is_relayed_in_the_name_of_the_root_author(
    federation: Federation, gate: Gate, peer: Peer, eve: PeerPerson, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.7, DEF-2.1, DEF-2.26a, GEN-10."""
    parent = fixtures.posts["carol_public"].guid
    rows = federation.settle()["pod1"].rows
    asked = fixtures.posts["carol_public_poll"].guid
    poll = next(key for key, row in rows("poll").items() if row["post"] == asked)
    choice = next(key for key, row in rows("poll_answer").items() if row["poll"] == poll)
    comment, like, vote, other = (peer.new_guid() for _ in range(4))
    said = {
        ("comment", comment): eve.signed(
            "comment", guid=comment, parent_guid=parent, text="hi; there", colour="blue"
        ),
        ("like", like): eve.signed(
            "like", guid=like, parent_guid=parent, parent_type="Post", positive=True
        ),
        ("poll_participation", vote): eve.signed(
            "poll_participation", guid=vote, parent_guid=poll, poll_answer_guid=choice
        ),
    }
    # The first asks who eve is; the others are told by pod1.
    for text in said.values():
        eve.send(text, "pod1")
    for kind, guid in said:
        assert rows_of(federation, kind, guid) == dict.fromkeys(TOLD, str(eve))
        relayed = [each for each in gate.wiretap.messages(sender="pod1") if each.guid == guid]
        assert {(each.author, each.envelope_sender) for each in relayed} == {
            (str(eve), "carol@pod1.test")
        }

    # Who votes again, by another message, has voted all the same.
    again = eve.signed("poll_participation", guid=other, parent_guid=poll, poll_answer_guid=choice)
    before = federation.settle()
    eve.send(again, "pod1")
    assert federation.settle() == before


def test_what_a_peer_relays_is_checked_twice(
    federation: Federation, peer: Peer, eve: PeerPerson, ann: PeerPerson
) -> None:
    """Clauses: DEC-2.2, DEC-2.3, GEN-10."""
    mine, good, none = (peer.new_guid() for _ in range(3))
    eve.send(post(eve, guid=mine, text="on my pod"), "pod1")
    text = ann.signed("comment", guid=good, parent_guid=mine, text="me too")
    with harmless(federation, eve):
        forged = text.replace("me too", "not me")
        answers = brought(
            federation,
            peer,
            {
                "by the author": ann.seal(text),
                "with another key": eve.sealed_with_key_of(ann, text),
                "with another signature": eve.seal(forged),
                "with none": eve.seal(ann.entity("comment", guid=none, parent_guid=mine, text="?")),
            },
            "pod1",
        )
    assert answers == {
        "by the author": f"InvalidSender: {ann} may not send {good} by {ann} here: "
        f"it goes through the pod of {eve}",
        "with another key": f"BadSignature: envelope of {eve}: wrong signature",
        "with another signature": f"Refused: Comment {good} of {ann}: wrong signature",
        "with none": f"Refused: Comment {none} of {ann}: has no signature",
    }
    eve.send(text, "pod1")
    assert rows_of(federation, "comment", good) == {"pod1": str(ann)}


def test_the_author_and_the_root_author_take_back_what_was_said(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.5, GEN-09."""
    thief, parent = peer.nobody("thief"), fixtures.posts["carol_public"]
    mine, hers = peer.new_guid(), peer.new_guid()
    for guid in (mine, hers):
        eve.send(eve.signed("comment", guid=guid, parent_guid=parent.guid, text="hm"), "pod1")
    federation.settle()
    told = eve.entity("retraction", target_guid=mine, target_type="Comment")
    with harmless(federation, eve):
        peer.bring(eve.sealed_with_key_of(thief, told), "pod1")

    eve.send(told, "pod1")
    peer.accept("retraction")
    (comment,) = [each for each in (carol.view(parent) or {})["comments"] if each["guid"] == hers]
    assert comment["author"] == str(eve)
    carol.retract(Ref("comment", hers))
    for guid in (mine, hers):
        assert rows_of(federation, "comment", guid) == {}
    (heard,) = peer.received("retraction")
    assert (heard.message.target_guid, heard.message.author) == (hers, str(carol))


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0)], ids=str)
def test_photos_and_their_post_come_in_any_order(
    federation: Federation, peer: Peer, eve: PeerPerson, order: tuple[int, ...]
) -> None:
    """Clauses: DEC-2.19, GEN-11."""
    guid, picture = peer.new_guid(), peer.new_guid()
    photo: dict[str, str | bool] = {
        "guid": picture,
        "public": True,
        "created_at": WHEN,
        "remote_photo_path": "https://peer.test/photos/",
        "remote_photo_name": "a.png",
        "status_message_guid": guid,
    }
    alone = eve.entity("photo", **photo, text="alone")
    inside = {"author": str(eve)} | photo | {"text": "alone"}
    said = (alone, post(eve, guid=guid, photo=inside))
    for n in order:
        eve.send(said[n], "pod1")
        federation.settle()
    state = federation.settle()["pod1"]
    row = state.rows("photo")[picture]
    assert (row["status_message_guid"], row["text"]) == (guid, "alone")
    assert state.rows("post")[guid]["author"] == str(eve)


def test_who_is_mentioned_is_met_if_that_can_be(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-2.20, GEN-13."""
    zoe, ghost, guid = peer.person("zoe"), peer.nobody("ghost"), peer.new_guid()
    peer.serve(ghost.webfinger_path, Answer(status=503))
    text = f"Meet @{{Zoe; {zoe}}} and @{{Ghost; {ghost}}}"
    eve.send(post(eve, guid=guid, text=text), "pod1")
    known = federation.settle()["pod1"]
    assert known.rows("post")[guid]["text"] == text
    assert [key for key in known.rows("mention") if key.startswith(guid)] == [f"{guid}→{zoe}"]
    assert (known.knows(str(zoe)), known.knows(str(ghost))) == (True, False)


def test_a_pod_is_one_pod_however_its_name_is_written(
    federation: Federation, peer: Peer, carol: Account
) -> None:
    """Clauses: DEC-2.9, GEN-17."""
    peer.accept("contact", "profile", "status_message")
    people = []
    for name, home in {
        "una": "https://peer.test/",
        "duo": "https://PEER.test:443",
        "tre": "https://Peer.Test",
    }.items():
        person = peer.person(name)
        peer.serve(person.webfinger_path, Answer(body=person.webfinger(seed=home)))
        carol.look_up(str(person))
        carol.share(person.diaspora_id, "friends")
        people.append(str(person))
    federation.settle()
    carol.post("To one pod")
    carol.post("To three people", to="friends")
    state = federation.settle()["pod1"]
    assert {state.rows("person")[each]["pod"] for each in people} == {"peer.test"}
    assert [each.message.route for each in peer.received("status_message")].count("public") == 1
    assert [each.message.route for each in peer.received("status_message")].count("private") == 3
