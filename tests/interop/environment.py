"""The environment of the foreign library: made once, from a lock of its own, never mixed with ours.

`libmagic` must be installed (Debian: libmagic1), as the library loads it.
"""

import hashlib
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = Path(__file__).with_name("requirements.lock")
FOLDER = ROOT / ".seedbed" / "interop-venv"
PYTHON = FOLDER / "bin" / "python"
_STAMP = FOLDER / ".made-from"


def make() -> Path:
    """The interpreter of the environment, which is made anew if the lock has changed."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not _STAMP.exists() or _STAMP.read_text() != wanted or not _works():
        venv.create(FOLDER, clear=True, with_pip=True)
        command = (
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--requirement",
            str(LOCK),
        )
        subprocess.run([PYTHON, *command], check=True)  # noqa: S603 - our own lock
        _STAMP.write_text(wanted)
    return PYTHON


def _works() -> bool:
    return subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0  # noqa: S603 - as above


if __name__ == "__main__":
    print(make())  # noqa: T201 - the command's output
