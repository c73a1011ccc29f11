"""The fork server: one preloaded parent of all pods' processes.

It is driven over its stdin and stdout, as the contract says. When this process ends, however it
ends, its stdin closes, and it takes its children with it.
"""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from harness.errors import BootFailed
from harness.runtime.ready import last_lines


class ForkServer:
    """Starts and ends pods; keeps an eye on which of them run."""

    def __init__(self, module: str, factory: str, log: Path) -> None:
        """Start the parent process; it imports while we prepare other things.

        Args:
            module: What to run, `python -m module`.
            factory: Makes a pod's core, `module:callable`.
            log: Where its own complaints go.
        """
        self._log = log
        self._changed = threading.Condition()
        self._pids: dict[str, int] = {}
        self._ended: dict[str, int] = {}
        self._errors: list[str] = []
        with log.open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                [sys.executable, "-m", module, "--factory", factory],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,  # Ctrl-C is ours to handle; its stdin then closes
            )
        self._reader = threading.Thread(target=self._listen, name="forkserver", daemon=True)
        self._reader.start()

    def start(self, name: str, settings: Mapping[str, str], log: Path) -> None:
        """Fork a pod."""
        with self._changed:
            self._ended.pop(name, None)
        self._say({"start": name, "settings": dict(settings), "log": str(log)})

    def end(self, name: str, how: str, timeout: timedelta) -> None:
        """End a pod, by `stop` or `kill`, and wait until it has ended."""
        self._say({how: name})
        with self._changed:
            if not self._changed.wait_for(lambda: name in self._ended, timeout.total_seconds()):
                raise BootFailed(f"{name} does not end within {timeout.total_seconds():g} s")

    def status(self, name: str, within: timedelta = timedelta(0)) -> int | None:
        """How a pod has ended, or ends within that time; None if it does not."""
        with self._changed:
            self._changed.wait_for(lambda: name in self._ended, within.total_seconds())
            return self._ended.get(name)

    def pids(self) -> dict[str, int]:
        """The processes of the pods that run."""
        with self._changed:
            return {name: pid for name, pid in self._pids.items() if name not in self._ended}

    def check(self) -> None:
        """Raise `BootFailed` if the parent has ended, or could not do what it was told."""
        with self._changed:
            if self._errors:
                raise BootFailed(f"the fork server says: {self._errors[0]}")
        if (status := self._process.poll()) is not None:
            raise BootFailed(
                f"the fork server has ended with status {status}:\n{last_lines(self._log)}"
            )

    def close(self, timeout: timedelta) -> None:
        """End all pods at once, and the parent; twice is harmless."""
        with suppress(BootFailed):  # it has ended already
            for name in self.pids():
                self._say({"kill": name})
        if self._process.stdin and not self._process.stdin.closed:
            with suppress(BrokenPipeError):  # it has ended already
                self._process.stdin.close()
        try:
            self._process.wait(timeout.total_seconds())
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(timeout.total_seconds())
        if self._process.stdout:
            self._process.stdout.close()

    def _say(self, command: Mapping[str, Any]) -> None:
        pipe = self._process.stdin
        if pipe is None or pipe.closed:
            raise BootFailed("the fork server has been closed")
        try:
            pipe.write(json.dumps(command).encode() + b"\n")
            pipe.flush()
        except BrokenPipeError as error:
            raise BootFailed(f"the fork server has died:\n{last_lines(self._log)}") from error

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self._note(json.loads(line))
        with self._changed:
            lost = {name: -signal.SIGKILL for name in self._pids if name not in self._ended}
            self._ended.update(lost)
            self._changed.notify_all()

    def _note(self, event: Mapping[str, Any]) -> None:
        with self._changed:
            if "started" in event:
                self._pids[str(event["started"])] = int(event["pid"])
            if "exited" in event:
                self._ended[str(event["exited"])] = int(event["status"])
            if "error" in event:
                self._errors.append(str(event["error"]))
            self._changed.notify_all()
