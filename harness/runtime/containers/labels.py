"""Labels on all that a run makes in the container engine, and whose run that was.

A run that was killed cannot clean up. The next one does, for a label tells which process owned a
thing, and since when, so that a number that was given to another process misleads nobody.
"""

import os
from functools import cache
from pathlib import Path
from typing import Final

RUN: Final = "org.seedbed.run"
OWNER: Final = "org.seedbed.owner"
ROLE: Final = "org.seedbed.role"

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_UNKNOWN: Final = "unknown"


def labels(run: str, role: str) -> dict[str, str]:
    """The labels of one thing."""
    return {RUN: run, OWNER: owner(), ROLE: role}


@cache
def owner() -> str:
    """This process: where it counts processes, since which boot, its number, and its beginning."""
    pid = os.getpid()
    return f"{_boot_id()}/{_namespace()}/{pid}/{_beginning(pid)}"


def is_dead(owner_label: str) -> bool:
    """Whether the process that a label names has ended; False if that cannot be told."""
    boot, namespace, pid, beginning = (*owner_label.split("/"), "", "", "", "")[:4]
    if not pid.isdecimal():
        return False
    if boot != _boot_id():
        return _UNKNOWN not in (boot, _boot_id())
    if namespace != _namespace():
        return False  # it has another idea of the numbers of processes
    now = _beginning(int(pid))
    return not now or now != beginning


def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return _UNKNOWN


def _namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return _UNKNOWN


def _beginning(pid: int) -> str:
    """When a process began, in ticks since the boot; empty if there is none."""
    try:
        # The name of the program, in parentheses, may contain anything.
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except FileNotFoundError:
        return "" if _boot_id() != _UNKNOWN or not _lives(pid) else _UNKNOWN
    except OSError:
        return _UNKNOWN
    return "" if fields[0] == "Z" else fields[19]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
