"""The coverage of the specification as text and as JSON."""

import json
import textwrap
from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from tabulate import tabulate

from harness.facts.clause import GROUPS, LEVELS, SECTIONS, Clause, Register, coverage

FORMAT: Final = 1
"""Raised when a member of the JSON changes its meaning or goes away."""

WIDTH: Final = 100


def coverage_text(register: Register) -> str:
    """How much of each section is tested, and what is not."""
    return "\n\n".join((_table(register), _partly(register), untested_text(register)))


def _table(register: Register) -> str:
    rows = [
        [f"{number} {title}", *_counts(register.of(number))] for number, title in SECTIONS.items()
    ]
    rows.append(["2 to 8 together", *_counts(register.clauses)])
    rows.append(["decisions", *[""] * len(LEVELS), *_sums(register.decisions)])
    rows += [
        [f"{group} {title}", *[""] * len(LEVELS), *_sums(register.in_group(group))]
        for group, title in GROUPS.items()
        if register.in_group(group)
    ]
    header = ["section", *LEVELS, "tested", "in scenarios"]
    return tabulate(rows, header, tablefmt="simple", disable_numparse=True)


def _counts(clauses: tuple[Clause, ...]) -> list[str]:
    levels = [coverage(each for each in clauses if each.level == level) for level in LEVELS]
    return [*(_of(each.tested, each.total) for each in levels), *_sums(clauses)]


def _sums(clauses: tuple[Clause, ...]) -> list[str]:
    counted = coverage(clauses)
    return [_of(part, counted.total) for part in (counted.tested, counted.in_scenarios)]


def _of(part: int, total: int) -> str:
    return f"{part} of {total}" if total else "none"


def _partly(register: Register) -> str:
    partly = [each.id for each in register if each.is_tested and each.waits_for]
    told = f"tested in part: {', '.join(partly) or 'none'}"
    return textwrap.fill(told, WIDTH, subsequent_indent="  ")


def untested_text(register: Register) -> str:
    """What no test would notice, and what each waits for."""
    untested = [clause for clause in register if not clause.is_tested]
    return "\n".join([f"untested: {len(untested)}", *map(_line, untested)])


def _line(clause: Clause) -> str:
    waits = f" — waits for: {clause.waits_for}" if clause.waits_for else ""
    told = f"{clause.id:<10} {clause.level:<8} {clause.paraphrase}{waits}"
    return textwrap.fill(
        told, WIDTH, initial_indent="  ", subsequent_indent=" " * 22, break_long_words=False
    )


def clause_text(clause: Clause) -> str:
    """One clause, and what tests it."""
    lines = [f"{clause.id} ({_origin(clause)})"]
    lines += textwrap.wrap(clause.paraphrase, WIDTH, initial_indent="  ", subsequent_indent="  ")
    lines += _listed("tested by", clause.tested_by) or ["untested"]
    lines += _listed("checks, see docs/verification.md", clause.checks)
    if clause.waits_for:
        lines.append(f"waits for: {clause.waits_for}")
    return "\n".join(lines)


def _origin(clause: Clause) -> str:
    section = f"section {clause.section}: {SECTIONS[clause.section]}"
    match clause.level:
        case "scenario":
            return f"list of scenarios: {GROUPS[clause.id.partition('-')[0]]}"
        case "decision":
            return f"decision on {section}"
        case level:
            return f"{level}, seed specification, {section}"


def _listed(title: str, names: Iterable[str]) -> list[str]:
    shown = [f"  {name}" for name in names]
    return [f"{title}:", *shown] if shown else []


def coverage_json(register: Register, *, only_untested: bool = False) -> str:
    """The counts of each section, and the clauses themselves, for programs."""
    sections = [
        {
            "section": number,
            "title": title,
            **{level: asdict(coverage(register.of(number, level))) for level in LEVELS},
        }
        for number, title in SECTIONS.items()
    ]
    document = {
        "format": FORMAT,
        "sections": sections,
        "total": asdict(coverage(register.clauses)),
        "decided": asdict(coverage(register.decisions)),
        "listed": asdict(coverage(register.scenarios)),
        "clauses": _told(register.clauses, only_untested=only_untested),
        "decisions": _told(register.decisions, only_untested=only_untested),
        "scenarios": _told(register.scenarios, only_untested=only_untested),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _told(clauses: Iterable[Clause], *, only_untested: bool) -> list[dict[str, object]]:
    return [asdict(each) for each in clauses if not (only_untested and each.is_tested)]


def clause_json(clause: Clause) -> str:
    """One clause, for programs."""
    return json.dumps(asdict(clause), ensure_ascii=False, indent=2)
