"""Cuts are sets of directed links."""

from harness.gate import cuts


def test_a_one_way_cut_has_one_link() -> None:
    assert cuts.one_way("pod1", "pod2") == {("pod1", "pod2")}


def test_a_cut_between_two_pods_has_both_directions() -> None:
    assert cuts.between("pod1", "pod2") == {("pod1", "pod2"), ("pod2", "pod1")}


def test_an_isolated_pod_reaches_nobody_and_is_reached_by_nobody() -> None:
    others = ("pod1", "pod2", "pod3")
    out = {("pod4", other) for other in others}
    back = {(other, "pod4") for other in others}
    assert cuts.around("pod4") == out | back
