"""Of each kind of step the longest is kept."""

from harness.facts.steps import CriticalPath, Step


def test_the_longest_of_each_kind_is_kept_in_the_order_in_which_they_are_taken() -> None:
    path = CriticalPath()
    path.note("restore", "a move", 0.1)
    path.note("boot", "pod1", 0.2)
    path.note("boot", "pod2", 0.3)
    path.note("boot", "pod3", 0.3)
    assert path.steps() == (Step("boot", "pod2", 0.3), Step("restore", "a move", 0.1))
