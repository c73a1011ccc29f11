"""eve says what only others may say: in their names, or with no signature of her own.

pod1 knows eve and bob, and both their keys. Nothing of it comes true, and the log says why.

Clauses: DEC-2.2, DEC-2.3; protocol 9 rows 9, 11, 13, 14
"""

import pytest

from harness import Account, Federation, Fixtures, Invitation, Peer, PeerPerson, Value
from scenarios.attacks import CANARY, WHEN, brought, harmless, post

PRIVATE = ("contact", "conversation", "message", "participation")
RELAYED = ("comment", "like", "poll_participation", "event_participation")
SPOKEN_FOR = (
    *("status_message", "photo", "reshare", "profile", "account_deletion"),
    *PRIVATE,
    *RELAYED,
    *("account_migration", "account_rename"),
)


def told(name: str, peer: Peer, bob: Account, fixtures: Fixtures) -> dict[str, Value]:
    """What an entity says besides its author; all of it would be fine if that were true."""
    guid, parent = peer.new_guid(), fixtures.posts["carol_public"].guid
    profile = {"author": "bob@mallory.test", "first_name": "Bob"}
    fields: dict[str, dict[str, Value]] = {
        "status_message": {"guid": guid, "public": True, "text": CANARY},
        "photo": {
            "guid": guid,
            "public": True,
            "remote_photo_path": "https://peer.test/",
            "remote_photo_name": "a.png",
        },
        "reshare": {"guid": guid, "root_author": "carol@pod1.test", "root_guid": parent},
        "profile": {"first_name": "Bobby", "public": True},
        "account_deletion": {},
        "contact": {"recipient": "carol@pod1.test", "following": False, "sharing": False},
        "conversation": {
            "guid": guid,
            "subject": "Psst",
            "participants": f"{bob};carol@pod1.test",
            "message": {
                "author": str(bob),
                "guid": peer.new_guid(),
                "text": CANARY,
                "conversation_guid": guid,
            },
        },
        "message": {
            "guid": guid,
            "text": CANARY,
            "conversation_guid": fixtures.conversations["carol_alice_bob_debora"].guid,
        },
        "participation": {"guid": guid, "parent_guid": parent, "parent_type": "Post"},
        "comment": {"guid": guid, "parent_guid": parent, "text": CANARY, "created_at": WHEN},
        "like": {"guid": guid, "parent_guid": parent, "parent_type": "Post", "positive": True},
        "poll_participation": {"guid": guid, "parent_guid": parent, "poll_answer_guid": guid},
        "event_participation": {"guid": guid, "parent_guid": parent, "status": "accepted"},
        "account_migration": {"profile": profile, "signature": "bm8="},
        "account_rename": {
            "person": {
                "guid": guid,
                "author": "bob@mallory.test",
                "url": "https://mallory.test/",
                "profile": profile,
                "exported_key": peer.nobody("bob").identity.public_key,
            }
        },
    }
    return fields[name]


def asked_in(federation: Federation, kind: str, post: str) -> str:
    """The GUID of a post's poll or event."""
    rows = federation.settle()["pod1"].rows(kind).items()
    return next(guid for guid, row in rows if row["post"] == post)


