"""The short-lived folder of a run: sockets and databases, under a path short enough for sockets.

A run that was killed cannot remove its folder; the next one does, as the folder's name tells which
process owned it.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

PREFIX: Final = "seedbed-"
_LONGEST_SOCKET_PATH: Final = 100  # bytes; the kernel allows 107


def make_rundir() -> Path:
    """Make the folder of this process's run, and remove those of dead processes."""
    parent = runtime_folder()
    sweep(parent)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent))


def runtime_folder() -> Path:
    """Where short-lived folders go: the session's own place, if it is there and short enough."""
    own = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = own and len(own.encode()) < _LONGEST_SOCKET_PATH - 40 and os.access(own, os.W_OK)
    return Path(own) if usable else Path(tempfile.gettempdir())


def sweep(parent: Path) -> list[Path]:
    """Remove the folders whose owners are gone; returns what was removed."""
    dead = [path for path in parent.glob(f"{PREFIX}[0-9]*-*") if not _is_owned(path)]
    for path in dead:
        shutil.rmtree(path, ignore_errors=True)
    return dead


def _is_owned(path: Path) -> bool:
    owner = path.name.removeprefix(PREFIX).partition("-")[0]
    if not owner.isdecimal():
        return True  # not one of ours
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def remove(rundir: Path) -> None:
    """Remove a folder, and all that is in it."""
    with suppress(FileNotFoundError):
        shutil.rmtree(rundir)
