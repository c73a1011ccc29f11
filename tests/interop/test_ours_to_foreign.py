"""Our pod speaks, and the library `federation` understands, as far as it goes."""

import base64

import pytest

from harness.facts.reference import Ref
from tests.interop.conftest import FRIDAS_ID, Meeting
from tests.interop.foreign import FRIDA


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


def test_the_library_reads_that_we_like_something_no_more(
    meeting: Meeting, post_of_frida: str
) -> None:
    post = Ref("post", post_of_frida)
    like = meeting.alice.like(post)
    meeting.settle()
    meeting.foreign.received()
    meeting.alice.unlike(post)
    (heard,) = meeting.heard("DiasporaRetraction")
    assert (heard["target_guid"], heard["entity_type"]) == (like.guid, "Reaction")


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
