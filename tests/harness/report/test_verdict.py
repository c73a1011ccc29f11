"""The closing lines, word by word."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from harness.facts.finding import Finding
from harness.facts.steps import Step
from harness.facts.transcript import ScenarioResult, Transcript
from harness.report import closing_lines

AGREED = ScenarioResult(name="test_a.py::test_b", story="b", outcome="agreed", seconds=0.5)
DISAGREED = ScenarioResult(
    name="test_a.py::test_c[pod3]",
    story="c (pod3)",
    outcome="disagreed",
    seconds=1.25,
    reason="test_a.py:7: assert not found\nthe pods disagree: 1 finding",
    findings=(
        Finding(
            "a_rule_whose_name_is_longer_than_its_column",
            "pod4",
            "post 8f2c1a7e by christy@pod2, which is a rather long name for a post",
            "author",
            "christy@pod2",
            "carol@pod1",
        ),
    ),
)
RUN = Transcript(
    run="20260105-090000-joined",
    federation="joined",
    why_federation="as asked for",
    seed=1,
    order=2,
    wire_profile="account_rename",
    started_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
    phases=(("boot", 0.513), ("seed", 12.34), ("scenarios", 1.75)),
    scenarios=(AGREED,),
)
FOLDER = Path("reports/20260105-090000-joined")


def test_a_green_run_is_told_shortly() -> None:
    assert closing_lines(RUN, FOLDER).splitlines() == [
        "agreed  b  0.50 s",
        "",
        "phases: boot 0.51 s · seed 12.3 s · scenarios 1.8 s",
        "",
        "evidence: reports/20260105-090000-joined/",
        "  pods/*/log     what each pod has logged",
        "  pods/*/*.json  what each pod believed",
        "  wire.jsonl     each message between pods",
        "  result.json    all of this, for programs",
        "  junit.xml      for continuous integration",
        "",
        "verdict: agreed (1 scenarios: 1 agreed) in 14.6 s, joined, seed 1",
    ]


def test_evidence_of_several_federations_lies_in_several_folders() -> None:
    lines = closing_lines(replace(RUN, side_by_side=2), FOLDER).splitlines()
    assert lines[5:8] == [
        "  gw*/pods/*/log     what each pod has logged",
        "  gw*/pods/*/*.json  what each pod believed",
        "  gw*/wire.jsonl     each message between pods",
    ]


def test_fewer_judged_than_there_had_to_be_is_no_agreement() -> None:
    unsupported = replace(AGREED, outcome="unsupported")
    run = replace(RUN, scenarios=(AGREED, unsupported), floor=2)
    assert (run.verdict, run.exit_status) == ("unknown", 2)
    assert closing_lines(run, FOLDER).splitlines()[-1] == (
        "verdict: unknown (2 scenarios: 1 agreed, 1 unsupported; 2 had to be judged) "
        "in 14.6 s, joined, seed 1"
    )
    assert replace(run, floor=1).exit_status == 0
    assert replace(run, scenarios=(AGREED, DISAGREED), floor=3).exit_status == 1


def test_what_disagreed_is_told_with_its_reason_its_findings_and_how_to_look_closer() -> None:
    run = replace(RUN, scenarios=(AGREED, DISAGREED, replace(DISAGREED, repetition=2)))
    lines = closing_lines(run, FOLDER, "bin/seedbed").splitlines()
    assert lines[:2] == ["agreed         b         0.50 s", "2 x disagreed  c (pod3)  1.25 s"]
    start = lines.index("disagreed: c (pod3)")
    assert lines[start + 1 : start + 3] == [
        "  test_a.py:7: assert not found",
        "  the pods disagree: 1 finding",
    ]
    assert lines[start + 3].split() == ["rule", "pod", "object", "field", "expected", "found"]
    assert max(map(len, lines)) <= 160
    closer = lines.index("look closer:")
    assert lines[closer + 1] == "  bin/seedbed run test_c --federation joined --seed 1 --order 2"
    assert lines[-1].startswith("verdict: disagreed (3 scenarios: 1 agreed, 2 disagreed) in ")


def test_what_had_not_arrived_is_told_of_what_disagreed() -> None:
    run = replace(RUN, scenarios=(replace(DISAGREED, left=("pod1: 2 due later", "gate: 3 held")),))
    told = "  left when it last settled: pod1: 2 due later, gate: 3 held"
    assert told in closing_lines(run, FOLDER).splitlines()


def test_a_long_reason_and_our_own_trouble_are_told_within_bounds() -> None:
    long = replace(DISAGREED, reason="\n".join("x" * 500 for _ in range(100)), findings=())
    lines = closing_lines(
        replace(RUN, scenarios=(long,), error="pytest broke"), FOLDER
    ).splitlines()
    assert max(map(len, lines)) <= 160
    assert "  … and 40 more lines in result.json" in lines
    assert "error: pytest broke" in lines
    assert lines[-1].startswith("verdict: harness error ")


def test_what_is_unsupported_is_counted_by_reason() -> None:
    left_out = replace(AGREED, outcome="unsupported", reason="the pods cannot fly")
    others = replace(left_out, reason="the pods cannot swim")
    run = replace(RUN, scenarios=(left_out, AGREED, left_out, others))
    text = closing_lines(run, FOLDER)
    assert (
        "\n\nunsupported: 2, as the pods cannot fly\nunsupported: 1, as the pods cannot swim\n\n"
        in text
    )
    assert "look closer" not in text


def test_the_longest_parts_of_a_run_are_told() -> None:
    steps = (Step("boot", "pod3", 0.3521), Step("message", "comment of bob: pod3 → pod1", 0.04))
    lines = closing_lines(replace(RUN, critical_path=steps), FOLDER).splitlines()
    assert lines[2:7] == [
        "phases: boot 0.51 s · seed 12.3 s · scenarios 1.8 s",
        "",
        "longest:",
        "  boot     0.352 s  pod3",
        "  message  0.040 s  comment of bob: pod3 → pod1",
    ]
