"""The real command in processes of its own, and what it leaves behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from harness.runtime.ready import wait_until
from harness.settings import ROOT

COMMAND = str(Path(sys.executable).with_name("seedbed"))
PATIENCE = 180
MARK = "SEEDBED_TEST_MARK"


@dataclass(frozen=True)
class Terminal:
    """A folder in which somebody calls `seedbed`.

    Attributes:
        folder: Where they are.
        short_lived: Where sockets and databases go.
        cache: Where seeded pasts are kept.
    """

    folder: Path
    short_lived: Path
    cache: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def environment(self) -> dict[str, str]:
        """What the command is started with; the mark tells its processes from all others."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}:{ROOT / 'pod_image'}",
            "HOME": str(self.folder),
            "TMPDIR": str(self.short_lived),
            "XDG_RUNTIME_DIR": str(self.short_lived),
            "HARNESS_CACHE": str(self.cache),
            MARK: self.mark,
        }

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    def call(self, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Call `seedbed` and wait for its end."""
        return subprocess.run(  # noqa: S603 - our own command
            [COMMAND, *words],
            cwd=self.folder,
            env=self.environment | settings,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    @contextmanager
    def calling(self, *words: str, **settings: str) -> Iterator["subprocess.Popen[str]"]:
        """Call `seedbed` as a shell does: in a process group of its own."""
        with subprocess.Popen(  # noqa: S603 - our own command
            [COMMAND, *words],
            cwd=self.folder,
            env=self.environment | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            process_group=0,
        ) as child:
            try:
                yield child
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)

    def processes(self) -> list[str]:
        """The command lines of all processes that the command has started and that still live."""
        mark = f"{MARK}={self.mark}".encode()
        return [command for pid in _pids() if (command := _command(pid, mark))]

    def leftovers(self) -> list[str]:
        """Short-lived folders that are still there."""
        return sorted(path.name for path in self.short_lived.glob("seedbed-*"))

    def is_deserted(self) -> bool:
        """Whether all processes end, soon."""
        return wait_until(lambda: not self.processes(), timeout=timedelta(seconds=15))


def until(child: "subprocess.Popen[str]", word: str) -> str:
    """Read what the command tells on standard error, up to a line with that word."""
    lines = ""
    for line in child.stderr or ():
        lines += line
        if word in line:
            return lines
    raise AssertionError(f"{word!r} was never said, but:\n{lines}")


@contextmanager
def terminal(folder: Path, cache: Path, *, short_lived: Path | None = None) -> Iterator[Terminal]:
    """A folder, and one for what is short-lived, whose path is short enough for sockets."""
    own = Path(tempfile.mkdtemp(prefix="sb-", dir="/tmp"))
    try:
        yield Terminal(folder, short_lived or own, cache)
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _pids() -> list[Path]:
    return [path for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _command(pid: Path, mark: bytes) -> str:
    try:
        if mark not in (pid / "environ").read_bytes().split(b"\0"):
            return ""
        return (pid / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:  # it has ended meanwhile, or is none of ours
        return ""
