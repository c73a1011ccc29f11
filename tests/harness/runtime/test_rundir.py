"""Folders of runs that were killed do not stay."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.runtime.rundir import make_rundir, runtime_folder, sweep


def dead_process() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_the_folder_of_a_dead_run_is_removed_and_others_stay(tmp_path: Path) -> None:
    dead = tmp_path / f"seedbed-{dead_process()}-abc"
    ours = tmp_path / f"seedbed-{os.getpid()}-abc"
    strange = tmp_path / "seedbed-7x-abc"
    for folder in (dead, ours, strange):
        (folder / "inner").mkdir(parents=True)
    assert sweep(tmp_path) == [dead]
    assert sorted(tmp_path.iterdir()) == sorted([ours, strange])


def test_a_run_folder_is_made_where_the_session_says(monkeypatch: pytest.MonkeyPatch) -> None:
    short = Path("/tmp") / f"sb{os.getpid()}"  # noqa: S108 - has to be short
    short.mkdir()
    try:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(short))
        folder = make_rundir()
        assert folder.parent == short
        folder.rmdir()
    finally:
        short.rmdir()


def test_a_session_folder_too_deep_for_sockets_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 90)
    deep.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    assert runtime_folder() != deep
