"""Our pod speaks, and the library `federation` understands, as far as it goes.

Where the library does otherwise than the protocol says, the test is expected to fail, and says why.
"""

import base64
from typing import Any

import pytest

from harness import Invitation, Poll
from harness.facts.reference import Ref
from harness.gate import forge
from tests.interop.conftest import FRIDAS_ID, Deviation, Meeting, new_guid
from tests.interop.foreign import FRIDA, HOST


def test_the_library_discovers_a_person_of_ours(meeting: Meeting) -> None:
    row = meeting.settle()["pod1"].rows("person")[str(meeting.alice)]
    found = meeting.foreign.do("discover", handle=str(meeting.alice))
    assert (found["handle"], found["guid"]) == (str(meeting.alice), row["guid"])
    assert found["public_key"].startswith("-----BEGIN PUBLIC KEY-----")
    assert found["image_urls"]["large"].startswith("https://pod1.test/")


def test_the_library_understands_that_we_share_and_stop_sharing(meeting: Meeting) -> None:
    meeting.heard("DiasporaContact")
    meeting.alice.unshare(FRIDAS_ID)
    meeting.settle()
    meeting.alice.share(FRIDAS_ID, aspect="friends")
    heard = meeting.heard("DiasporaContact")
    assert [(each["handle"], each["following"]) for each in heard] == [
        (str(meeting.alice), False),
        (str(meeting.alice), True),
    ]


@pytest.mark.parametrize("aspect", ["public", "friends"])
def test_the_library_reads_our_posts(meeting: Meeting, aspect: str) -> None:
    meeting.heard("DiasporaPost")
    post = meeting.alice.post("To whom it may concern", to=aspect)
    (heard,) = meeting.heard("DiasporaPost")
    assert (heard["guid"], heard["raw_content"], heard["public"]) == (
        post.guid,
        "To whom it may concern",
        aspect == "public",
    )


def test_the_library_reads_our_comment_on_its_post(meeting: Meeting, post_of_frida: str) -> None:
    comment = meeting.alice.comment(Ref("post", post_of_frida), "well said")
    (heard,) = meeting.heard("DiasporaComment")
    assert (heard["guid"], heard["raw_content"], heard["target_guid"]) == (
        comment.guid,
        "well said",
        post_of_frida,
    )
    assert heard["signature"]


def test_the_library_reads_a_comment_that_our_pod_relays(
    meeting: Meeting, post_of_alice: Ref
) -> None:
    meeting.heard("DiasporaComment")
    comment = meeting.bob.comment(post_of_alice, "from pod2")
    (heard,) = meeting.heard("DiasporaComment")
    assert (heard["guid"], heard["handle"]) == (comment.guid, str(meeting.bob))


def test_the_library_reads_our_like(meeting: Meeting, post_of_frida: str) -> None:
    like = meeting.alice.like(Ref("post", post_of_frida))
    (heard,) = meeting.heard("DiasporaLike")
    assert (heard["guid"], heard["target_guid"]) == (like.guid, post_of_frida)


def test_the_library_reads_our_reshare(meeting: Meeting, post_of_frida: str) -> None:
    reshare = meeting.alice.reshare(Ref("post", post_of_frida))
    (heard,) = meeting.heard("DiasporaReshare")
    assert (heard["guid"], heard["target_guid"], heard["target_handle"]) == (
        reshare.guid,
        post_of_frida,
        FRIDA,
    )


def test_the_library_reads_our_retraction(meeting: Meeting, post_of_alice: Ref) -> None:
    meeting.alice.retract(post_of_alice)
    (heard,) = meeting.heard("DiasporaRetraction")
    assert (heard["target_guid"], heard["entity_type"]) == (post_of_alice.guid, "Post")


def test_the_library_reads_a_retraction_that_our_pod_relays(
    meeting: Meeting, post_of_alice: Ref
) -> None:
    comment = meeting.bob.comment(post_of_alice, "from pod2")
    meeting.settle()
    meeting.foreign.received()
    meeting.bob.retract(comment)
    (heard,) = meeting.heard("DiasporaRetraction")
    assert (heard["handle"], heard["target_guid"]) == (str(meeting.alice), comment.guid)


def test_the_library_reads_our_profile(meeting: Meeting) -> None:
    meeting.settle()
    meeting.foreign.received()
    meeting.alice.edit_profile(first_name="Alice", bio="Gardener", gender="f", location="Oxford")
    (heard,) = meeting.heard("DiasporaProfile")
    assert (heard["name"], heard["raw_content"], heard["gender"], heard["location"]) == (
        "Alice",
        "Gardener",
        "f",
        "Oxford",
    )


def test_the_library_fetches_our_post(meeting: Meeting, post_of_alice: Ref) -> None:
    found = meeting.foreign.do(
        "get", handle=str(meeting.alice), kind="post", guid=post_of_alice.guid
    )
    assert (found["guid"], found["raw_content"]) == (post_of_alice.guid, "Hello from pod1")


