"""The register of clauses: what is read, what is refused, and how coverage is told."""

import json

import pytest

from harness.errors import UsageError
from harness.facts.clause import Clause, Coverage, Register, coverage
from harness.report.clause_coverage import (
    clause_text,
    coverage_json,
    coverage_text,
    untested_text,
)
from harness.report.clauses import parse, register

ONE = """
[[clause]]
id = "OLD-4.1"
section = 4
level = "must"
paraphrase = "The old ID leads to the new one."
tested_by = ["scenarios/test_a.py::test_one"]
checks = ["everyone_knows_of_the_move"]
"""
TWO = """
[[clause]]
id = "OLD-4.2a"
section = 4
level = "may"
paraphrase = "It may be passed on."
waits_for = "a scenario"
"""
THREE = """
[[decision]]
id = "DEC-4.1"
section = 4
level = "decision"
paraphrase = "It is passed on once."
tested_by = ["tests/pod/test_b.py::test_two"]
"""
FOUR = """
[[scenario]]
id = "GEN-07"
paraphrase = "Sharing on and off ends well."
tested_by = ["scenarios/test_a.py::test_one"]
"""


def test_rows_of_the_list_of_scenarios_are_read_and_told_as_a_group() -> None:
    read = parse(ONE + THREE + FOUR)
    (row,) = read.scenarios
    assert (row.section, row.level, read.get("gen-07")) == (8, "scenario", row)
    assert (read.in_group("GEN"), read.in_group("PRE")) == ((row,), ())
    told = coverage_text(read)
    assert "GEN federation without moves" in told
    assert "PRE " not in told
    assert clause_text(row).startswith("GEN-07 (list of scenarios: federation without moves)\n")
    assert json.loads(coverage_json(read))["scenarios"][0]["id"] == "GEN-07"


@pytest.mark.parametrize("id_", ["GEN-7", "GEN-8.7", "TOP-01", "DEC-8.1"])
def test_a_row_of_no_group_is_refused(id_: str) -> None:
    with pytest.raises(UsageError, match="is no ID of a scenario"):
        parse(ONE + THREE + FOUR.replace("GEN-07", id_))


def test_clauses_and_decisions_are_read() -> None:
    first = Clause(
        id="OLD-4.1",
        section=4,
        level="must",
        paraphrase="The old ID leads to the new one.",
        tested_by=("scenarios/test_a.py::test_one",),
        checks=("everyone_knows_of_the_move",),
    )
    second = Clause(
        id="OLD-4.2a",
        section=4,
        level="may",
        paraphrase="It may be passed on.",
        waits_for="a scenario",
    )
    decision = Clause(
        id="DEC-4.1",
        section=4,
        level="decision",
        paraphrase="It is passed on once.",
        tested_by=("tests/pod/test_b.py::test_two",),
    )
    read = parse(ONE + TWO + THREE)
    assert read == Register((first, second), (decision,))
    assert (read.get("old-4.2A"), read.get("OLD-4.9")) == (second, None)
    assert (read.of(4), read.of(4, "may"), read.of(5)) == ((first, second), (second,), ())
    assert coverage(read) == Coverage(total=3, tested=2, in_scenarios=1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "OLD-4.1"', "id = ", "no TOML: Invalid value (at line 3"),
        ("[[clause]]", "[[sentence]]", "unknown table 'sentence'"),
        ("[[clause]]", "[clause]", "no list of [[clause]]"),
        ('id = "OLD-4.1"', 'id = "DEC-4.1"', "DEC-4.1 is there twice"),
        ('id = "OLD-4.1"', "", "an entry without id: id is no text"),
        ('id = "OLD-4.1"', 'id = "old-4.1"', "'old-4.1' is no ID of a clause"),
        ("section = 4", "section = 5", "OLD-4.1: section 5"),
        ("section = 4", 'section = "4"', "OLD-4.1: section '4'"),
        ('"must"', '"shall"', "OLD-4.1: level 'shall'"),
        ('"must"', '"decision"', "OLD-4.1: level 'decision'"),
        ("tested_by", "tested", "OLD-4.1: unknown key 'tested'"),
        ("scenarios/test_a.py::", "", "OLD-4.1: 'test_one' is no test"),
        ('["everyone_knows_of_the_move"]', '"all"', "OLD-4.1: checks is no list of texts"),
        ('["everyone_knows_of_the_move"]', '["a", "a"]', "OLD-4.1: checks names something twice"),
        ('"The old ID leads to the new one."', '" "', "OLD-4.1: paraphrase is no text"),
    ],
)
def test_a_register_that_makes_no_sense_is_refused_with_the_place(
    old: str, new: str, message: str
) -> None:
    assert old in ONE
    with pytest.raises(UsageError) as refusal:
        parse(ONE.replace(old, new) + THREE)
    assert message in str(refusal.value)
    assert str(refusal.value).startswith("docs/clauses.toml: ")
    assert refusal.value.next_step


def test_the_register_of_this_version_can_be_read() -> None:
    assert register().get("BEH-8.1") is not None


def test_coverage_counts_each_section_and_names_the_untested() -> None:
    text = coverage_text(parse(ONE + TWO + THREE))
    rows = [line.split("  ") for line in text.splitlines() if line.startswith(("4 ", "dec"))]
    told = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert told == [
        ["4 federation", "1 of 1", "none", "0 of 1", "1 of 2", "1 of 2"],
        ["decisions", "1 of 1", "0 of 1"],
    ]
    assert "tested in part: none" in text
    assert text.endswith(untested_text(parse(ONE + TWO + THREE)))


def test_what_is_untested_is_listed_with_what_it_waits_for() -> None:
    assert untested_text(parse(ONE + TWO + THREE)) == (
        "untested: 1\n  OLD-4.2a   may      It may be passed on. — waits for: a scenario"
    )


def test_a_clause_is_shown_with_what_tests_it() -> None:
    first, second, decision = parse(ONE + TWO + THREE)
    assert clause_text(first) == (
        "OLD-4.1 (must, seed specification, section 4: federation)\n"
        "  The old ID leads to the new one.\n"
        "tested by:\n"
        "  scenarios/test_a.py::test_one\n"
        "checks, see docs/verification.md:\n"
        "  everyone_knows_of_the_move"
    )
    assert clause_text(second).endswith("\nuntested\nwaits for: a scenario")
    assert clause_text(decision).startswith("DEC-4.1 (decision on section 4: federation)\n")


def test_programs_get_counts_and_clauses() -> None:
    told = json.loads(coverage_json(parse(ONE + TWO + THREE), only_untested=True))
    four = next(each for each in told["sections"] if each["section"] == 4)
    assert four == {
        "section": 4,
        "title": "federation",
        "must": {"total": 1, "tested": 1, "in_scenarios": 1},
        "should": {"total": 0, "tested": 0, "in_scenarios": 0},
        "may": {"total": 1, "tested": 0, "in_scenarios": 0},
    }
    assert [each["id"] for each in told["clauses"]] == ["OLD-4.2a"]
    assert (told["decisions"], told["total"]["total"], told["decided"]["tested"]) == ([], 2, 1)
