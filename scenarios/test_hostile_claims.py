"""eve lays hands on what is not hers: GUIDs, other people's words, limited threads, names.

pod1 knows eve and bob, and both their keys. Nothing of it comes true, and the log says why.

Clauses: DEC-2.4, DEC-2.5, DEC-2.8, DEC-2.9, DEC-2.10; protocol 9 rows 4, 15, 21, 22, 26, 29
"""

from harness import Account, Federation, Fixtures, Peer, PeerPerson
from scenarios.attacks import CANARY, brought, harmless, post


def test_a_guid_that_is_in_use_stays_what_it_is(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.4; protocol 9 row 15."""
    posts, comments = fixtures.posts, fixtures.comments
    like = fixtures.likes["bob_likes_carol_public"].guid
    taken = {
        "a post of carol's": post(eve, guid=posts["carol_public"].guid),
        "a post of bob's": post(eve, guid=posts["bob_public"].guid),
        "a reshare": eve.entity(
            "reshare",
            guid=posts["bob_reshares_carol"].guid,
            root_author=str(carol),
            root_guid=posts["carol_public"].guid,
        ),
        "a photo": eve.entity(
            "photo",
            guid=fixtures.photos["carol_public_photos_1"].guid,
            public=True,
            remote_photo_path="https://peer.test/",
            remote_photo_name="a.png",
        ),
        "a comment": eve.signed(
            "comment",
            guid=comments["bob_on_carol_public"].guid,
            parent_guid=posts["carol_public"].guid,
            text=CANARY,
        ),
        "a like": eve.signed(
            "like",
            guid=like,
            parent_guid=posts["carol_public"].guid,
            parent_type="Post",
            positive=True,
        ),
        "a comment that was a like": eve.signed(
            "comment",
            guid=like,
            parent_guid=posts["carol_public"].guid,
            text=CANARY,
        ),
    }
    with harmless(federation, eve):
        sealed = {name: eve.seal(text) for name, text in taken.items()}
        answers = brought(federation, peer, sealed, "pod1")
    photo = fixtures.photos["carol_public_photos_1"].guid
    not_hers = f"is by another author than {eve} here"
    said = {
        "a post of carol's": f"post {posts['carol_public'].guid} {not_hers}",
        "a post of bob's": f"post {posts['bob_public'].guid} {not_hers}",
        "a reshare": f"post {posts['bob_reshares_carol'].guid} {not_hers}",
        "a photo": f"photo {photo} is not by {eve}",
        "a comment": f"{comments['bob_on_carol_public'].guid} is another person's comment here",
        "a like": f"{like} is another person's like here",
        "a comment that was a like": f"{like} is another person's like here",
    }
    assert answers == {name: f"Conflict: {reason}" for name, reason in said.items()}


def test_only_those_entitled_take_something_back(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.5, GEN-09; protocol 9 row 26."""
    posts, comments = fixtures.posts, fixtures.comments
    talk = fixtures.conversations["carol_alice"].guid
    targets = {
        "Post": posts["carol_public"].guid,
        "StatusMessage": posts["bob_public"].guid,
        "Reshare": posts["bob_reshares_carol"].guid,
        "Photo": fixtures.photos["carol_public_photos_1"].guid,
        "Comment": comments["bob_on_carol_public"].guid,
        "Like": fixtures.likes["bob_likes_carol_public"].guid,
        "PollParticipation": fixtures.votes["bob_votes_carol_public_poll"].guid,
        "Conversation": talk,
    }
    rows = federation.settle()["pod1"].rows
    asked = posts["carol_public_poll"].guid
    targets["Poll"] = next(key for key, poll in rows("poll").items() if poll["post"] == asked)
    targets["Person"] = str(rows("person")["bob@pod3.test"]["guid"])
    bodies = {}
    for author in (str(eve), str(carol)):  # whoever it says: the envelope counts
        for kind, guid in targets.items():
            entity = eve.entity("retraction", author=author, target_guid=guid, target_type=kind)
            bodies[f"{kind} by {author}"] = eve.seal(entity)
    with harmless(federation, eve):
        answers = brought(federation, peer, bodies, "pod1")
    assert answers == {
        f"{kind} by {author}": "InvalidSender: eve@peer.test may not retract " + f"{kind} {guid}"
        if kind != "Person"
        else "InvalidSender: eve@peer.test may retract only himself, privately"
        for author in (eve, carol)
        for kind, guid in targets.items()
    }


def test_what_eve_takes_back_keeps_nobody_from_taking_back_something_of_that_guid(
    federation: Federation, eve: PeerPerson, bob: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.4, DEC-2.5; protocol 9 row 15."""
    his, parent = fixtures.posts["bob_public"], fixtures.posts["carol_public"].guid
    eve.send(eve.signed("comment", guid=his.guid, parent_guid=parent, text="mine"), "pod1")
    eve.send(eve.entity("retraction", target_guid=his.guid, target_type="Comment"), "pod1")
    federation.settle()
    bob.retract(his)
    assert federation.settle().holding(his) == ()


def test_what_is_limited_does_not_come_publicly(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.8; protocol 9 row 21, row 22."""
    guid, limited = peer.new_guid(), fixtures.posts["carol_limited_friends"].guid
    bodies = {
        "post": post(eve, guid=guid, public=False),
        "profile": eve.entity("profile", first_name="Eve", bio=CANARY),
        "contact": eve.entity("contact", recipient=str(carol), following=True, sharing=True),
        "message": eve.entity("message", guid=guid, text=CANARY, conversation_guid=guid),
        "participation": eve.entity(
            "participation",
            guid=guid,
            parent_guid=fixtures.posts["carol_public"].guid,
            parent_type="Post",
        ),
        "comment": eve.signed("comment", guid=guid, parent_guid=limited, text=CANARY),
        "like": eve.signed(
            "like", guid=guid, parent_guid=limited, parent_type="Post", positive=True
        ),
    }
    with harmless(federation, eve):
        sealed = {name: eve.seal(text) for name, text in bodies.items()}
        answers = brought(federation, peer, sealed, "pod1")
    publicly, on_limited = (
        "Refused: {} came publicly",
        "is limited, nothing on it may come publicly",
    )
    assert answers == {
        "post": publicly.format(f"limited StatusMessage {guid}"),
        "profile": "Refused: profile of eve@peer.test: private fields came publicly",
        "contact": publicly.format("Contact of eve@peer.test"),
        "message": publicly.format("Message of eve@peer.test"),
        "participation": publicly.format("Participation of eve@peer.test"),
        "comment": f"Refused: post {limited} {on_limited}",
        "like": f"Refused: post {limited} {on_limited}",
    }


def test_names_that_look_alike_are_not_the_same(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-2.9; protocol 9 row 29."""
    names = (
        "Carol@pod1.test",
        "carol@POD1.test",
        "сarol@pod1.test",
        "carol@pod1.test ",
        "carol@pod1.test\n",
    )
    with harmless(federation, eve):
        answers = brought(
            federation, peer, {name: eve.seal_as(name, post(eve)) for name in names}, "pod1"
        )
        inside = {name: eve.seal(post(eve, author=name)) for name in names}
        answers_inside = brought(federation, peer, inside, "pod1")
    assert set(answers.values()) == {"InvalidEnvelope: envelope: key_id is no diaspora ID"}
    assert {answer.partition("'")[0] for answer in answers_inside.values()} == {
        "InvalidEntity: status_message: author: "
    }


def test_text_with_comments_inside_is_one_text(
    federation: Federation, peer: Peer, eve: PeerPerson, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.10; protocol 9 row 4."""
    guid, said = peer.new_guid(), "one<!-- two --><![CDATA[ & ]]><?pi?>three"
    parent = fixtures.posts["carol_public"].guid
    read = eve.signed("comment", guid=guid, parent_guid=parent, text="one & three")
    eve.send(read.replace("one &amp; three", said), "pod1")
    found = federation.settle()
    assert {pod: found[pod].rows("comment")[guid]["text"] for pod in ("pod1", "pod2", "pod3")} == (
        dict.fromkeys(("pod1", "pod2", "pod3"), "one & three")
    )
