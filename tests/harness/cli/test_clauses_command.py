"""`seedbed clauses`: one clause, all of them, or what there is instead."""

import json

import pytest

from harness.cli.clausing import show_clauses
from harness.errors import UsageError


def test_a_clause_is_found_in_whatever_case(capsys: pytest.CaptureFixture[str]) -> None:
    show_clauses("beh-8.1", untested=False, json_=True)
    assert json.loads(capsys.readouterr().out)["id"] == "BEH-8.1"
    show_clauses("BEH-8.1", untested=False, json_=False)
    assert capsys.readouterr().out.startswith("BEH-8.1 (must, seed specification, section 8")


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("OLD-4.3", "Did you mean OLD-4.3a or OLD-4.3b"),
        ("MOVE-5.10", "Did you mean MOV-5.10"),
        ("what?", "IDs begin with DEF-2, ARC-3, FED-4"),
    ],
)
def test_an_unknown_id_is_refused_with_those_that_are_near(name: str, advice: str) -> None:
    with pytest.raises(UsageError) as refusal:
        show_clauses(name, untested=False, json_=False)
    assert refusal.value.exit_status == 64
    assert refusal.value.what == f"no clause is called {name!r}"
    assert refusal.value.next_step.startswith(advice)


def test_what_is_untested_can_be_had_alone(capsys: pytest.CaptureFixture[str]) -> None:
    show_clauses(None, untested=False, json_=False)
    everything = capsys.readouterr().out
    show_clauses(None, untested=True, json_=False)
    untested = capsys.readouterr().out
    assert untested.startswith("untested: ")
    assert everything.endswith(untested)
    show_clauses(None, untested=True, json_=True)
    told = json.loads(capsys.readouterr().out)
    number = sum(len(told[table]) for table in ("clauses", "decisions", "scenarios"))
    assert f"untested: {number}\n" in untested
