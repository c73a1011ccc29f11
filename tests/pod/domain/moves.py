"""A pod that is told of moves, and the messages that tell it, made with the keys of the vectors."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from pod.domain.entities import AccountRename, Entity, Profile
from pod.domain.entities import Person as Identity
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Person
from pod.jobs.crypto import WireCrypto
from pod.wire import entities, magic_envelope
from tests.pod.pair import Answer, Pods, joined
from tests.pod.wire.vectors import Owner, owners

CAROL = DiasporaId("carol@pod-a.example.org")
CHRISTY = DiasporaId("christy@pod-b.example.org")
CRYPTO = WireCrypto()


@dataclass
class Home:
    """Another pod that serves one thing, or nothing."""

    served: dict[str, bytes] = field(default_factory=dict)

    def handle(self, _method: str, target: str, _headers: object, _body: bytes) -> Answer:
        found = self.served.get(target)
        return (404, [], b"") if found is None else (200, [], found)

    def step(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing is open."""


class Pod:
    """The pod under test, and what it has come to believe."""

    def __init__(self, pods: Pods) -> None:
        self.pods = pods
        self.core = pods["pod1"]

    def know(self, owner: Owner) -> Person:
        """Have somebody discovered before."""
        diaspora_id = DiasporaId(owner.diaspora_id)
        person = Person(
            id=0,
            diaspora_id=diaspora_id,
            guid=Guid(owner.guid),
            public_key=owner.pem["public_key_spki_pem"],
            pod_url=f"https://{diaspora_id.host}/",
        )
        with self.core.context.work() as work:
            return work.people.add(person, Profile(author=diaspora_id), work.now)

    def receive(self, envelope: bytes) -> str | None:
        """Post a message; why it was dropped, if it was."""
        status, _, _ = self.core.handle("POST", "/receive/public", [], envelope)
        assert status == 202
        self.pods.settle()
        with self.core.context.work() as work:
            query = "SELECT state, reason FROM inbox ORDER BY id DESC LIMIT 1"
            state, reason = work.connection.exec_driver_sql(query).one()
        return None if state == "done" else str(reason)

    @property
    def moves(self) -> dict[str, str]:
        """Old IDs, and where they moved to."""
        rows = self.pods.state("pod1", "account_migration")
        return {old: str(fields["new_id"]) for (_, old), fields in rows.items()}

    @property
    def pending(self) -> int:
        """How many moves wait for the new home's consent."""
        with self.core.context.work() as work:
            query = "SELECT count(*) FROM pending_migrations"
            return int(work.connection.exec_driver_sql(query).scalar_one())

    def wait(self, time: timedelta) -> None:
        """Set the clock forward and let happen what is due by then."""
        clock = self.core.context.clock
        clock.set(clock.now() + time)
        self.core.context.wake()
        self.pods.settle()

    def home_of(self, host: str) -> Home:
        """Let a host be reached."""
        home = Home()
        self.pods.cores[host] = home  # type: ignore[assignment]  # as much of a core as is needed
        return home


@contextmanager
def a_pod(folder: Path, *known: str, **settings: str) -> Iterator[Pod]:
    with joined(folder, "pod1", **settings) as pods:
        pod = Pod(pods)
        for label in known or ("carol_old", "christy_new"):
            pod.know(owners()[label])
        yield pod


def identity_of(owner: Owner, **changes: object) -> Identity:
    diaspora_id = DiasporaId(owner.diaspora_id)
    identity = Identity(
        guid=Guid(owner.guid),
        author=diaspora_id,
        url=f"https://{diaspora_id.host}/",
        profile=Profile(author=diaspora_id),
        exported_key=owner.pem["public_key_spki_pem"],
    )
    return replace(identity, **changes)  # type: ignore[arg-type]  # fields of the test's choice


def renamed(old: str, new: str, *, is_signed: bool = True, **changes: Any) -> bytes:  # noqa: ANN401 - fields
    """A rename of one owner of keys to another."""
    was, becomes = owners()[old], owners()[new]
    old_id = DiasporaId(was.diaspora_id)
    rename = AccountRename(author=old_id, person=identity_of(becomes, **changes))
    if is_signed:
        key = becomes.pem["private_key_pkcs8_pem"]
        rename = replace(rename, new_signature=CRYPTO.sign_rename(old_id, rename, key))
    return sealed(rename, was)


def sealed(entity: Entity, owner: Owner) -> bytes:
    sender = DiasporaId(owner.diaspora_id)
    return magic_envelope.seal(entities.encode(entity), sender, owner.private_key)
