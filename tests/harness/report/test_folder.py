"""What a run leaves in its folder."""

from pathlib import Path

import pytest

from harness.errors import DiskFull
from harness.report.folder import RunFolder
from tests.harness.report.test_verdict import RUN
from tests.harness.small_disk import fill, small_disk

PAGE = 4096
REPORTS = {"result.json", "junit.xml"}


@pytest.mark.parametrize("pages", range(6))
def test_where_there_is_no_room_for_all_reports_there_is_none(tmp_path: Path, pages: int) -> None:
    with small_disk(tmp_path / "disk", "1m") as disk:
        folder = RunFolder.create(disk, "joined")
        fill(disk, but_bytes=pages * PAGE)
        try:
            folder.conclude(RUN)
            expected, is_told = REPORTS, True
        except DiskFull:
            expected, is_told = set(), False
        assert {path.name for path in folder.path.iterdir()} - {"pods"} == expected
        assert (disk / "latest").is_symlink() == is_told
        assert is_told == (pages >= len(REPORTS))
