"""What is refused whoever sends it, and what becomes of repeated or contradicting messages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pod.app import Core
from pod.domain import receive
from pod.domain.entities import (
    Comment,
    Entity,
    Message,
    Photo,
    Poll,
    PollAnswer,
    Profile,
    StatusMessage,
)
from pod.domain.errors import Conflict, Invalid, InvalidSender, Refused
from pod.domain.identity import DiasporaId, Guid
from pod.domain.incoming import Incoming
from pod.wire.properties import BY_NAME
from tests.pod.acquainted import NOW, POLL, POST, pod_of
from tests.pod.wire.vectors import owners


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    with pod_of({"context": [{"local": True}]}, tmp_path) as made:
        yield made


def deliver(core: Core, entity: Entity, sender: str, recipient: str | None = None) -> None:
    """Apply an entity as if it had come in an envelope of the sender's."""
    with core.context.work() as work:
        person = work.people.need(DiasporaId(owners()[sender].diaspora_id))
        account = None if recipient is None else work.accounts.by_username(recipient)
        receive.receive(work, entity, Incoming(sender=person, recipient=account, envelope=b""))


BOB = DiasporaId("bob@pod-b.example.org")
PHOTO = Photo(
    guid=Guid("f0f0f0f0f0f0f0f0f0"),
    author=BOB,
    public=True,
    remote_photo_path="https://pod-b.example.org/p/",
    remote_photo_name="a.png",
)
SAID = StatusMessage(author=BOB, guid=Guid("b0b0b0b0b0b0b0b0b0"), public=True, text="Hello.")


def test_a_limited_post_or_photo_does_not_come_publicly(core: Core) -> None:
    for entity in (replace(SAID, public=False), replace(PHOTO, public=False)):
        with pytest.raises(Refused, match="came publicly"):
            deliver(core, entity, "bob")


def test_a_private_message_does_not_come_publicly(core: Core) -> None:
    message = Message(author=BOB, guid=SAID.guid, text="Psst.", conversation_guid=POST)
    with pytest.raises(Refused, match="came publicly"):
        deliver(core, message, "bob")


def test_private_fields_of_a_profile_do_not_come_publicly(core: Core) -> None:
    with pytest.raises(Refused, match="private fields"):
        deliver(core, Profile(author=BOB, bio="My life"), "bob")


def test_nobody_posts_in_the_name_of_somebody_else(core: Core) -> None:
    with pytest.raises(InvalidSender, match="sent by mallory"):
        deliver(core, SAID, "mallory")


def test_a_closed_person_says_nothing_any_more(core: Core) -> None:
    with core.context.work() as work:
        work.people.close(work.people.need(BOB))
    with pytest.raises(InvalidSender, match="closed"):
        deliver(core, SAID, "bob")


def test_nobody_takes_over_the_guid_of_somebody_elses_post(core: Core) -> None:
    deliver(core, SAID, "bob")
    taken = replace(SAID, author=DiasporaId("dave@pod-d.example.org:3000"), text="Mine.")
    with pytest.raises(Conflict, match="another author"):
        deliver(core, taken, "dave")


def test_nobody_takes_over_a_photo(core: Core) -> None:
    deliver(core, PHOTO, "bob")
    dave = DiasporaId("dave@pod-d.example.org:3000")
    with pytest.raises(Conflict, match="photo"):
        deliver(core, replace(PHOTO, author=dave), "dave")
    with pytest.raises(Conflict, match="photo"):
        deliver(core, replace(SAID, author=dave, photos=(replace(PHOTO, author=dave),)), "dave")


def test_nobody_takes_over_a_poll(core: Core) -> None:
    poll = Poll(
        guid=POLL,
        question="Select mine",
        poll_answers=(
            PollAnswer(guid=Guid("aaaaaaaaaaaaaaaaaaaa"), answer="1"),
            PollAnswer(guid=Guid("bbbbbbbbbbbbbbbbbbbb"), answer="2"),
        ),
    )
    with pytest.raises(Conflict, match="poll"):
        deliver(core, replace(SAID, poll=poll), "bob")


def test_a_post_that_comes_again_stays_as_it_was(core: Core) -> None:
    deliver(core, SAID, "bob")
    deliver(core, replace(SAID, text="I never said that."), "bob")
    with core.context.work() as work:
        stored = work.posts.by_guid(SAID.guid)
        assert stored is not None
        assert work.posts.entity(stored) == SAID


def test_a_post_that_comes_again_mentions_nobody_else(core: Core) -> None:
    alice = owners()["alice"].diaspora_id
    deliver(core, SAID, "bob")
    deliver(core, replace(SAID, text=f"@{{Alice; {alice}}}"), "bob")
    with core.context.work() as work:
        stored, account = work.posts.by_guid(SAID.guid), work.accounts.by_username("alice")
        assert stored is not None
        assert account is not None
        assert (work.posts.mentioned(stored), work.notifications.of(account)) == ((), ())


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_post_of_neither_text_nor_photos_is_refused(core: Core, text: str) -> None:
    with pytest.raises(Invalid, match="neither text nor photos"):
        deliver(core, replace(SAID, text=text), "bob")
    deliver(core, replace(SAID, text=text, photos=(PHOTO,)), "bob")


def test_a_photo_that_comes_again_is_updated(core: Core) -> None:
    deliver(core, PHOTO, "bob")
    deliver(core, replace(PHOTO, text="At the sea"), "bob")
    with core.context.work() as work:
        found = work.posts.photo(PHOTO.guid)
    assert found is not None
    assert found[0] == replace(PHOTO, text="At the sea")


def test_what_was_retracted_does_not_come_back(core: Core) -> None:
    with core.context.work() as work:
        work.migrations.record_retraction("Post", SAID.guid, None, NOW)
    with pytest.raises(Refused, match="was retracted"):
        deliver(core, SAID, "bob")


def test_a_comment_on_a_limited_post_comes_only_privately_and_from_those_addressed(
    core: Core,
) -> None:
    with core.context.work() as work:
        alice = work.accounts.by_username("alice")
        assert alice is not None
        secret = replace(SAID, author=alice.person.diaspora_id, public=False)
        root = work.posts.add(secret, alice.person)
        work.posts.address(root, [work.people.need(BOB)], [])
    comment = Comment(author=BOB, guid=POST, parent_guid=SAID.guid, text="Hm.")
    outsider = replace(comment, author=DiasporaId("mallory@evil.example.net"))
    with pytest.raises(Refused, match="limited"):
        deliver(core, comment, "bob")
    with pytest.raises(InvalidSender, match="not addressed"):
        deliver(core, outsider, "mallory", "alice")


def test_there_is_a_rule_for_everything_that_may_be_sent() -> None:
    assert receive.RECEIVERS.keys() == {schema.make for schema in BY_NAME.values()}
