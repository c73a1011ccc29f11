"""Waiting without sleeping."""

from datetime import timedelta
from pathlib import Path

import pytest

from harness.errors import PodDied
from harness.runtime.ready import last_lines, wait_until

SOON = timedelta(milliseconds=1)


def test_waiting_ends_as_soon_as_it_is_so() -> None:
    answers = iter([False, False, True])
    assert wait_until(lambda: next(answers), timeout=timedelta(seconds=5), interval=SOON)
    assert list(answers) == []


def test_waiting_ends_when_the_time_is_over() -> None:
    assert not wait_until(lambda: False, timeout=timedelta(milliseconds=5), interval=SOON)


def test_waiting_fails_at_once_when_it_has_become_pointless() -> None:
    def check() -> None:
        raise PodDied("pod1 has ended")

    with pytest.raises(PodDied):
        wait_until(lambda: False, timeout=timedelta(hours=1), check=check)


def test_only_the_end_of_a_log_is_shown(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("\n".join(f"line {n}" for n in range(100)))
    assert last_lines(log, 2) == "  | line 98\n  | line 99"
    assert last_lines(tmp_path / "none") == "  | (it has logged nothing)"
