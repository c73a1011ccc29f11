"""`seedbed up` and `seedbed down`: four pods that stay, for clicking around."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import typer

from harness.errors import BootFailed, UsageError
from harness.facts.identity import POD_NAMES
from harness.federation.pod import PASSWORD
from harness.report.progress import progress
from harness.runtime.ready import last_lines
from harness.settings import HarnessSettings

READY = "ready"
STOP_SECONDS = 20.0


def bring_up(port: int, given: Mapping[str, object], *, foreground: bool) -> None:
    """Start the pods, here or in a process of their own that outlives this one.

    Raises:
        UsageError: If they stand already, or the port is taken.
    """
    settings = HarnessSettings.read(os.environ, **given)
    record = _record(settings)
    if _standing(record):
        raise UsageError("the pods are up already", "Run `seedbed down` first")
    need_free(port)
    if foreground:
        _stand(port, settings, record)
    else:
        _detach(port, settings)


def need_free(port: int) -> None:
    """Complain before anything is started.

    Raises:
        UsageError: If nobody can listen on the port.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise UsageError(
                f"port {port} on 127.0.0.1 cannot be opened: {error}",
                f"End what listens there (`ss -ltnp sport = :{port}` names it) or choose "
                "another with --port",
            ) from error


def _record(settings: HarnessSettings) -> Path:
    return settings.cache.absolute().parent / "up.json"


def _standing(record: Path) -> int | None:
    """The process that holds the pods, if it lives; a record of a dead one is removed."""
    try:
        pid = int(json.loads(record.read_text("utf-8"))["pid"])
        os.kill(pid, 0)
    except (OSError, ValueError, KeyError):
        record.unlink(missing_ok=True)
        return None
    return pid


def _detach(port: int, settings: HarnessSettings) -> None:
    """Start `seedbed up --foreground` in a session of its own and pass on what it says."""
    command = [sys.executable, "-m", "harness.cli", "up", "--foreground", "--port", str(port)]
    command += ["--seed", str(settings.seed)]
    log = settings.cache.absolute().parent / "up.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as errors:
        child = subprocess.Popen(  # noqa: S603 - our own command
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    lines = _until_ready(child)
    if READY not in lines:
        child.wait()
        raise BootFailed(f"the pods did not come up:\n{last_lines(log, 12)}", f"See {log}")
    typer.echo("\n".join(line for line in lines if line != READY))


def _until_ready(child: "subprocess.Popen[bytes]") -> list[str]:
    lines: list[str] = []
    while child.stdout and READY not in lines:
        line = child.stdout.readline()
        if not line:
            break
        lines.append(line.decode().rstrip("\n"))
    return lines


def _stand(port: int, settings: HarnessSettings, record: Path) -> None:
    from harness.cli.stand import Stand

    stopped = _signals()
    with Stand(settings, port, progress()) as stand:
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps({"pid": os.getpid(), "port": stand.port}), "utf-8")
        try:
            typer.echo(_welcome(stand.port, stand.people))
            typer.echo(READY)
            sys.stdout.flush()
            select.select([stopped], [], [])
        finally:
            record.unlink(missing_ok=True)


def _signals() -> int:
    """A file descriptor that becomes readable when the process is asked to end."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(writing)
    return reading


def _welcome(port: int, people: Mapping[str, str]) -> str:
    pods = [f"  http://{pod}.localhost:{port}/" for pod in POD_NAMES]
    who = ", ".join(people.values())
    return "\n".join(
        [
            "four pods are up:",
            *pods,
            f"people: {who}",
            f"each has the password: {PASSWORD}",
            'log in: curl -s -d \'{"username": "carol", "password": "…"}\' '
            f"http://pod1.localhost:{port}/api/sessions",
            "stop them with `seedbed down`",
        ]
    )


def bring_down() -> None:
    """Stop the pods that stand, and wait until they are gone.

    Raises:
        UsageError: If none stand.
    """
    settings = HarnessSettings.read(os.environ)
    pid = _standing(_record(settings))
    if pid is None:
        raise UsageError("no pods are up", "`seedbed up` starts them")
    gone = os.pidfd_open(pid)
    signal.pidfd_send_signal(gone, signal.SIGTERM)
    if not select.select([gone], [], [], STOP_SECONDS)[0]:
        raise BootFailed(f"the pods' process {pid} does not end", "Look at .seedbed/up.log")
    typer.echo("the pods are down")
