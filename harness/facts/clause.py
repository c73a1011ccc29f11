"""Sentences of the seed specification, and what tests them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["must", "should", "may", "decision", "scenario"]

LEVELS: Final[tuple[Level, ...]] = ("must", "should", "may")
"""The levels of the specification; a decision of this project fills a gap of it."""

SECTIONS: Final = {
    2: "definitions",
    3: "archive",
    4: "federation",
    5: "migration flow",
    6: "record, import, wizard",
    7: "introduction",
    8: "testing",
}
"""The sections of the specification that say what must be, and what they are about."""

GROUPS: Final = {
    "PRE": "what harnesses before this one checked",
    "FIX": "how it begins",
    "GEN": "federation without moves",
    "SEC": "attacks on moves",
    "MSG": "how a move is told",
}
"""The groups of the list of scenarios, by the letters with which their IDs begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One thing that the specification, a decision, or the list of scenarios demands.

    Attributes:
        id: Family, section, number, as `OLD-4.3`; a letter where a sentence demands several things.
            In the list of scenarios group and number, as `GEN-07`.
        section: Of the seed specification; of a decision, the one whose gap it fills; of a row of
            the list of scenarios, the one about testing.
        level: How strongly it is demanded.
        paraphrase: What it demands, in words of our own.
        tested_by: Scenarios and tests that fail when it is broken: `scenarios/test_x.py::test_y`.
        checks: Names of checks (`harness.verify`) that these scenarios run and that find a breach.
        waits_for: What is missing before it is tested, or tested in full.
    """

    id: str
    section: int
    level: Level
    paraphrase: str
    tested_by: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    waits_for: str = ""

    @property
    def is_tested(self) -> bool:
        """Whether anything would notice if it were broken."""
        return bool(self.tested_by)

    @property
    def in_scenarios(self) -> bool:
        """Whether a scenario tests it, and so on every implementation."""
        return any(test.startswith("scenarios/") for test in self.tested_by)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of some clauses are tested, and how many of those in scenarios."""

    total: int
    tested: int
    in_scenarios: int


def coverage(clauses: Iterable[Clause]) -> Coverage:
    """Count."""
    counted = tuple(clauses)
    return Coverage(
        len(counted),
        sum(clause.is_tested for clause in counted),
        sum(clause.in_scenarios for clause in counted),
    )


@dataclass(frozen=True, slots=True)
class Register:
    """Every clause of the specification, the decisions where it is silent, and what to try out."""

    clauses: tuple[Clause, ...]
    decisions: tuple[Clause, ...]
    scenarios: tuple[Clause, ...] = ()

    def __iter__(self) -> Iterator[Clause]:
        yield from self.clauses
        yield from self.decisions
        yield from self.scenarios

    def get(self, id_: str) -> Clause | None:
        """The clause or decision of that ID, in whatever case it is written."""
        return next((clause for clause in self if clause.id.lower() == id_.lower()), None)

    def in_group(self, group: str) -> tuple[Clause, ...]:
        """The rows of one group of the list of scenarios."""
        return tuple(row for row in self.scenarios if row.id.startswith(f"{group}-"))

    def of(self, section: int, level: Level | None = None) -> tuple[Clause, ...]:
        """The clauses of a section, all or those of one level."""
        return tuple(
            clause
            for clause in self.clauses
            if clause.section == section and level in (None, clause.level)
        )
