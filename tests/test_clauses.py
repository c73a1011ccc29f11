"""The register of clauses and the tests say the same of each other."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.facts.clause import SECTIONS, Register
from harness.report.clauses import parse
from harness.verify import CHECKS

ROOT = Path(__file__).parents[1]
CITED = re.compile(r"^ *Clauses?: (.+(?:(?<=,)\n.+)*)", re.MULTILINE)
"""A line that ends with a comma goes on in the next."""
PROTOCOL = re.compile(r"protocol [\d.]+(?: rows? \d+(?:, (?:row )?\d+)*)?")
"""Citations of the federation protocol, which has no register and may stand beside clauses."""

REGISTER = parse((ROOT / "docs/clauses.toml").read_text("utf-8"))
FEWEST = 120
"""Clauses that the specification has at least; a register that lost some would be shorter."""

HOW_TO_CITE = """
Cite the clauses that a scenario tests in its docstring; if it cites none, it tests those that its
module's docstring cites. A line that ends with a comma goes on in the next:

    Clauses: ARC-3.18a, DEC-3.2

and add the scenario to `tested_by` of each of them in docs/clauses.toml:

    "{test}",

`seedbed clauses` lists the IDs, `seedbed clauses ARC-3.18a` shows one. What is in no clause is a
decision of this project: give it a [[decision]] there. Name only clauses whose breach would make
the scenario fail. Rules of the federation protocol may be cited beside them: protocol 9 row 3."""


@dataclass(frozen=True)
class Scenario:
    """A scenario, and the clauses it says it tests: its own; if there are none, its module's."""

    test: str
    own: tuple[str, ...]
    of_module: tuple[str, ...]

    @property
    def cites(self) -> tuple[str, ...]:
        """What a report repeats."""
        return self.own or self.of_module


def cited(node: ast.Module | ast.FunctionDef) -> tuple[str, ...]:
    found = CITED.search(ast.get_docstring(node) or "")
    parts = re.split("[,;]", PROTOCOL.sub("", found[1])) if found else []
    return tuple(part.strip(" .\n") for part in parts if part.strip(" .\n"))


