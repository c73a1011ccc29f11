"""The folder of a run: `reports/<run>/`, and `latest`, which leads to the newest."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile

from harness.errors import DiskFull, HarnessError, UsageError
from harness.facts.transcript import Transcript
from harness.report.as_json import as_json
from harness.report.as_junit import as_junit

PROBE_BYTES = 64 * 1024
"""Less than the shortest run leaves behind."""

FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def disk_trouble(path: Path) -> Iterator[None]:
    """Turn a full or unwritable disk into an error that names the folder and what to do.

    Raises:
        DiskFull: If there is no space left.
        HarnessError: If the folder cannot be written for another reason.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull(f"no space left to write {path}") from error
        raise HarnessError(
            f"cannot write {path}: {error.strerror}",
            "Choose another folder with --reports, or make this one writable",
        ) from error


def need_writable(reports: Path) -> None:
    """Complain at once, rather than when all is done.

    Raises:
        UsageError: If runs cannot be kept there.
        DiskFull: If there is no space left.
    """
    try:
        reports.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=reports) as probe:
            probe.write(b" " * PROBE_BYTES)
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull(f"no space left in {reports}") from error
        raise UsageError(
            f"{reports} cannot hold the evidence: {error.strerror}",
            "Choose another folder with --reports, or make this one writable",
        ) from error


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where a run's evidence goes."""

    path: Path

    @classmethod
    def create(cls, reports: Path, name: str) -> "RunFolder":
        """Make the folder of a new run; the name gets a number if it is taken."""
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        with disk_trouble(reports):
            reports.mkdir(parents=True, exist_ok=True)
            for n in range(1, 1000):
                path = reports / (f"{stamp}-{name}" if n == 1 else f"{stamp}-{name}-{n}")
                try:
                    (path / "pods").mkdir(parents=True)
                except FileExistsError:
                    continue
                return cls(path.resolve())
        raise HarnessError(f"{reports} is full of runs of this second")

    @classmethod
    def at(cls, path: Path) -> "RunFolder":
        """Make the folder of a part of a run, which is given its place."""
        with disk_trouble(path):
            (path / "pods").mkdir(parents=True, exist_ok=True)
        return cls(path.resolve())

    def discard(self) -> None:
        """Remove it, as there is nothing to keep."""
        shutil.rmtree(self.path, ignore_errors=True)

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file of the run, whole or not at all."""
        target = self.path / name
        with disk_trouble(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with _drafts() as drafts:
                drafts[target] = draft = _draft_of(target)
                draft.write_bytes(content.encode() if isinstance(content, str) else content)

    def conclude(self, transcript: Transcript) -> None:
        """Write the reports, all or none, and let `latest` lead here.

        A run whose disk was full has failed: no report of it may say that the pods agree.
        """
        reports = {"result.json": as_json(transcript).encode(), "junit.xml": as_junit(transcript)}
        latest = self.path.parent / "latest"
        with disk_trouble(self.path), _drafts() as drafts:
            for name, content in reports.items():
                drafts[self.path / name] = draft = _draft_of(self.path / name)
                draft.write_bytes(content)
            drafts[latest] = link = self.path.parent / f".latest-{os.getpid()}"
            link.unlink(missing_ok=True)
            link.symlink_to(self.path.name)
        with suppress(OSError):
            (self.path / "pods").rmdir()  # unless there are any


def _draft_of(target: Path) -> Path:
    return target.with_name(f".{target.name}.draft")


@contextmanager
def _drafts() -> Iterator[dict[Path, Path]]:
    """Files by where they go when all are written; that takes no space any more."""
    drafts: dict[Path, Path] = {}
    try:
        yield drafts
        for target, draft in drafts.items():
            draft.replace(target)
    except OSError:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        raise
