"""Messages that are well-formed and well signed, and must be refused all the same.

The vectors were judged by other implementations, too; see fixtures/wire/SOURCE.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pod.app import Core, create_core
from pod.domain import receive
from pod.domain.entities import (
    Comment,
    Entity,
    EventParticipation,
    Message,
    Photo,
    Poll,
    PollAnswer,
    Profile,
    StatusMessage,
)
from pod.domain.errors import Conflict, DomainError, InvalidSender, Later, Refused
from pod.domain.identity import DiasporaId, Guid
from pod.domain.incoming import Incoming
from pod.domain.people import Person
from pod.jobs import receive as receive_job
from pod.store.unit_of_work import UnitOfWork
from tests.pod.wire.vectors import Vector, envelope_bytes, load, named, owners

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
POST = Guid("c3893bf029e7013487753131731751e9")
POLL = Guid("2a22d6c029e9013487753131731751e9")
ANSWER = Guid("2a22db2029e9013487753131731751e9")
COMMENT = Guid("5c241a3029f8013487763131731751e9")


@contextmanager
def pod_of(vector: Vector, folder: Path) -> Iterator[Core]:
    """A pod that knows what the vector expects: alice's post, with a poll and dave's comment."""
    is_local = vector["context"][0]["local"]
    host = "pod-a.example.org" if is_local else "elsewhere.test"
    settings = {"POD_HOST": host, "POD_DATABASE_URL": f"sqlite:///{folder}/pod.sqlite3"}
    core = create_core(settings, send=_nobody_answers)
    try:
        with core.context.work() as work:
            people = {label: _add(work, label) for label in ("alice", "bob", "dave", "mallory")}
            _post(work, people["alice"], people["dave"])
        yield core
    finally:
        core.close()


def _nobody_answers(
    method: str, url: str, headers: list[tuple[str, str]], body: bytes
) -> tuple[int, list[tuple[str, str]], bytes]:
    raise ConnectionError(f"{method} {url}: not in this test ({len(headers)}, {len(body)})")


def _add(work: UnitOfWork, label: str) -> Person:
    owner = owners()[label]
    diaspora_id = DiasporaId(owner.diaspora_id)
    person = Person(
        id=0,
        diaspora_id=diaspora_id,
        guid=Guid(owner.guid),
        public_key=owner.pem["public_key_spki_pem"],
        pod_url=f"https://{diaspora_id.host}/",
    )
    profile = Profile(author=diaspora_id)
    if diaspora_id.host != work.policy.host:
        return work.people.add(person, profile, NOW)
    credentials = {
        "email": f"{label}@mail.test",
        "password_hash": "none",
        "private_key": owner.pem["private_key_pkcs8_pem"],
    }
    made = work.accounts.add(person, profile, credentials=credentials, state="open", now=NOW)
    return made.person


def _post(work: UnitOfWork, alice: Person, dave: Person) -> None:
    answers = (
        PollAnswer(guid=ANSWER, answer="Yes"),
        PollAnswer(guid=Guid("2a22e5e029e9013487753131731751e9"), answer="No"),
    )
    entity = StatusMessage(
        author=alice.diaspora_id,
        guid=POST,
        public=True,
        text="post with a poll",
        poll=Poll(guid=POLL, question="Select an answer", poll_answers=answers),
    )
    root = work.posts.add(entity, alice)
    comment = Comment(author=dave.diaspora_id, guid=COMMENT, parent_guid=POST, text="First!")
    work.interactions.add(comment, dave, root)


def apply(core: Core, vector: Vector) -> Entity:
    return receive_job.process(core.context, envelope_bytes(vector), None)


def on_the_post(core: Core) -> set[str]:
    with core.context.work() as work:
        root = work.posts.by_guid(POST)
        return set() if root is None else {each.guid for each in work.interactions.on(root)}


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("comment_author_sends_to_non_owner", InvalidSender),
        ("comment_third_party_to_owner", InvalidSender),
        ("comment_author_signature_wrong_key", Refused),
        ("comment_order_changed_after_signing", Refused),
        ("retraction_comment_by_third_party", InvalidSender),
        ("retraction_unknown_target", Later),
        ("participation_for_foreign_parent", Refused),
    ],
)
def test_a_message_that_breaks_the_sender_rule_changes_nothing(
    name: str, error: type[DomainError], tmp_path: Path
) -> None:
    with pod_of(named(name), tmp_path) as core:
        with pytest.raises(error):
            apply(core, named(name))
        assert on_the_post(core) == {COMMENT}


@pytest.mark.parametrize(
    "vector",
    [
        pytest.param(vector, id=vector["name"])
        for vector in load("relayables")
        if "event" not in vector["name"]
    ],
)
def test_a_relayable_that_keeps_the_sender_rule_is_stored(vector: Vector, tmp_path: Path) -> None:
    with pod_of(vector, tmp_path) as core:
        entity: Any = apply(core, vector)
        assert on_the_post(core) == {COMMENT, entity.guid}
        with core.context.work() as work:
            kind = {"Comment": "comment", "Like": "like"}.get(
                type(entity).__name__, "poll_participation"
            )
            kept = work.interactions.signed(kind, entity.guid)  # type: ignore[arg-type]
        # What the root author says on the own post needs no signature, and has none here.
        if entity.author == "alice@pod-a.example.org":
            assert kept is None
        else:
            assert kept is not None
            assert (kept[0].signed, kept[0].author_signature) == (
                entity.signed,
                entity.author_signature,
            )


def test_a_retraction_by_the_root_author_is_obeyed(tmp_path: Path) -> None:
    vector = named("retraction_comment_relayed_by_root_author", "entities")
    with pod_of(vector, tmp_path) as core:
        retraction: Any = apply(core, vector)
        assert on_the_post(core) == {COMMENT} - {retraction.target_guid}


# --- rules for which there is no vector ----------------------------------------------------------


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


def test_what_is_not_supported_is_refused(core: Core) -> None:
    answer = EventParticipation(author=BOB, guid=POST, parent_guid=POLL, status="accepted")
    with pytest.raises(Refused, match="not supported"):
        deliver(core, answer, "bob")
