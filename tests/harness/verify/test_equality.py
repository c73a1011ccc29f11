"""Every compared cell is compared, and no other (CMP-08, CMP-09)."""

from dataclasses import replace

import pytest

from harness.facts.finding import Finding
from harness.facts.snapshot import Row, Snapshots
from harness.verify import disagreements, evidence_of
from harness.verify.equality import (
    COMPARED,
    parts_come_with_the_whole,
    private_profiles_stay_private,
    same_content_everywhere,
)
from harness.verify.evidence import named, shown
from tests.harness.verify.planting import changed, having, other_than, without

CELLS = [(type_, name) for type_, names in COMPARED.items() for name in names]
LOCAL = [
    ("person", "local"),
    ("post", "stub"),
    ("contact", "aspects"),
    ("aspect", "position"),
    ("account", "language"),
    ("participation", "guid"),
]
"""Fields that may differ: they are one pod's own business."""


def copied(snapshots: Snapshots, type_: str) -> tuple[Snapshots, Row]:
    """A row that pod2 has as a copy of pod1's; made up if there is none of that type."""
    for key, row in snapshots["pod2"].rows(type_).items():
        home = row.text("author") or key
        if "pod2" not in home and key in snapshots["pod1"].rows(type_):
            return snapshots, row
    made_up = Row(type_, "made-up", dict.fromkeys(COMPARED[type_], "said"))
    if "author" in made_up.fields:
        made_up = Row(type_, "made-up", {**made_up.fields, "author": "carol@pod1.test"})
    return having(having(snapshots, "pod1", made_up), "pod2", made_up), made_up


def found(snapshots: Snapshots) -> list[Finding]:
    return list(same_content_everywhere(evidence_of(snapshots)))


def test_healthy_federations_do_not_disagree(past: Snapshots, after_move: Snapshots) -> None:
    assert list(disagreements(past)) == []
    assert list(disagreements(after_move)) == []


@pytest.mark.parametrize(("type_", "name"), CELLS)
def test_a_planted_difference_is_found_and_named(past: Snapshots, type_: str, name: str) -> None:
    healthy, row = copied(past, type_)
    assert found(healthy) == []
    expected, planted = row.fields[name], other_than(row.fields[name])
    pods = {each.pod: each for each in found(changed(healthy, "pod2", row, name, planted))}
    if row.text("author") or type_ in ("person", "profile"):
        assert set(pods) == {"pod2"}
    finding = pods["pod2"] if "pod2" in pods else next(iter(pods.values()))
    # Where nobody's copy counts more than another's, the names of the two may be exchanged.
    cell = {finding.expected, finding.found}
    assert (finding.subject.split()[:2], finding.field, cell) == (
        named(row).split()[:2],
        name,
        {shown(expected), shown(planted)},
    )


@pytest.mark.parametrize(("type_", "name"), LOCAL)
def test_a_difference_that_is_allowed_is_not_reported(
    past: Snapshots, type_: str, name: str
) -> None:
    row = next(iter(past["pod2"].rows(type_).values()))
    assert name in row.fields
    assert found(changed(past, "pod2", row, name, other_than(row.fields[name]))) == []


def test_after_a_move_the_pod_where_a_comment_was_made_decides_its_time(
    after_move: Snapshots,
) -> None:
    # Made on pod1, by carol, who lives on pod2 now: it is pod2 that is wrong.
    assert after_move.origin is not None
    made = [act.refs[0] for act in after_move.origin.acts if act.verb == "comment"]
    by_christy = (after_move["pod2"].get("comment", ref.guid) for ref in made)
    row = next(row for row in by_christy if row and row.text("author") == "christy@pod2.test")
    planted = changed(after_move, "pod2", row, "created_at", "2026-02-01T00:00:00Z")
    assert [(each.pod, each.field) for each in found(planted)] == [("pod2", "created_at")]


def test_a_poll_without_one_of_its_answers_is_found(past: Snapshots) -> None:
    _, row = copied(past, "poll_answer")
    lacking = evidence_of(without(past, "pod2", "poll_answer", row.key))
    findings = parts_come_with_the_whole(lacking)
    assert [(each.pod, each.subject, each.found) for each in findings] == [
        ("pod2", f"poll_answer {row.key[:8]}", "missing")
    ]


def test_a_private_field_of_a_profile_is_found_where_nobody_may_know_it(past: Snapshots) -> None:
    row = past["pod3"].rows("profile")["debora@pod1.test"]
    planted = changed(past, "pod3", row, "gender", "told")
    findings = list(private_profiles_stay_private(evidence_of(planted)))
    assert [(each.pod, each.subject, each.field) for each in findings] == [
        ("pod3", "profile debora@pod1", "gender")
    ]
    # Without the model the contacts on the pod say who may know it.
    alone = replace(evidence_of(planted), expectation=None)
    assert list(private_profiles_stay_private(alone)) == findings


def test_once_people_have_moved_only_the_model_knows_who_was_told_before(
    after_move: Snapshots,
) -> None:
    alone = replace(evidence_of(after_move), expectation=None)
    assert alone.moves
    assert list(private_profiles_stay_private(alone)) == []
