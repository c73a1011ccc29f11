"""The Python packages that go into the images, collected on this machine.

A build then needs no network, no package index and no certificates. They are those of the lock
files, checked by hash, and collected once.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from harness.errors import BootFailed
from harness.runtime.containers.context import POD_IMAGE, Files, fingerprint
from harness.runtime.containers.full_disk import need_room

_PYTHON: Final = ("--python-version=3.11", "--implementation=cp", "--abi=cp311", "--abi=abi3")
_ABIS: Final = ("--abi=none",)
_LAST_LINES: Final = 20


def wheels(cache: Path, architecture: str) -> dict[str, bytes]:
    """The wheels, by file name.

    Args:
        cache: Where they are kept.
        architecture: The engine's: `x86_64` or `aarch64`.

    Raises:
        BootFailed: If they cannot be had.
        DiskFull: If there is no room for them.
    """
    locks = sorted((POD_IMAGE / "requirements").glob("*.lock"))
    contents: Files = {lock.name: lock.read_bytes() for lock in locks}
    folder = cache / fingerprint(contents, architecture)
    if not folder.is_dir():
        _collect(locks, folder, architecture)
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.whl"))}


def _collect(locks: list[Path], folder: Path, architecture: str) -> None:
    draft = folder.with_name(f"{folder.name}.{os.getpid()}")
    draft.mkdir(parents=True, exist_ok=True)
    try:
        for lock in locks:
            _download(lock, draft, architecture)
        draft.rename(folder)
    except OSError as error:
        if not folder.is_dir():  # else another run was faster
            need_room("collecting the packages", error, "this machine's")
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _download(lock: Path, folder: Path, architecture: str) -> None:
    platforms = [f"--platform=manylinux{v}_{architecture}" for v in ("_2_28", "_2_17", "2014")]
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--quiet"]
    command += ["--no-deps", "--require-hashes", "--only-binary=:all:", "--prefer-binary"]
    command += [*_PYTHON, *_ABIS, *platforms, f"--dest={folder}", f"--requirement={lock}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (pip)
    if done.returncode:
        need_room(f"downloading {lock.name}", done.stdout + done.stderr, "this machine's")
        said = "\n".join((done.stdout + done.stderr).splitlines()[-_LAST_LINES:])
        raise BootFailed(
            f"the packages of {lock.name} cannot be downloaded:\n{said}",
            "Let pip reach a package index or a folder of wheels, then run again",
        )
