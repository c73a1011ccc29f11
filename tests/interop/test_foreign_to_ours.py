"""The library `federation` speaks, and our pod understands.

Where the library does otherwise than the protocol says, the test is expected to fail, and says why.
"""

from typing import Any

import pytest

from harness.facts.reference import Ref
from pod.domain.entities import Contact
from pod.wire import entities, magic_envelope
from tests.interop.conftest import Deviation, Meeting, new_guid
from tests.interop.foreign import FRIDA, GUID


def at(guid: str) -> dict[str, Any]:
    """The target of an entity, as the library wants it."""
    return {"target_guid": guid, "target_id": guid}


def test_our_pod_discovers_a_person_of_the_library(meeting: Meeting) -> None:
    person = meeting.settle()["pod1"].rows("person")[FRIDA]
    profile = meeting.settle()["pod1"].rows("profile")[FRIDA]
    assert (person["guid"], person["pod"]) == (GUID, "peer.test")
    assert (profile["first_name"], profile["last_name"]) == ("Frida", "Foreign")


def test_a_contact_of_the_library_shares_and_stops_sharing(meeting: Meeting) -> None:
    found = []
    for following in (True, False):
        named: dict[str, Any] = {"target_id": str(meeting.alice)}
        named["target_handle"] = str(meeting.alice)
        meeting.foreign.send("Follow", meeting.mailbox, following=following, **named)
        row = meeting.row("contact", f"{meeting.alice}→{FRIDA}")
        found.append(row is not None and row["sharing"])
    assert found == [True, False]


def test_a_public_post_of_the_library_arrives(meeting: Meeting) -> None:
    guid = new_guid()
    text = "plain words"
    meeting.foreign.send("Post", meeting.pod, guid=guid, raw_content=text, public=True)
    row = meeting.row("post", guid)
    assert row is not None
    assert (row["author"], row["public"], str(row["text"]).strip()) == (FRIDA, True, text)


def test_a_limited_post_of_the_library_arrives_for_its_recipient_alone(meeting: Meeting) -> None:
    guid = new_guid()
    meeting.foreign.send("Post", meeting.mailbox, guid=guid, raw_content="for alice", public=False)
    row = meeting.row("post", guid)
    assert row is not None
    assert row["public"] is False
    assert meeting.alice.sees(Ref("post", guid))
    assert meeting.row("visibility", f"{guid}→{meeting.alice}") is not None


def test_a_comment_of_the_library_is_verified_and_relayed(
    meeting: Meeting, post_of_alice: Ref
) -> None:
    guid = new_guid()
    meeting.foreign.send(
        "Comment", meeting.pod, guid=guid, raw_content="nice", **at(post_of_alice.guid)
    )

    snapshots = meeting.settle()
    assert snapshots.author_of(Ref("comment", guid)) == {
        "pod1": "frida@peer",
        "pod2": "frida@peer",
    }
    signature = snapshots["pod2"].rows("signature")[guid]
    names = [pair[0] for pair in signature["signed"]]  # type: ignore[union-attr]
    assert "thread_parent_guid" in names


def test_a_like_of_the_library_is_verified_and_relayed(
    meeting: Meeting, post_of_alice: Ref
) -> None:
    guid = new_guid()
    meeting.foreign.send(
        "Reaction", meeting.pod, guid=guid, reaction="like", **at(post_of_alice.guid)
    )
    assert meeting.settle().holding(Ref("like", guid)) == ("pod1", "pod2")


def test_a_reshare_of_the_library_arrives(meeting: Meeting, post_of_alice: Ref) -> None:
    guid = new_guid()
    meeting.foreign.send(
        "Share",
        meeting.pod,
        guid=guid,
        target_guid=post_of_alice.guid,
        target_id=post_of_alice.guid,
        target_handle=str(meeting.alice),
        public=True,
    )
    row = meeting.row("post", guid)
    assert row is not None
    assert (row["kind"], row["root_guid"]) == ("reshare", post_of_alice.guid)


@pytest.mark.parametrize("kind", ["Post", "Comment"])
def test_a_retraction_of_the_library_is_obeyed(
    meeting: Meeting, post_of_alice: Ref, post_of_frida: str, kind: str
) -> None:
    guid = post_of_frida
    if kind == "Comment":
        guid = new_guid()
        meeting.foreign.send(
            "Comment", meeting.pod, guid=guid, raw_content="oops", **at(post_of_alice.guid)
        )
        assert meeting.row("comment", guid) is not None
    meeting.foreign.send("Retraction", meeting.pod, entity_type=kind, **at(guid))
    assert meeting.row(kind.lower(), guid) is None


