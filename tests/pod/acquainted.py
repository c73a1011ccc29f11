"""A pod that knows the people of the golden vectors, and what they have said so far."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pod.app import Core, create_core
from pod.domain.entities import (
    Comment,
    Entity,
    Poll,
    PollAnswer,
    Profile,
    StatusMessage,
)
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Person
from pod.jobs import receive as receive_job
from pod.store.unit_of_work import UnitOfWork
from tests.pod.wire.vectors import Vector, envelope_bytes, owners

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
            people = {
                label: add_person(work, label) for label in ("alice", "bob", "dave", "mallory")
            }
            _post(work, people["alice"], people["dave"])
        yield core
    finally:
        core.close()


def _nobody_answers(
    method: str, url: str, headers: list[tuple[str, str]], body: bytes
) -> tuple[int, list[tuple[str, str]], bytes]:
    raise ConnectionError(f"{method} {url}: not in this test ({len(headers)}, {len(body)})")


def add_person(work: UnitOfWork, label: str) -> Person:
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
