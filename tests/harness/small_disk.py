"""Disks that are full, or nearly."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A disk of that size.

    Where none can be had, that is said loudly, and is a failure in continuous integration: there
    this test has to run.
    """
    place.mkdir()
    mounted = subprocess.run(  # noqa: S603 - our own arguments
        [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        missing = f"FULL DISKS ARE NOT TESTED: cannot mount a small one: {mounted.stderr.strip()}"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    try:
        yield place
    finally:
        subprocess.run([shutil.which("umount") or "umount", "-l", place], check=True)  # noqa: S603


def fill(disk: Path, but_bytes: int) -> None:
    """Leave only so much room."""
    free = shutil.disk_usage(disk).free
    (disk / "filling").write_bytes(b" " * max(free - but_bytes, 0))