def test_the_library_reads_a_photo_in_our_post(meeting: Meeting) -> None:
    meeting.heard("DiasporaPost")
    photo = meeting.alice.photo(PIXEL)
    post = meeting.alice.post("Look", photos=[photo])
    (heard,) = meeting.heard("DiasporaPost")
    children = heard["children"]
    assert heard["guid"] == post.guid
    assert isinstance(children, list)
    assert [child["class"] for child in children] == ["DiasporaImage"]


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def read_what_came(meeting: Meeting) -> list[dict[str, Any]]:
    """What the library understood of what has come; something must have."""
    came = meeting.foreign.received()
    assert came
    return [entity for message in came for entity in message.get("entities", ())]


# --- where the library does otherwise ------------------------------------------------------------


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 4.10: the library drops conversations without an error",
)
def test_the_library_reads_our_private_message(meeting: Meeting) -> None:
    meeting.settle()
    meeting.foreign.received()
    assert meeting.alice.login is not None
    meeting.alice.adapter.converse(meeting.alice.login, [FRIDAS_ID], "Hello", "Hello")
    meeting.settle()
    if not read_what_came(meeting):
        raise Deviation("it was dropped")


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 4.4: the library maps neither polls nor events",
)
@pytest.mark.parametrize("part", ["poll", "event"])
def test_the_library_reads_what_is_in_our_post(meeting: Meeting, part: str) -> None:
    meeting.heard("DiasporaPost")
    if part == "poll":
        meeting.alice.post("Which?", poll=Poll("Which?", ("this", "that")))
    else:
        meeting.alice.invite("Come!", Invitation("Party", "2026-02-01T18:00:00Z"))
    (heard,) = meeting.heard("DiasporaPost")
    if not heard["children"]:
        raise Deviation(f"the post came without its {part}")


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 4.6: a vote has an author; the library knows no poll_participation",
)
def test_the_library_reads_a_vote(meeting: Meeting) -> None:
    poll = meeting.alice.post("Which?", poll=Poll("Which?", ("this", "that")))
    meeting.settle()
    meeting.foreign.received()
    meeting.bob.vote(poll, "this")
    meeting.settle()
    if not read_what_came(meeting):
        raise Deviation("it was dropped")


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 9 row 13: a comment in the name of somebody else needs that "
    "author's signature; the library verifies a signature only if there is one",
)
def test_the_library_refuses_a_comment_that_its_author_did_not_sign(
    meeting: Meeting, post_of_frida: str
) -> None:
    """alice's pod seals what bob never said; her key is from the pool of test keys."""
    meeting.settle()
    meeting.foreign.received()
    payload = (
        f"<comment><author>{meeting.bob}</author><guid>{new_guid()}</guid>"
        f"<parent_guid>{post_of_frida}</parent_guid><text>never said</text>"
        "<created_at>2026-01-01T12:00:00Z</created_at></comment>"
    )
    _seal_as_alice(meeting, payload)
    if read_what_came(meeting):
        raise Deviation("it was accepted")


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 9 row 21: a limited post that comes publicly is dropped; the "
    "library does not look at the flag",
)
def test_the_library_refuses_a_limited_post_on_the_public_route(meeting: Meeting) -> None:
    meeting.settle()
    meeting.foreign.received()
    payload = (
        f"<status_message><author>{meeting.alice}</author><guid>{new_guid()}</guid>"
        "<created_at>2026-01-01T12:00:00Z</created_at><public>false</public>"
        "<text>limited</text></status_message>"
    )
    _seal_as_alice(meeting, payload)
    if read_what_came(meeting):
        raise Deviation("it was accepted")


@pytest.mark.xfail(
    strict=True,
    raises=Deviation,
    reason="federation protocol 1.4: times may have fractions and offsets; the library raises",
)
def test_the_library_reads_a_time_that_is_not_canonical(meeting: Meeting) -> None:
    meeting.settle()
    meeting.foreign.received()
    payload = (
        f"<status_message><author>{meeting.alice}</author><guid>{new_guid()}</guid>"
        "<created_at>2026-01-01T12:00:00.5Z</created_at><public>true</public>"
        "<text>odd time</text></status_message>"
    )
    _seal_as_alice(meeting, payload)
    if not read_what_came(meeting):
        raise Deviation("it was dropped")


def _seal_as_alice(meeting: Meeting, payload: str) -> None:
    """Post a payload to the foreign pod, in an envelope with alice's key."""
    forger = meeting.federation.forger
    envelope = forger.seal(payload, forger.identity(meeting.alice))
    request = forge.publicly(envelope, HOST)
    assert meeting.federation.gate.carry("pod1", HOST, request).answer is not None
