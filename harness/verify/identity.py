"""Everybody is at home who they are: what a person has decided, a move has to bring along.

The model remembers what people said of themselves, whom they put into which aspects, whom they
share with, whom they block and what they follow; what their home holds today must be that.
Comparing pods with each other cannot show a loss at the home, as it is the home that the others
believe.

Source: seed specification, section 2 ("preserving the user's identity unmodified") and section 3
"""

from collections.abc import Iterable, Iterator

from harness.facts.finding import Finding
from harness.facts.identity import PodName
from harness.facts.snapshot import Snapshot, short
from harness.verify.evidence import Evidence, shown
from harness.verify.expectation import Expectation

RULE = "people_are_who_they_were"


def people_are_who_they_were(evidence: Evidence) -> Iterator[Finding]:
    """At the home of each person are the profile, contacts, aspects, blocks and tags they chose.

    Source: docs/verification.md#people-are-who-they-were
    """
    model = evidence.expectation
    for person in sorted(model.profiles) if model else ():
        if model is not None and (home := evidence.snapshots.get(model.home(person))) is not None:
            yield from _profile(model, home, person)
            yield from _chosen(evidence, model, home, person)


def _profile(model: Expectation, home: Snapshot, person: str) -> Iterator[Finding]:
    row = home.get("profile", person)
    for name, expected in model.profiles[person].items():
        found = row.fields.get(name) if row is not None else None
        if (found or None) != (expected or None):
            yield _finding(
                home.pod, f"profile {short(person)}", name, shown(expected), shown(found)
            )


def _chosen(
    evidence: Evidence, model: Expectation, home: Snapshot, person: str
) -> Iterator[Finding]:
    missed = {new for old in evidence.stale(home.pod) for new in (old, evidence.newest(old))}
    for what, expected in _decisions(model, person).items():
        found = _held(home, person)[what]
        for lost in sorted(_without(expected - found, missed)):
            yield _finding(home.pod, f"{what} of {short(person)}", short(lost), "held", "missing")
        for surplus in sorted(_without(found - expected, missed)):
            yield _finding(home.pod, f"{what} of {short(person)}", short(surplus), "absent", "held")


def _decisions(model: Expectation, person: str) -> dict[str, set[str]]:
    aspects = {
        name: {model.newest(member) for member in members}
        for (owner, name), members in model.aspects.items()
        if owner == person
    }
    return {
        "aspect": set(aspects),
        "member": {f"{name}/{who}" for name, members in aspects.items() for who in members},
        "contact": {model.newest(other) for owner, other in model.shares if owner == person},
        "block": {model.newest(other) for owner, other in model.blocks if owner == person},
        "tag": {tag for owner, tag in model.tags if owner == person},
    }


def _held(home: Snapshot, person: str) -> dict[str, set[str]]:
    contacts = {
        key.partition("→")[2]: row
        for key, row in home.rows("contact").items()
        if key.startswith(f"{person}→")
    }
    return {
        "aspect": _after(home.rows("aspect"), f"{person}/"),
        "member": {
            f"{name}/{who}" for who, row in contacts.items() for name in row.names("aspects")
        },
        "contact": {who for who, row in contacts.items() if row["receiving"]},
        "block": _after(home.rows("block"), f"{person}→"),
        "tag": _after(home.rows("tag_following"), f"{person}/"),
    }


def _after(keys: Iterable[str], beginning: str) -> set[str]:
    return {key.removeprefix(beginning) for key in keys if key.startswith(beginning)}


def _without(names: set[str], people: set[str]) -> set[str]:
    """Leave out those whose move the home has missed: that is one finding of its own."""
    return {name for name in names if name.rpartition("/")[2] not in people}


def _finding(pod: PodName, subject: str, field: str, expected: str, found: str) -> Finding:
    return Finding(RULE, pod, subject, field, expected, found)
