"""A real pod that knows what a golden vector takes for granted, and what it makes of the vector."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pod.app import Core, create_core
from pod.domain.entities import Comment, Conversation, Event, Poll, PollAnswer, StatusMessage
from pod.domain.errors import DomainError
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Account, Person
from pod.jobs import receive
from pod.store import state
from pod.store.unit_of_work import UnitOfWork
from pod.wire.errors import WireError
from tests.pod.acquainted import ANSWER, NOW, POLL, add_person
from tests.pod.wire.vectors import Vector, named, owners

PEOPLE = ("alice", "bob", "dave", "carol_old", "christy_new", "mallory", "legacy1024")
EVENT = Guid("bb8371f0b1c901342ebd55853a9b5d75")
STOPPED = ("contact_stop_sharing", "pypi_unfollow")
"""Vectors that end what has begun before."""

TALK = Guid("9b1376a029eb013487753131731751e9")


@dataclass(frozen=True)
class Verdict:
    """What the pod made of a message; `reason` is empty if it was accepted."""

    error: str
    reason: str
    changed: bool

    @property
    def is_accepted(self) -> bool:
        return not self.error


@cache
def verdict_of(file: str, name: str) -> Verdict:
    """What the pod makes of a golden vector; asked once for all tests."""
    with TemporaryDirectory() as folder:
        return judged(named(name, file), Path(folder))


def judged(vector: Vector, folder: Path) -> Verdict:
    """Post a vector to the pod that it is meant for."""
    with pod_for(vector, folder) as core:
        recipient = _recipient(core, vector)
        body = str(vector["body_json"] if recipient else vector["envelope_xml"]).encode()
        return received(core, body, recipient)


def received(core: Core, body: bytes, recipient: Account | None) -> Verdict:
    """Let a pod process a message, and compare what it believes before and after."""
    before = _rows(core)
    error = reason = ""
    try:
        receive.process(core.context, body, recipient)
    except (DomainError, WireError) as refusal:
        error, reason = type(refusal).__name__, str(refusal)
    return Verdict(error, reason, _rows(core) != before)


def _rows(core: Core) -> list[state.Row]:
    with core.context.work() as work:
        return state.rows(work)


@contextmanager
def pod_for(vector: Vector, folder: Path) -> Iterator[Core]:
    context = vector.get("context") or []
    host = _host(vector, context)
    settings = {"POD_HOST": host, "POD_DATABASE_URL": f"sqlite:///{folder}/pod.sqlite3"}
    core = create_core(settings, send=_nobody_answers)
    try:
        with core.context.work() as work:
            people = {label: add_person(work, label) for label in PEOPLE}
            _befriend(work, people, is_shared_with=vector["name"] in STOPPED)
            _write_context(work, people, context)
            if vector.get("entity") == "message":
                _begin_talk(work, people)
        yield core
    finally:
        core.close()


def _host(vector: Vector, context: list[Mapping[str, Any]]) -> str:
    if vector["route"] == "private":
        return DiasporaId(owners()[vector["recipient_label"]].diaspora_id).host
    local = [DiasporaId(entry["author"]).host for entry in context if entry["local"]]
    return local[0] if local else "elsewhere.test"


def _nobody_answers(
    method: str, url: str, headers: list[tuple[str, str]], body: bytes
) -> tuple[int, list[tuple[str, str]], bytes]:
    raise ConnectionError(f"{method} {url}: not in this test ({len(headers)}, {len(body)})")


def _recipient(core: Core, vector: Vector) -> Account | None:
    if vector["route"] != "private":
        return None
    with core.context.work() as work:
        name = DiasporaId(owners()[vector["recipient_label"]].diaspora_id)
        account = work.accounts.by_username(name.username)
        assert account is not None
        return account


def _befriend(work: UnitOfWork, people: Mapping[str, Person], *, is_shared_with: bool) -> None:
    """Whoever lives here has alice as a contact, as conversations need it."""
    for account in work.accounts.local(people.values()):
        if account.person.id != people["alice"].id:
            work.sharing.set_contact(
                account, people["alice"], sharing=is_shared_with, receiving=True
            )


def _write_context(
    work: UnitOfWork, people: Mapping[str, Person], context: list[Mapping[str, Any]]
) -> None:
    by_id = {person.diaspora_id: person for person in people.values()}
    guids = {entry["type"]: Guid(entry["guid"]) for entry in context}
    hosts = [entry for entry in context if entry["type"] != "Comment"]
    if not hosts:
        return
    author = by_id[DiasporaId(hosts[0]["author"])]
    guid = guids.get("Post", Guid("aaaaaaaaaaaaaaaa"))
    root = work.posts.add(_post(guid, author, guids), author)
    for entry in context:
        if entry["type"] == "Comment":
            by = by_id[DiasporaId(entry["author"])]
            comment = Comment(
                author=by.diaspora_id, guid=Guid(entry["guid"]), parent_guid=guid, text="First!"
            )
            work.interactions.add(comment, by, root)


def _post(guid: Guid, author: Person, guids: Mapping[str, Guid]) -> StatusMessage:
    answers = (
        PollAnswer(guid=ANSWER, answer="Yes"),
        PollAnswer(guid=Guid("2a22e5e029e9013487753131731751e9"), answer="No"),
    )
    event = Event(author=author.diaspora_id, guid=EVENT, summary="Party", start=NOW)
    return StatusMessage(
        author=author.diaspora_id,
        guid=guid,
        public=True,
        text="what is talked about",
        poll=Poll(guid=POLL, question="Really?", poll_answers=answers) if "Poll" in guids else None,
        event=event if "Event" in guids else None,
    )


def _begin_talk(work: UnitOfWork, people: Mapping[str, Person]) -> None:
    alice, bob = people["alice"], people["bob"]
    names = (alice.diaspora_id, bob.diaspora_id)
    talk = Conversation(author=names[0], guid=TALK, subject="s", participants=names)
    work.conversations.add(talk, alice, (alice, bob))
