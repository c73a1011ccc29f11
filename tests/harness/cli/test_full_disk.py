"""A disk that fills up under a run is told of, and nothing half-written is taken for a result."""

import json
from pathlib import Path

import pytest

from tests.harness.cli.terminal import Terminal
from tests.harness.small_disk import fill, small_disk

RUN = ("run", "seeding", "--federation", "joined")


def test_a_full_disk_is_told_of_before_anything_begins(here: Terminal, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "1m") as disk:
        fill(disk, but_bytes=0)
        run = here.call(*RUN, "--reports", str(disk / "reports"))
        assert (run.returncode, run.stdout) == (70, "")
        assert f"no space left in {disk / 'reports'}. Free some space" in run.stderr
        assert "Traceback" not in run.stderr
        assert list(disk.glob("reports/*")) == []


def test_a_disk_that_fills_up_under_a_run_makes_it_our_failure(
    here: Terminal, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "2m") as disk:
        fill(disk, but_bytes=256 * 1024)
        run = here.call(*RUN, "--reports", str(disk / "reports"))
        assert (run.returncode, "Traceback" in run.stderr + run.stdout) == (70, False)
        assert "o space left" in run.stderr + run.stdout
        for result in disk.glob("reports/*/result.json"):
            assert json.loads(result.read_text("utf-8"))["exit_status"] == 70


@pytest.mark.parametrize("setting", ["HARNESS_CACHE", "XDG_RUNTIME_DIR"])
def test_no_room_for_databases_is_told_of_and_keeps_no_half_a_past(
    here: Terminal, setting: str
) -> None:
    with small_disk(here.short_lived / "d", "1m") as disk:
        room = {setting: str(disk)} | ({"TMPDIR": str(disk)} if setting != "HARNESS_CACHE" else {})
        run = here.call(*RUN, **room)
        assert (run.returncode, "Traceback" in run.stderr + run.stdout) == (70, False)
        assert "no space left" in run.stderr + run.stdout
    (here.short_lived / "d").rmdir()
    assert here.call("run", "an_untouched", "--federation", "joined").returncode == 0
