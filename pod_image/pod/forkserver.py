"""Start pods fast: `python -m pod.forkserver` imports everything once and forks a server for each.

It is spoken to in JSON lines. On standard input:

    {"start": "pod1", "settings": {"POD_HOST": …}, "log": "/path"}
    {"stop": "pod1"}    orderly, as SIGTERM
    {"kill": "pod1"}    at once, as SIGKILL

On standard output:

    {"started": "pod1", "pid": 123}
    {"exited": "pod1", "pid": 123, "status": 0}    negative: the signal that ended it
    {"error": "…"}                                  a line that cannot be obeyed

When standard input ends, every pod is stopped, and then the fork server ends.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import select
import signal
import sys
import time
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from pod.serving import Factory, load_factory, serve
from pod.settings import SettingsError
from pod.store import template

STOP_SECONDS = 10.0
"""How long pods may take for an orderly end before they are killed."""

_PR_SET_PDEATHSIG = 1
_MAX_DESCRIPTORS = 4096
_libc = ctypes.CDLL(None, use_errno=True)


class ForkServer:
    """One parent without threads, and its children."""

    def __init__(self, factory: Factory) -> None:
        self._factory = factory
        self._pids: dict[str, int] = {}
        self._buffer = b""
        self._woken, wakes = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(wakes, False)
        signal.set_wakeup_fd(wakes)
        # Without a handler the signal would be ignored and wake nobody.
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        """Obey until standard input ends, then stop everything."""
        while self._obey_more():
            self._reap()
        self._end()

    def _obey_more(self) -> bool:
        """Wait for commands or for the end of a child; False when there are no more commands."""
        ready, _, _ = select.select([sys.stdin.fileno(), self._woken], [], [])
        if self._woken in ready:
            os.read(self._woken, 4096)
        if sys.stdin.fileno() not in ready:
            return True
        data = os.read(sys.stdin.fileno(), 65536)
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            self._obey(line)
        return bool(data)

    def _obey(self, line: bytes) -> None:
        try:
            command = json.loads(line)
            match command:
                case {"start": str(name), "settings": dict(settings), "log": str(log)}:
                    self._start(name, settings, log)
                case {"stop": str(name)}:
                    os.kill(self._pids[name], signal.SIGTERM)
                case {"kill": str(name)}:
                    os.kill(self._pids[name], signal.SIGKILL)
                case _:
                    _say(error=f"no such command: {line.decode(errors='replace')[:200]}")
        except (ValueError, OSError) as error:
            _say(error=f"{line.decode(errors='replace')[:200]}: {error}")
        except KeyError as error:
            _say(error=f"no pod called {error} is running")

    def _start(self, name: str, settings: dict[str, Any], log: str) -> None:
        if name in self._pids:
            raise ValueError(f"a pod called {name!r} is running already")
        # Opened here, so that a bad path is the caller's error and not a silent death.
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _become_pod(parent, output, settings, self._factory)
        os.close(output)
        self._pids[name] = pid
        _say(started=name, pid=pid)

    def _reap(self) -> None:
        for name, pid in list(self._pids.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del self._pids[name]
                _say(exited=name, pid=pid, status=os.waitstatus_to_exitcode(status))

    def _end(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in self._pids.values():
                os.kill(pid, number)
            self._reap_all(time.monotonic() + STOP_SECONDS)

    def _reap_all(self, end: float) -> None:
        self._reap()
        while self._pids and (remaining := end - time.monotonic()) > 0:
            if select.select([self._woken], [], [], remaining)[0]:
                os.read(self._woken, 4096)
            self._reap()


def _say(**values: object) -> None:
    line = json.dumps(values) + "\n"
    try:
        os.write(sys.stdout.fileno(), line.encode())
    except BrokenPipeError:
        # Nobody listens any more; standard input will end, too.
        return


def _become_pod(parent: int, output: int, settings: Mapping[str, str], factory: Factory) -> None:
    """In the child: serve, and end without returning into the parent's code."""
    status = 1
    try:
        _detach(parent, output)
        serve(settings, factory)
        status = 0
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        status = 64
    finally:
        if status == 1:
            sys.excepthook(*sys.exc_info())
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _detach(parent: int, output: int) -> None:
    """Keep nothing of the parent's: no descriptors, no signal handlers; die when it dies."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    # A terminal's Ctrl-C is for whoever drives us; it tells us to stop.
    os.setsid()
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(3, _MAX_DESCRIPTORS)


def main() -> int:
    """Import everything, then serve commands."""
    parser = argparse.ArgumentParser(prog="python -m pod.forkserver")
    parser.add_argument("--factory", metavar="MODULE:CALLABLE", help="makes the pods' cores")
    arguments = parser.parse_args()
    try:
        factory = load_factory(arguments.factory)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 64
    template.image()
    import_module("pod.jobs.transport")  # or every pod would, after the fork
    ForkServer(factory).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
