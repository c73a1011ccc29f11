"""What the checks look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from harness.facts.finding import Finding
from harness.facts.identity import PodName
from harness.facts.snapshot import Row, Snapshots, short
from harness.verify.expectation import Expectation


@dataclass(frozen=True, kw_only=True)  # no slots: what is asked again and again is kept
class Evidence:
    """A settled federation as the checks see it.

    `expectation` is the model's opinion (None: only the snapshots are compared with each other).
    `databases` are read-only copies of the pods' own databases, where there are any. `canaries`
    maps a token that occurs in one private item to that item's GUID. `public_keys` maps a key's
    fingerprint to its PEM text, for keys the harness knows.
    """

    snapshots: Snapshots
    expectation: Expectation | None = None
    databases: Mapping[PodName, Path] = field(default_factory=dict)
    canaries: Mapping[str, str] = field(default_factory=dict)
    public_keys: Mapping[str, str] = field(default_factory=dict)

    def stale(self, pod: PodName) -> Mapping[str, str]:
        """Old ID → new ID of those whose move others recorded but this pod did not."""
        return self._stale[pod]

    @cached_property
    def _stale(self) -> Mapping[PodName, Mapping[str, str]]:
        return {
            pod: {
                old: new
                for old, new in self.moves.items()
                if own.knows(old) and own.get("account_migration", old) is None
            }
            for pod, own in self.snapshots.items()
        }

    @cached_property
    def moves(self) -> Mapping[str, str]:
        """Old ID → new ID: by the model, whether any pod recorded it or not.

        Without a model as recorded by any pod; the old home's word counts most.
        """
        if self.expectation is not None:
            return self.expectation.moved
        recorded: dict[str, str] = {}
        for snapshot in self.snapshots.values():
            for old, row in snapshot.rows("account_migration").items():
                if old not in recorded or snapshot.host == old.partition("@")[2]:
                    recorded[old] = row.text("new_id")
        return recorded

    def newest(self, diaspora_id: str) -> str:
        """The person's ID today, as far as any pod knows."""
        moves, seen = self.moves, {diaspora_id}
        while diaspora_id in moves and moves[diaspora_id] not in seen:
            diaspora_id = moves[diaspora_id]
            seen.add(diaspora_id)
        return diaspora_id


def named(row: Row) -> str:
    """How a finding names an object: `comment 8f2c1a7e by bob@pod3`."""
    key = row.key if "@" in row.key else row.key[:8]
    by = f" by {short(row.text('author'))}" if row.text("author") else ""
    return f"{row.type} {key.replace('.test', '')}{by}"


def shown(value: object) -> str:
    """A value as a finding prints it: short, one line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    text = short(str(value)).replace("\n", "⏎")
    return text if len(text) <= 60 else f"{text[:57]}…"


def finding(
    rule: str, pod: PodName, row: Row, field_: str, *, expected: object, found: object
) -> Finding:
    """A finding about one field of one object on one pod."""
    return Finding(rule, pod, named(row), field_, shown(expected), shown(found))
