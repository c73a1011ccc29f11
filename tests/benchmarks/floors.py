"""The least that must be done, by the shortest way there is."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from harness.facts.identity import POD_NAMES
from tests.benchmarks.measuring import seconds

if TYPE_CHECKING:
    from docker import DockerClient

_FORKS: Final = """
import os, signal, sys
pipes = [os.pipe() for _ in range(4)]
children = []
for reads, writes in pipes:
    child = os.fork()
    if child == 0:
        os.write(writes, b"up")
        signal.pause()
    children.append(child)
for reads, _ in pipes:
    os.read(reads, 2)
sys.stdout.write("up\\n")
sys.stdout.flush()
sys.stdin.read()
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""
_IDLE: Final = ("python3.11", "-c", "import signal; signal.pause()")


def forks() -> tuple[float, float]:
    """One bare interpreter forks four idle processes: until they are up, until they are gone."""
    command = [sys.executable, "-I", "-c", _FORKS]
    started: list[subprocess.Popen[str]] = []

    def up() -> None:
        process = subprocess.Popen(  # noqa: S603 - a program of our own
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        if process.stdout is not None:
            process.stdout.readline()

    return seconds(up), seconds(lambda: started[0].communicate())


def copies(databases: Iterable[Path]) -> tuple[float, float]:
    """Four databases are copied by SQLite and opened, and removed again."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = [(source, Path(folder) / source.name) for source in databases]
        return (
            seconds(lambda: _copy_all(made)),
            seconds(lambda: shutil.rmtree(folder)),
        )


def _copy_all(pairs: Iterable[tuple[Path, Path]]) -> None:
    for source, copy in pairs:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(copy)) as new:
            new.execute("PRAGMA synchronous=OFF")  # waiting for the disk would be no floor
            old.backup(new)


class Keys:
    """The bare operations of OpenSSL with a key of 2048 bits."""

    def __init__(self) -> None:
        self._key = generate_private_key(65537, 2048)
        self._public = self._key.public_key()
        self._signed = self._key.sign(b"x" * 500, PKCS1v15(), SHA256())
        self._secret = self._public.encrypt(b"x" * 86, PKCS1v15())
        self._operations: dict[str, Callable[[], object]] = {
            "sign": lambda: self._key.sign(b"x" * 500, PKCS1v15(), SHA256()),
            "verify": lambda: self._public.verify(self._signed, b"x" * 500, PKCS1v15(), SHA256()),
            "encrypt": lambda: self._public.encrypt(b"x" * 86, PKCS1v15()),
            "decrypt": lambda: self._key.decrypt(self._secret, PKCS1v15()),
        }

    def seconds(self, counts: Mapping[str, int]) -> float:
        """How long so many operations take."""

        def work() -> None:
            for name, count in counts.items():
                for _ in range(count):
                    self._operations[name]()

        return seconds(work)


def containers(client: DockerClient, image: str) -> tuple[float, float]:
    """Four networks and five idle containers, at once: made and started, and removed again."""
    from harness.runtime.containers.networks import make_network
    from harness.runtime.containers.sweeping import remove_run

    run = secrets.token_hex(4)

    def up() -> None:
        with ThreadPoolExecutor(5) as threads:
            networks = list(threads.map(lambda pod: make_network(client, run, pod), POD_NAMES))
            places = [*(network.id for network in networks), networks[0].id]
            list(threads.map(lambda place: _start(client, image, run, place), places))

    try:
        taken = seconds(up)
    except BaseException:
        remove_run(client, run)
        raise
    return taken, seconds(lambda: remove_run(client, run))


def _start(client: DockerClient, image: str, run: str, network: str) -> None:
    from harness.runtime.containers.labels import labels

    api: Any = client.api
    endpoints = {network: api.create_endpoint_config()}
    made = api.create_container(
        image,
        entrypoint=list(_IDLE),
        labels=labels(run, "idle"),
        healthcheck={"test": ["NONE"]},
        networking_config=api.create_networking_config(endpoints),
    )
    api.start(made["Id"])