def test_a_like_of_the_library_can_be_taken_back(meeting: Meeting, post_of_alice: Ref) -> None:
    guid = new_guid()
    post = at(post_of_alice.guid)
    meeting.foreign.send("Reaction", meeting.pod, guid=guid, reaction="like", **post)
    assert meeting.row("like", guid) is not None
    meeting.foreign.send("Retraction", meeting.pod, entity_type="Reaction", **at(guid))
    assert meeting.settle().holding(Ref("like", guid)) == ()


def test_a_profile_of_the_library_arrives_privately(meeting: Meeting) -> None:
    meeting.foreign.send(
        "Profile",
        meeting.mailbox,
        guid=GUID,
        name="Frida New",
        raw_content="I am a library",
        image_urls=dict.fromkeys(("small", "medium", "large"), "https://peer.test/new.png"),
        tag_list=["books"],
    )
    row = meeting.settle()["pod1"].rows("profile")[FRIDA]
    assert (row["first_name"], row["bio"], row["tag_string"]) == (
        "Frida New",
        "I am a library",
        "#books",
    )


def test_a_post_of_the_library_is_fetched(meeting: Meeting) -> None:
    guid = new_guid()
    fields = {"guid": guid, "raw_content": "fetch me", "public": True}
    meeting.foreign.do("publish", kind="Post", fields=fields)
    found = meeting.alice.look_up(f"diaspora://{FRIDA}/post/{guid}")
    assert found == Ref("post", guid)


def test_a_comment_of_a_third_pod_reaches_the_library_as_root_author(
    meeting: Meeting, post_of_frida: str
) -> None:
    """bob looks a post of frida's up and comments on it; his pod sends that to hers."""
    meeting.bob.look_up(f"diaspora://{FRIDA}/post/{post_of_frida}")
    meeting.bob.comment(Ref("post", post_of_frida), "from pod2")
    (comment,) = meeting.heard("DiasporaComment")
    assert (comment["handle"], comment["target_guid"]) == (str(meeting.bob), post_of_frida)


# --- where the library does otherwise ------------------------------------------------------------


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 4.9: a public profile must say <public>true</public>; the library "
    "never does, so bio and the like cannot travel publicly",
)
def test_a_public_profile_of_the_library_arrives(meeting: Meeting) -> None:
    images = dict.fromkeys(("small", "medium", "large"), "https://peer.test/public.png")
    meeting.foreign.send(
        "Profile", meeting.pod, guid=GUID, name="P", raw_content="bio", image_urls=images
    )
    row = meeting.settle()["pod1"].rows("profile")[FRIDA]
    if row["first_name"] != "P":
        raise Deviation("the profile was refused")


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 4.2: text is sent as it is; the library sends it through Markdown "
    "to HTML and back, and escapes it",
)
def test_a_text_of_the_library_arrives_unchanged(meeting: Meeting) -> None:
    guid = new_guid()
    text = "under_score <b>tag</b>"
    meeting.foreign.send("Post", meeting.pod, guid=guid, raw_content=text, public=True)
    row = meeting.row("post", guid)
    assert row is not None
    if row["text"] != text:
        raise Deviation(row["text"])


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 4.10: people talk in conversations; the library has no such thing, "
    "and what it sends to one person alone is a post",
)
def test_the_library_sends_a_private_message(meeting: Meeting) -> None:
    before = meeting.alice.conversations()
    guid = new_guid()
    words: dict[str, Any] = {"raw_content": "for your eyes only", "public": False}
    refusals = [
        meeting.foreign.refusal("send", kind=kind, fields=words, to=meeting.mailbox)
        for kind in ("Conversation", "Message")
    ]
    meeting.foreign.send("Post", meeting.mailbox, guid=guid, **words)
    meeting.settle()
    if meeting.alice.conversations() == before:
        assert meeting.row("post", guid) is not None
        raise Deviation(f"it came as a post; {refusals}")


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 4.8: following and sharing are told apart; the library always "
    "sends both alike",
)
@pytest.mark.parametrize("sharing", [True, False])
def test_the_library_tells_sharing_from_following_when_it_speaks(
    meeting: Meeting, *, sharing: bool
) -> None:
    flags = {"following": not sharing, "sharing": sharing}
    whom = {"target_id": str(meeting.alice), "target_handle": str(meeting.alice)}
    sealed = meeting.foreign.do("payload", kind="Follow", fields={**whom, **flags})
    contact = entities.decode(magic_envelope.parse(sealed.encode()).payload)
    assert isinstance(contact, Contact)
    if (contact.following, contact.sharing) != (flags["following"], sharing):
        raise Deviation(f"{flags} became following={contact.following}, {contact.sharing=}")
