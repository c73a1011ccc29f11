"""Seeded databases that are kept, under a hash of all that decides what is in them."""

import hashlib
import importlib.util
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import faker

from harness.errors import UsageError
from harness.facts.identity import POD_NAMES, PodName
from harness.facts.journal import Act
from harness.facts.reference import Ref
from harness.federation import Account, Federation
from harness.federation.moment import Moment
from harness.gate.http import Headers
from harness.seeding.fixtures import Fixtures
from harness.settings import ROOT, HarnessSettings

if TYPE_CHECKING:
    from harness.seeding.story import Seeded

FORMAT: Final = 1
RECORD: Final = "seeded.json"
_CODE: Final = ("seeding", "federation", "driver")  # packages of the harness that act
_BYTECODE: Final = "__pycache__"


@dataclass(frozen=True, slots=True)
class SavedAccount:
    """An account, and the session its owner had."""

    pod: PodName
    username: str
    authorization: Headers


@dataclass(frozen=True, slots=True)
class Saved:
    """A past that can be restored.

    Attributes:
        databases: One per pod.
        moment: What the harness knew then.
        people: The cast.
        fixtures: What they had made.
    """

    databases: Mapping[PodName, Path]
    moment: Moment
    people: Mapping[str, SavedAccount]
    fixtures: Fixtures


@dataclass(frozen=True, slots=True)
class Cache:
    """The place for the past that certain settings lead to."""

    folder: Path

    @classmethod
    def of(cls, settings: HarnessSettings) -> "Cache":
        """Find the place."""
        return cls(settings.cache.absolute() / content_hash(settings))

    def load(self) -> Saved | None:
        """What is kept, or None; what is damaged is thrown away."""
        if not self.folder.exists():
            return None  # it may come any moment, whole, from another run: nothing to throw away
        try:
            document = json.loads((self.folder / RECORD).read_text("utf-8"))
            saved = _read(document, self._databases())
            intact = {pod: _digest(path) for pod, path in saved.databases.items()}
        except (OSError, ValueError, KeyError, TypeError):
            intact, document, saved = {}, {}, None
        if saved is not None and intact == document["sha256"]:
            return saved
        shutil.rmtree(self.folder, ignore_errors=True)
        return None

    def save(self, federation: Federation, seeded: "Seeded") -> Saved:
        """Keep a past, whole or not at all; of two that are saved at once one is kept."""
        draft = self.folder.with_name(f"{self.folder.name}.{os.getpid()}")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        federation.copy_databases(draft)
        _write(draft, federation.moment(), seeded)
        try:
            draft.rename(self.folder)
        except OSError:  # another run was faster, and its past is the same
            shutil.rmtree(draft)
        saved = self.load()
        if saved is None:
            raise UsageError(f"what was just written to {self.folder} cannot be read")
        return saved

    def _databases(self) -> dict[PodName, Path]:
        return {pod: self.folder / f"{pod}.sqlite3" for pod in POD_NAMES}


def content_hash(settings: HarnessSettings) -> str:
    """A name for all that decides what a seeded federation holds."""
    about = [FORMAT, faker.VERSION, settings.seed, settings.wire_profile, settings.pod_factory]
    digest = hashlib.sha256(json.dumps(about).encode())
    for path in sorted(_sources(settings)):
        digest.update(f"{path.name} {_digest(path)}\n".encode())
    return digest.hexdigest()[:24]


def _sources(settings: HarnessSettings) -> Iterator[Path]:
    yield settings.fixtures / "cast.toml"
    yield from (settings.fixtures / "keys").glob("*.pem")
    for package in (*_CODE, "runtime"):
        yield from (ROOT / "harness" / package).glob("*.py")
    factory = settings.pod_factory.partition(":")[0]
    for top in {factory.partition(".")[0], settings.pod_server.partition(".")[0]} - {"tests"}:
        yield from _package(top)
    spec = importlib.util.find_spec(factory)
    if spec is not None and spec.origin:
        yield Path(spec.origin)


def _package(name: str) -> Iterator[Path]:
    spec = importlib.util.find_spec(name)
    if spec is None:
        raise UsageError(f"the package {name} with the pod cannot be found")
    for folder in spec.submodule_search_locations or ():
        files = (path for path in Path(folder).rglob("*") if path.is_file())
        yield from (path for path in files if _BYTECODE not in path.parts)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write(folder: Path, moment: Moment, seeded: "Seeded") -> None:
    document = {
        "clock": moment.clock.isoformat(),
        "counts": moment.counts,
        "acts": [asdict(act) for act in moment.acts],
        "people": {name: _kept(account) for name, account in seeded.people.items()},
        "fixtures": seeded.fixtures.as_document(),
        "sha256": {pod: _digest(folder / f"{pod}.sqlite3") for pod in POD_NAMES},
    }
    (folder / RECORD).write_text(json.dumps(document, default=datetime.isoformat), "utf-8")


def _kept(account: Account) -> dict[str, Any]:
    authorization = account.login.authorization if account.login else ()
    return asdict(SavedAccount(account.pod, account.diaspora_id.username, authorization))


def _read(document: Mapping[str, Any], databases: Mapping[PodName, Path]) -> Saved:
    moment = Moment(
        clock=datetime.fromisoformat(document["clock"]),
        counts=dict(document["counts"]),
        acts=tuple(_act(act) for act in document["acts"]),
    )
    people = {
        name: SavedAccount(kept["pod"], kept["username"], _headers(kept["authorization"]))
        for name, kept in document["people"].items()
    }
    return Saved(databases, moment, people, Fixtures.from_document(document["fixtures"]))


def _headers(pairs: list[list[str]]) -> Headers:
    return tuple((name, value) for name, value in pairs)


def _act(document: dict[str, Any]) -> Act:
    refs = tuple(Ref(**ref) for ref in document.pop("refs"))
    return Act(**document | {"refs": refs, "at": datetime.fromisoformat(document["at"])})
