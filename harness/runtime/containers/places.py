"""Folders of this machine that containers see: one for each pod, and one for the gate.

The folder around them is closed to others. They themselves are open to all, since a container's
user is a stranger here; which number it has depends on the engine.
"""

import shutil
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from harness.facts.identity import PEER_HOSTS, POD_HOSTS, POD_NAMES, PodName
from harness.gate.authority import Authority
from harness.runtime.control import Control, Send
from harness.settings import HarnessSettings

POD_SEES: Final = "/data"
GATE_SEES: Final = "/gate"
CA_FILE: Final = "ca.pem"
KEYS_FILE: Final = "keys.pem"

READABLE: Final = 0o644
OPEN_FILE: Final = 0o666
OPEN_FOLDER: Final = 0o777


def wheel_cache(settings: HarnessSettings) -> Path:
    """Where Python packages for the images are kept."""
    return settings.cache.absolute().parent / "wheels"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of a run."""

    scratch: Path

    @classmethod
    def make(cls, scratch: Path, settings: HarnessSettings) -> "Places":
        """Make them, with the test keys in them."""
        places = cls(scratch)
        pools = {pod: (settings.fixtures / "keys" / f"{pod}.pem").read_bytes() for pod in POD_NAMES}
        for folder in (places.gate, *map(places.of, POD_NAMES)):
            folder.mkdir()
            folder.chmod(OPEN_FOLDER)
        for pod, pool in pools.items():
            _write(places.of(pod) / KEYS_FILE, pool)
        everybodys = sorted((settings.fixtures / "keys").glob("*.pem"))
        _write(places.gate / KEYS_FILE, b"".join(path.read_bytes() for path in everybodys))
        return places

    @property
    def gate(self) -> Path:
        """The gate's folder."""
        return self.scratch / "gate"

    def of(self, pod: PodName) -> Path:
        """A pod's folder."""
        return self.scratch / pod

    def certify(self) -> None:
        """Let the gate be any pod, in the pods' eyes."""
        ca_file = self.scratch / CA_FILE
        authority = Authority(ca_file)
        authority.write_certificates((*POD_HOSTS.values(), *PEER_HOSTS), self.gate)
        for path in self.gate.glob("*.pem"):
            path.chmod(READABLE)
        for pod in POD_NAMES:
            _write(self.of(pod) / CA_FILE, ca_file.read_bytes())


class PlacedControl(Control):
    """The control API of a pod that knows the files of its own folder only."""

    def __init__(self, name: str, send: Send, token: str, folder: Path) -> None:
        """Remember how to reach it.

        Args:
            name: The pod, for messages.
            send: Brings a request to the pod.
            token: Opens the API.
            folder: What the pod sees as its data.
        """
        super().__init__(name, send, token)
        self._folder = folder
        self._numbers = count(1)

    def snapshot(self, path: Path) -> None:
        """Write a copy of the database."""
        passed = self._passed()
        super().snapshot(Path(POD_SEES) / passed.name)
        # A copy, since the file belongs to the container's user.
        shutil.copyfile(passed, path)
        passed.unlink()

    def restore(self, path: Path) -> None:
        """Let the database be that copy."""
        passed = self._passed()
        shutil.copyfile(path, passed)
        passed.chmod(READABLE)
        super().restore(Path(POD_SEES) / passed.name)
        passed.unlink()

    def _passed(self) -> Path:
        return self._folder / f"passed-{next(self._numbers)}.sqlite3"


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(READABLE)
