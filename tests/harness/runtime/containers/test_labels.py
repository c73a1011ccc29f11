"""Whether a run that has left something behind is over."""

import pytest

from harness.runtime.containers.labels import is_dead, owner


def changed(place: int, to: str) -> str:
    parts = owner().split("/")
    parts[place] = to
    return "/".join(parts)


def test_this_process_lives() -> None:
    assert not is_dead(owner())


@pytest.mark.parametrize(
    ("label", "is_over"),
    [
        (changed(0, "another-boot"), True),
        (changed(1, "pid:[1]"), False),
        (changed(2, "4194304"), True),
        (changed(2, "1"), True),
        (changed(3, "1"), True),
        ("", False),
        ("written by somebody else", False),
    ],
    ids=[
        "before the last boot",
        "where processes are counted otherwise",
        "a number that no process has",
        "a number that another process has now",
        "a process that began later",
        "no label",
        "a label of somebody else",
    ],
)
def test_a_run_is_over_when_its_process_certainly_is(label: str, *, is_over: bool) -> None:
    assert is_dead(label) == is_over
