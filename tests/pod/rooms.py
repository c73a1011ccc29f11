"""A pod's database in a file, with everything a rule needs, but without jobs and web."""

from datetime import UTC, datetime
from pathlib import Path

from pod.domain.entities import Profile
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Account, Person
from pod.domain.registering import Registration, register
from pod.jobs.crypto import WireCrypto
from pod.settings import Settings
from pod.store import engine
from pod.store.unit_of_work import Services, UnitOfWork
from pod.wire import entities

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)

_KEYS = Path(__file__).parents[2] / "fixtures" / "keys"
_END = "-----END PRIVATE KEY-----\n"


def open_store(folder: Path, url: str = "", **settings: str) -> engine.Store:
    """The database of pod1.test, in a folder or where a URL says; close it in the end."""
    url = url or f"sqlite:///{folder / 'pod1'}.sqlite3"
    policy = Settings.from_mapping(
        {"POD_HOST": "pod1.test", "POD_DATABASE_URL": url, "POD_TEST_MODE": "true", **settings}
    )
    crypto = WireCrypto()
    services = Services(
        policy=policy,
        crypto=crypto,
        now=lambda: NOW,
        encode=entities.encode,
        decode=entities.decode,
        seal=crypto.seal_for,
        test_mode=True,
    )
    engine.prepare(url)
    return engine.Store(url, services, lambda: None)


def private_key(position: int, pod: str = "pod1") -> str:
    """A test key as PEM."""
    return (_KEYS / f"{pod}.pem").read_text().split(_END)[position] + _END


def add_account(work: UnitOfWork, username: str, position: int = 0) -> Account:
    """An open account with one of pod1's keys; tests give each account another position."""
    registration = Registration(
        username=username,
        email=f"{username}@mail.test",
        password_hash="scrypt$16$00$00",  # noqa: S106 - nobody logs in
        private_key=private_key(position),
    )
    return register(work, registration)


def add_person(work: UnitOfWork, diaspora_id: str, position: int = 0) -> Person:
    """Somebody discovered on another pod, with one of pod2's keys."""
    person = Person(
        id=0,
        diaspora_id=DiasporaId(diaspora_id),
        guid=Guid(f"guid-of-{diaspora_id}".ljust(16, "0")),
        public_key=work.crypto.public_key(private_key(position, "pod2")),
        pod_url=f"https://{diaspora_id.partition('@')[2]}/",
    )
    return work.people.add(person, Profile(author=person.diaspora_id), NOW)
