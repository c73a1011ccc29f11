"""What the pods believe, read at one moment and never changed again.

A `Row` is one object in the neutral form: a type, a key that means the same on every pod (a GUID or
diaspora IDs, never a local row id), and its fields. People are written by diaspora ID.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from harness.facts.identity import PodName
from harness.facts.journal import Act
from harness.facts.reference import Ref

Value = str | int | bool | None | tuple[str, ...] | tuple[tuple[str, str], ...]
"""A field's value: a scalar, a sorted list of names, or a signature's (element, text) pairs."""

AUTHORED = (
    "post",
    "photo",
    "comment",
    "like",
    "poll_participation",
    "event_participation",
    "conversation",
    "message",
)
"""Types of rows that somebody made, and that may be on several pods."""

CHAIN_LIMIT = 5
"""Links of a rename chain that are followed (federation protocol, section 8.8)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One object as one pod holds it."""

    type: str
    key: str
    fields: Mapping[str, Value]

    def __getitem__(self, name: str) -> Value:
        return self.fields[name]

    def text(self, name: str) -> str:
        """A field that is text wherever it is present; absent is the empty string."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    def names(self, name: str) -> tuple[str, ...]:
        """A field that is a list of names."""
        value = self.fields.get(name)
        return tuple(str(item) for item in value) if isinstance(value, tuple) else ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The beliefs of one pod.

    `by_type` maps a row type to its rows by key. `host` is the host part of the pod's diaspora IDs.
    """

    pod: PodName
    host: str
    by_type: Mapping[str, Mapping[str, Row]] = field(hash=False)

    def rows(self, type_: str) -> Mapping[str, Row]:
        """The rows of a type by key; none, if the pod has none."""
        return self.by_type.get(type_, MappingProxyType({}))

    def get(self, type_: str, key: str) -> Row | None:
        return self.rows(type_).get(key)

    def __iter__(self) -> Iterator[Row]:
        for rows in self.by_type.values():
            yield from rows.values()

    def newest(self, diaspora_id: str) -> str:
        """The end of the chain of account migrations from this ID, as the pod knows it."""
        for _ in range(CHAIN_LIMIT):
            migration = self.get("account_migration", diaspora_id)
            if migration is None:
                break
            diaspora_id = migration.text("new_id")
        return diaspora_id

    def knows(self, diaspora_id: str) -> bool:
        """Whether the pod has a person of this ID."""
        return self.get("person", diaspora_id) is not None


def snapshot(pod: PodName, host: str, rows: Iterable[Row]) -> Snapshot:
    """Arrange rows into a snapshot, by type and key in the order given."""
    by_type: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_type.setdefault(row.type, {})[row.key] = row
    return Snapshot(pod, host, {type_: MappingProxyType(found) for type_, found in by_type.items()})


def short(diaspora_id: str) -> str:
    """`carol@pod1` for `carol@pod1.test`: how reports and scenarios write test people."""
    return diaspora_id.removesuffix(".test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where snapshots come from, for the checks that need more than the rows.

    `acts` is everything done up to that moment, seeding included. `databases` makes read-only
    copies of the pods' databases; it may be called while the federation has not been touched
    since, and raises HarnessError otherwise. `canaries` maps a token in a private item's text to
    the item's GUID, `public_keys` the fingerprint of a known key to its PEM text.
    """

    acts: tuple[Act, ...]
    databases: Callable[[], Mapping[PodName, Path]]
    canaries: Mapping[str, str]
    public_keys: Mapping[str, str]


def _full(who: object) -> str:
    """The full diaspora ID of a handle, or of an ID in short form."""
    diaspora_id = str(getattr(who, "diaspora_id", who))
    return diaspora_id if "." in diaspora_id.partition("@")[2] else f"{diaspora_id}.test"


class Snapshots(Mapping[PodName, Snapshot]):
    """The beliefs of all pods of a settled federation; equal by value.

    Each question is answered pod by pod; a pod that has no answer is left out. `origin` tells where
    they come from and takes no part in equality.
    """

    def __init__(self, pods: Mapping[PodName, Snapshot], origin: Origin | None = None) -> None:
        self._pods = dict(sorted(pods.items()))
        self.origin = origin

    def __getitem__(self, pod: PodName) -> Snapshot:
        return self._pods[pod]

    def __iter__(self) -> Iterator[PodName]:
        return iter(self._pods)

    def __len__(self) -> int:
        return len(self._pods)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Snapshots) and self._pods == other._pods

    __hash__ = None  # type: ignore[assignment]  # mutable mappings inside: compared, never keyed

    def known_as(self, who: object) -> dict[PodName, str]:
        """By which ID each pod knows a person today, in short form.

        Args:
            who: A diaspora ID, or a handle whose `diaspora_id` is one.
        """
        diaspora_id = _full(who)
        return {
            name: short(pod.newest(diaspora_id))
            for name, pod in self.items()
            if pod.knows(diaspora_id) or pod.newest(diaspora_id) != diaspora_id
        }

    def author_of(self, ref: Ref) -> dict[PodName, str]:
        """Whom each pod that holds the entity names as its author, in short form."""
        return {name: short(row.text("author")) for name, row in self.copies(ref).items()}

    def made_by(self, who: object) -> dict[PodName, frozenset[Ref]]:
        """What each pod holds by this very ID (a handle, or an ID in short form)."""
        diaspora_id = _full(who)
        made = {
            name: frozenset(
                Ref(row.type, row.key)
                for row in pod
                if row.type in AUTHORED and row.text("author") == diaspora_id
            )
            for name, pod in self.items()
        }
        return {name: refs for name, refs in made.items() if refs}

    def mentioned_in(self, ref: Ref) -> dict[PodName, frozenset[str]]:
        """Whom each pod that holds a post or comment has stored as mentioned, in short form."""
        start = f"{ref.guid}→"
        return {
            name: frozenset(
                short(key.removeprefix(start))
                for key in self[name].rows("mention")
                if key.startswith(start)
            )
            for name in self.holding(ref)
        }

    def holding(self, ref: Ref) -> tuple[PodName, ...]:
        """The pods that hold the entity."""
        return tuple(self.copies(ref))

    def copies(self, ref: Ref) -> dict[PodName, Row]:
        """Each pod's copy of the entity."""
        found = {name: pod.get(ref.kind, ref.guid) for name, pod in self.items()}
        return {name: row for name, row in found.items() if row is not None}
