"""What a reader is told when something is not as a scenario expected."""

import pytest

from harness.driver.login import Refused
from harness.facts.finding import Finding, Findings
from harness.facts.snapshot import Row, Snapshots, snapshot
from harness.plugin.contrasts import SHOWN, contrast, plainly

PROFILE = {"first_name": "Carol", "bio": "I move a lot"}


def believed(*rows: Row) -> Snapshots:
    return Snapshots({"pod1": snapshot("pod1", "pod1.test", rows)})


def test_members_of_a_mapping_are_told_one_by_one() -> None:
    found = {"pod1": "carol@pod1", "pod2": "christy@pod2", "pod3": "bob@pod3"}
    expected = {"pod1": "christy@pod2", "pod2": "christy@pod2", "pod4": "christy@pod2"}
    assert contrast(found, expected) == [
        "not as expected",
        "pod1: found carol@pod1, expected christy@pod2",
        "pod4: found nothing, expected christy@pod2",
        "pod3: found bob@pod3, expected nothing",
    ]


def test_lists_are_told_whole_and_short_values_are_left_to_pytest() -> None:
    told = ["not as expected", "found ('pod1',), expected ('pod1', 'pod2')"]
    assert contrast(("pod1",), ("pod1", "pod2")) == told
    assert contrast(404, 200) is None
    assert contrast(["x" * 500], []) == ["not as expected", f"found ['{'x' * 197}…, expected []"]


def test_snapshots_differ_by_rows_and_content_is_not_repeated() -> None:
    before = believed(Row("profile", "carol@pod1.test", PROFILE), Row("post", "1", {}))
    after = believed(
        Row("profile", "carol@pod1.test", {"first_name": "Caro", "bio": "Secret"}),
        Row("post", "2", {}),
    )
    assert contrast(after, before) == [
        "the pods believe something else (3 differences)",
        "pod1: post 1: missing",
        "pod1: post 2: was not there",
        "pod1: profile carol@pod1.test: another bio; first_name: found Caro, expected Carol",
    ]
    assert contrast(Snapshots({}), before)[1:] == [  # type: ignore[index]
        "pod1: post 1: missing",
        "pod1: profile carol@pod1.test: missing",
    ]


def test_many_differences_are_counted() -> None:
    lines = contrast(believed(*(Row("post", str(n), {}) for n in range(30))), believed()) or []
    assert (len(lines), lines[-1]) == (SHOWN + 2, "… and 18 more")


def test_findings_are_counted_since_their_table_follows() -> None:
    found = Findings([Finding("rule", "pod1", "post 1", "author", "a", "b")])
    with pytest.raises(AssertionError) as failure:
        assert not found
    assert plainly(str(failure.value)) == "the pods disagree: 1 finding"


def test_what_was_to_be_refused_is_named() -> None:
    with pytest.raises(pytest.fail.Exception) as failure, pytest.raises(Refused):
        pass
    assert plainly(str(failure.value)) == "Refused was expected, and did not come"


def test_addresses_of_objects_are_left_out() -> None:
    text = "assert 1 == 2\n +  where 1 = f(<A object at 0x7f>)\n   Use -v to get more diff"
    assert plainly(text) == "1 == 2"