@pytest.mark.parametrize("name", SPOKEN_FOR)
def test_nobody_speaks_for_somebody_else(
    federation: Federation,
    peer: Peer,
    eve: PeerPerson,
    carol: Account,
    bob: Account,
    fixtures: Fixtures,
    name: str,
) -> None:
    """Clauses: DEC-2.2; protocol 9 row 9, row 14."""
    fields = told(name, peer, bob, fixtures) | {"author": str(bob)}
    if name == "poll_participation":
        asked = fixtures.posts["carol_public_poll"].guid
        fields["parent_guid"] = asked_in(federation, "poll", asked)
    if name == "event_participation":
        party = carol.invite("Come!", Invitation("Party", "2026-02-01T18:00:00Z"))
        fields["parent_guid"] = asked_in(federation, "event", party.guid)
    make = eve.signed if name in RELAYED else eve.entity
    sealed = eve.seal(make(name, **fields))
    with harmless(federation, eve):
        if name in PRIVATE:
            (answer,) = brought(
                federation, peer, {name: peer.encrypted(sealed, carol)}, carol
            ).values()
        else:
            (answer,) = brought(federation, peer, {name: sealed}, "pod1").values()
    what = name.title().replace("_", "")
    assert answer == (
        f"InvalidSender: {eve} may not send {fields['guid']} by {bob} here: "
        f"it goes through the pod of {carol}"
        if name in RELAYED
        else f"InvalidSender: {what} of {bob} was sent by {eve}"
    )


def test_nobody_brings_along_what_somebody_else_is_said_to_have_made(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account, bob: Account
) -> None:
    """Clauses: DEC-2.2; protocol 9 row 9."""
    guid = peer.new_guid()
    photo: dict[str, Value] = {
        "author": str(bob),
        "guid": guid,
        "public": True,
        "text": CANARY,
        "remote_photo_path": "https://peer.test/",
        "remote_photo_name": "a.png",
    }
    event = {"author": str(bob), "guid": guid, "summary": CANARY, "start": WHEN}
    message = {"author": str(bob), "guid": guid, "text": CANARY, "conversation_guid": guid}
    talk = eve.entity(
        "conversation",
        guid=guid,
        subject="Psst",
        participants=f"{eve};{bob};{carol}",
        message=message,
    )
    with harmless(federation, eve):
        answers = brought(
            federation,
            peer,
            {"photo": eve.seal(post(eve, photo=photo)), "event": eve.seal(post(eve, event=event))},
            "pod1",
        )
        bodies = {"message": peer.encrypted(eve.seal(talk), carol)}
        answers |= brought(federation, peer, bodies, carol)
    nested = "InvalidEntity: {}: a nested {} has another author"
    assert answers == {
        "photo": nested.format("status_message", "Photo"),
        "event": nested.format("status_message", "Event"),
        "message": nested.format("conversation", "Message"),
    }


def test_who_comments_has_to_sign_it(
    federation: Federation, peer: Peer, eve: PeerPerson, bob: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.3; protocol 9 row 13, row 11."""
    ann = peer.person("ann")
    fields = told("comment", peer, bob, fixtures)
    good = eve.signed("comment", **fields)
    signature = good.partition("<author_signature>")[2].partition("<")[0]
    bodies = {
        "none": eve.entity("comment", **fields),
        "empty": eve.entity("comment", **fields, author_signature=""),
        "base64url": good.replace(signature, "-_" * 170),
        "another key": ann.signed("comment", **fields | {"author": str(eve)}),
        "another text": good.replace(CANARY, CANARY + "!"),
        "another order": eve.entity(
            "comment", **dict(reversed(fields.items())), author_signature=signature
        ),
        "one more element": good.replace("</comment>", "<edited_at>2026</edited_at></comment>"),
        "twice": good.replace("</comment>", "<author_signature>bm8=</author_signature></comment>"),
        "two authors": good.replace("</author>", f"</author><author>{bob}</author>", 1),
    }
    with harmless(federation, eve):
        sealed = {name: eve.seal(text) for name, text in bodies.items()}
        answers = brought(federation, peer, sealed, "pod1")
    signature_of = f"Refused: Comment {fields['guid']} of {eve}: "
    missing, wrong = f"{signature_of}has no signature", f"{signature_of}wrong signature"
    forged = ("base64url", "another key", "another text", "another order", "one more element")
    assert answers == dict.fromkeys(("none", "empty"), missing) | dict.fromkeys(forged, wrong) | {
        "twice": "InvalidEntity: comment: author_signature: occurs twice",
        "two authors": "InvalidEntity: comment: author: occurs twice",
    }
