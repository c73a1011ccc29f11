"""What was said once is said again: later, after it was taken back, or to somebody else.

Envelopes carry no time and name no recipient. What is said again changes nothing.

Clauses: DEC-2.6, DEC-2.7, DEC-2.8, DEC-2.15, DEC-2.17; protocol 9 rows 7, 8, 27, 30
"""

from harness import Account, Federation, Fixtures, Peer, PeerPerson
from scenarios.attacks import CANARY, WHEN, brought, harmless, post


def test_messages_that_come_twice_count_once(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.7, GEN-05; protocol 9 row 7."""
    mine, parent = peer.new_guid(), fixtures.posts["carol_public"].guid
    public = [
        eve.seal(post(eve, guid=mine, text=f"hello @{{Carol; {carol}}}")),
        eve.seal(eve.signed("comment", guid=peer.new_guid(), parent_guid=parent, text="yes")),
        eve.seal(
            eve.signed(
                "like", guid=peer.new_guid(), parent_guid=parent, parent_type="Post", positive=True
            )
        ),
        eve.seal(eve.entity("profile", first_name="Eva", edited_at=WHEN, public=True)),
    ]
    contact = eve.seal(eve.entity("contact", recipient=str(carol), following=True, sharing=True))
    for envelope in public:
        assert peer.bring(envelope, "pod1") == 202
    peer.bring(contact, carol)
    federation.settle()
    with harmless(federation, eve):
        for envelope in (*public, *reversed(public), *public):
            peer.bring(envelope, "pod1")
        for _ in range(3):
            peer.bring(contact, carol)

    told = [(each["kind"], each["actor"]) for each in carol.notifications()]
    said = [kind for kind, actor in told if actor == str(eve)]
    assert sorted(said) == ["commented", "liked", "mentioned", "started_sharing"]


def test_what_was_taken_back_does_not_return(
    federation: Federation, peer: Peer, eve: PeerPerson, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.6; protocol 9 row 7."""
    mine, remark, like = (peer.new_guid() for _ in range(3))
    parent = fixtures.posts["carol_public"].guid
    said = {
        "Post": eve.seal(post(eve, guid=mine)),
        "Comment": eve.seal(eve.signed("comment", guid=remark, parent_guid=parent, text=CANARY)),
        "Like": eve.seal(
            eve.signed("like", guid=like, parent_guid=parent, parent_type="Post", positive=True)
        ),
    }
    for envelope in said.values():
        peer.bring(envelope, "pod1")
    federation.settle()
    for kind, guid in zip(said, (mine, remark, like), strict=True):
        eve.send(eve.entity("retraction", target_guid=guid, target_type=kind), "pod1")
    with harmless(federation, eve):
        answers = brought(federation, peer, said, "pod1")
        on_it = {
            "on it": eve.seal(
                eve.entity("comment", guid=peer.new_guid(), parent_guid=mine, text="?")
            )
        }
        answers |= brought(federation, peer, on_it, "pod1")
    assert answers == {
        "Post": f"Refused: {mine} was retracted and does not come back",
        "Comment": f"Refused: {remark} was retracted and does not come back",
        "Like": f"Refused: {like} was retracted and does not come back",
        "on it": f"Refused: {mine} was retracted and does not come back",
    }


def test_a_conversation_that_was_taken_back_does_not_return(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-2.6; protocol 9 row 7."""
    peer.accept("contact", "profile")
    carol.share(eve.diaspora_id, aspect="friends")
    talk, guid = peer.new_guid(), peer.new_guid()
    begun = eve.entity(
        "conversation", guid=talk, subject="Psst", created_at=WHEN, participants=f"{eve};{carol}"
    )
    more = eve.entity("message", guid=guid, text=CANARY, conversation_guid=talk)
    taken_back = eve.entity("retraction", target_guid=talk, target_type="Conversation")
    for said in (begun, taken_back):
        eve.send(said, carol)
    with harmless(federation, eve):
        sealed = {"conversation": begun, "message": more}
        bodies = {name: peer.encrypted(eve.seal(said), carol) for name, said in sealed.items()}
        answers = brought(federation, peer, bodies, carol)
    reason = f"Refused: {talk} was retracted and does not come back"
    assert answers == dict.fromkeys(bodies, reason)


def test_an_older_profile_does_not_replace_a_newer_one(
    federation: Federation, eve: PeerPerson
) -> None:
    """Clauses: DEC-2.7; protocol 9 row 7."""
    new, old = (
        eve.entity("profile", first_name=name, edited_at=edited_at, public=True)
        for name, edited_at in (("New", "2026-01-05T10:00:00Z"), ("Old", WHEN))
    )
    eve.send(new, "pod1")
    assert federation.settle()["pod1"].rows("profile")[str(eve)]["first_name"] == "New"
    with harmless(federation, eve):
        answers = brought(federation, eve.peer, {"old": eve.seal(old)}, "pod1")
    assert answers == {"old": f"Refused: profile of {eve}: a newer one is known here"}


def test_what_anybody_may_see_of_a_profile_takes_nothing_from_who_may_see_more(
    federation: Federation, peer: Peer, eve: PeerPerson, bob: Account
) -> None:
    """Clauses: DEC-2.7; protocol 9 row 7."""
    eve.send(eve.entity("contact", recipient=str(bob), following=True, sharing=True), bob)
    federation.settle()
    shown = peer.accept("profile")
    bob.edit_profile(first_name="Bobby", bio="For my friends")
    before = federation.settle()
    assert (shown.times, before["pod1"].rows("profile")[str(bob)]["bio"]) == (1, "For my friends")

    # What eve's pod was told goes to the home, and to pods with friends.
    (told,) = peer.received("profile")
    for pod in ("pod1", "pod2", "pod3"):
        assert peer.bring(told.envelope, pod) == 202
    assert federation.settle() == before


def test_a_private_message_for_one_person_is_none_for_another(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account, debora: Account
) -> None:
    """Clauses: DEC-2.8; protocol 9 row 8."""
    peer.accept("contact", "profile")
    for friend in (carol, debora):
        friend.share(eve.diaspora_id, aspect="friends")
    talk, guid = peer.new_guid(), peer.new_guid()
    conversation = eve.entity(
        "conversation", guid=talk, subject="Psst", created_at=WHEN, participants=f"{eve};{carol}"
    )
    message = eve.entity("message", guid=guid, text=CANARY, conversation_guid=talk)
    for said in (conversation, message):
        eve.send(said, carol)
    federation.settle()
    contact = eve.entity("contact", recipient=str(carol), following=False, sharing=False)
    with harmless(federation, eve):
        # Somebody to whom eve has written passes it on to debora.
        envelopes = {"contact": contact, "conversation": conversation, "message": message}
        bodies = {n: peer.encrypted(eve.seal(said), debora) for n, said in envelopes.items()}
        answers = brought(federation, peer, bodies, debora)
    assert answers == {
        "contact": f"InvalidSender: contact for {carol} was sent to debora",
        "conversation": f"InvalidSender: conversation {talk}: {debora} has no part",
        "message": f"InvalidSender: message {guid}: {debora} has no part in it",
    }


def test_who_has_closed_the_account_says_nothing_more(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.15; protocol 9 row 27."""
    ann, parent = peer.person("ann"), fixtures.posts["carol_public"].guid
    carol.look_up(str(ann))
    ann.send(ann.entity("account_deletion"), "pod1")
    federation.settle()
    said = {
        "post": post(ann),
        "comment": ann.signed("comment", guid=peer.new_guid(), parent_guid=parent, text=CANARY),
        "profile": ann.entity("profile", first_name="Ann", public=True),
        "deletion": ann.entity("account_deletion"),
    }
    with harmless(federation, eve):
        bodies = {name: ann.seal(text) for name, text in said.items()}
        answers = brought(federation, peer, bodies, "pod1")
    assert answers == dict.fromkeys(
        said, f"InvalidSender: {ann} is closed and says nothing any more"
    )


def test_nobody_writes_lines_into_the_log(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-2.17; protocol 9 row 30."""
    line = "\nevent=received entity=trojan reason=none\r\n\x1b[31m\u202e"
    text = line.replace("\x1b", "")
    bodies = {
        "a type": eve.seal(eve.entity("retraction", target_guid=peer.new_guid(), target_type=text)),
        "a name": eve.seal(f"<x{CANARY[:5]}>{text}</x{CANARY[:5]}>"),
        "an author": eve.seal(post(eve, author=f"x@{text}")),
        "a sender": eve.seal_as(f"x@{line}", post(eve)),
        "a type of data": eve.seal(post(eve)).replace(b"application/xml", b"a&#10;event=received"),
    }
    with harmless(federation, eve):
        brought(federation, peer, bodies, "pod1")
        lines = federation["pod1"].log_lines()
    assert [each for each in lines if each.get("entity") == "trojan"] == []
    assert [each.get("event") for each in lines] == ["dropped"] * len(bodies)
    assert all(reason.isprintable() for each in lines for reason in each.values())