def functions(module: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def scenarios(root: Path = ROOT) -> list[Scenario]:
    found = []
    for path in sorted((root / "scenarios").rglob("test_*.py")):
        module = ast.parse(path.read_text("utf-8"))
        name = path.relative_to(root).as_posix()
        found += [
            Scenario(f"{name}::{each.name}", cited(each), cited(module))
            for each in functions(module)
        ]
    return found


def defined(root: Path = ROOT) -> set[str]:
    """Every test there is."""
    return {
        f"{path.relative_to(root).as_posix()}::{each.name}"
        for folder in ("scenarios", "tests")
        for path in (root / folder).rglob("test_*.py")
        for each in functions(ast.parse(path.read_text("utf-8")))
    }


def comparing_scenarios() -> set[str]:
    """The scenarios that run the checks."""
    return {
        f"scenarios/{path.name}::{each.name}"
        for path in (ROOT / "scenarios").glob("test_*.py")
        for each in functions(ast.parse(path.read_text("utf-8")))
        if "disagreements(" in ast.unparse(each)
    }


def complaints(register: Register, told: list[Scenario]) -> Iterator[str]:
    """What is wrong between the scenarios and the register."""
    for scenario in told:
        if not scenario.cites:
            yield f"{scenario.test} cites no clause"
        for id_ in scenario.own:
            yield from _wrong(register, id_, scenario.test, {scenario.test})
        siblings = {each.test for each in told if _file(each.test) == _file(scenario.test)}
        for id_ in scenario.of_module:
            yield from _wrong(register, id_, _file(scenario.test), siblings)
        for clause in register:
            if scenario.test in clause.tested_by and clause.id not in scenario.cites:
                yield f"{scenario.test} does not cite {clause.id}, whose tested_by names it"


def _file(test: str) -> str:
    return test.partition("::")[0]


def _wrong(register: Register, id_: str, test: str, named: set[str]) -> Iterator[str]:
    clause = register.get(id_)
    if clause is None:
        yield f"{test} cites {id_}, which is no clause"
    elif not named & set(clause.tested_by):
        yield f"{test} cites {id_}, whose tested_by names no scenario of that docstring"


def told(found: list[str], test: str = "scenarios/test_x.py::test_y") -> str:
    return "\n".join([*found, HOW_TO_CITE.format(test=test)])


def test_every_scenario_and_the_clauses_it_cites_name_each_other() -> None:
    found = list(dict.fromkeys(complaints(REGISTER, scenarios())))
    assert not found, told(found, found[0].partition(" ")[0])


def test_every_test_in_the_register_is_there() -> None:
    there = defined()
    gone = [
        f"{clause.id}: there is no {test}; was it renamed or moved? Change docs/clauses.toml, too"
        for clause in REGISTER
        for test in clause.tested_by
        if test not in there
    ]
    assert not gone, "\n".join(gone)


def test_every_scenario_tests_a_clause_of_the_register() -> None:
    named = {test for clause in REGISTER for test in clause.tested_by}
    missing = [each.test for each in scenarios() if each.test not in named]
    found = [f"{test} is in no tested_by of docs/clauses.toml" for test in missing]
    assert not found, told(found, missing[0])


def test_checks_in_the_register_exist_and_are_run_by_one_of_its_scenarios() -> None:
    known = {check.__name__ for check in CHECKS}
    unknown = [(clause.id, name) for clause in REGISTER for name in clause.checks]
    assert [pair for pair in unknown if pair[1] not in known] == []
    comparing = comparing_scenarios()
    alone = [each for each in REGISTER if each.checks and not comparing & set(each.tested_by)]
    assert [clause.id for clause in alone] == []


def test_every_check_serves_a_clause() -> None:
    served = {name for clause in REGISTER for name in clause.checks}
    assert sorted({check.__name__ for check in CHECKS} - served) == []


def test_the_register_covers_every_section() -> None:
    assert {clause.section for clause in REGISTER.clauses} == set(SECTIONS)
    assert len(REGISTER.clauses) >= FEWEST


def test_every_row_of_the_five_groups_is_in_the_register() -> None:
    numbers = {"PRE": 10, "FIX": 5, "GEN": 17, "SEC": 14, "MSG": 26}
    expected = [f"{group}-{n:02}" for group, last in numbers.items() for n in range(1, last + 1)]
    assert [row.id for row in REGISTER.scenarios] == expected


def test_what_is_untested_says_what_it_waits_for() -> None:
    assert [each.id for each in REGISTER if not each.is_tested and not each.waits_for] == []


MADE_UP = """
[[clause]]
id = "OLD-4.1"
section = 4
level = "must"
paraphrase = "x"
tested_by = ["scenarios/test_a.py::test_one", "scenarios/test_c.py::test_four"]

[[decision]]
id = "DEC-4.1"
section = 4
level = "decision"
paraphrase = "y"
"""


def test_the_rule_on_citations_finds_what_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "test_a.py").write_text(
        '"""A.\n\nClauses: OLD-4.1\n"""\n'
        "def test_one(): ...\n"
        'def test_two():\n    """Clauses: OLD-4.1, DEC-4.1; protocol 9 rows 1, 2; OLD-4.9."""\n'
    )
    (folder / "test_b.py").write_text(
        '"""B.\n\nClauses: protocol 9 row 3, row 4.\n"""\ndef test_three(): ...\n'
    )
    (folder / "test_c.py").write_text(
        '"""C.\n\nClauses: OLD-4.1,\nDEC-4.1\n"""\ndef test_four():\n    """Clauses: OLD-4.9"""\n'
    )
    two, four = "scenarios/test_a.py::test_two cites", "scenarios/test_c.py::test_four"
    names_none = "whose tested_by names no scenario of that docstring"
    assert list(complaints(parse(MADE_UP), scenarios(tmp_path))) == [
        f"{two} OLD-4.1, {names_none}",
        f"{two} DEC-4.1, {names_none}",
        f"{two} OLD-4.9, which is no clause",
        "scenarios/test_b.py::test_three cites no clause",
        f"{four} cites OLD-4.9, which is no clause",
        f"scenarios/test_c.py cites DEC-4.1, {names_none}",
        f"{four} does not cite OLD-4.1, whose tested_by names it",
    ]
    assert defined(tmp_path) == {
        "scenarios/test_a.py::test_one",
        "scenarios/test_a.py::test_two",
        "scenarios/test_b.py::test_three",
        "scenarios/test_c.py::test_four",
    }
