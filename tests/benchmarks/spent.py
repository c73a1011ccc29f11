"""A pod that keeps account of its processor time: made as `pod.app.create_core` makes it.

Named to the fork server as the factory. The functions where a kind of work begins are wrapped, and
the time of a thread between begin and end is that kind's, but for the time of other kinds that
begin inside. A sampler in the process would see mostly where the interpreter's lock is let go, and
a tracing profiler makes Python several times as slow as what is not Python; this does neither.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from sqlalchemy import Connection, Result
from sqlalchemy.engine import RootTransaction
from sqlalchemy.engine.default import DefaultDialect

from pod.app import Answer, Core, create_core
from pod.jobs.transport import HttpxTransport
from pod.store import engine, prepared
from pod.wire import encrypted_envelope, entities, keys, magic_envelope, signatures

FACTORY: Final = "tests.benchmarks.spent:create_accounting_core"
TARGET: Final = "/benchmark/spent"
ALL: Final = "all"
COMMITS_BY_THE_CLOCK: Final = "database commit, by the clock"
"""Put down besides: what a commit waits for the disk, and for the interpreter, is in it."""

_OWN_WORK: Final[Mapping[str, Iterable[tuple[Any, tuple[str, ...]]]]] = {
    "database commit": [(DefaultDialect, ("do_commit", "do_rollback"))],
    "statements, in SQLite": [
        (DefaultDialect, ("do_execute", "do_executemany", "do_execute_no_params")),
        (engine, ("_begin_immediate",)),
        (prepared, ("ask",)),
    ],
    "statements, around SQLite": [
        (prepared.Prepared, ("run",)),
        (Connection, ("execute", "scalar", "scalars", "begin")),
        (RootTransaction, ("commit", "rollback", "close")),
        (Result, ("all", "first", "one", "one_or_none", "scalar", "scalar_one", "fetchall")),
    ],
    "HTTP and TLS": [(HttpxTransport, ("__call__",))],
    "XML, JSON, AES": [
        (entities, ("encode", "decode")),
        (magic_envelope, ("seal", "parse")),
        (magic_envelope.Envelope, ("verify",)),
        (encrypted_envelope, ("wrap", "unwrap")),
        (signatures, ("sign_relayable", "verify_relayable")),
        (json, ("loads", "dumps")),
    ],
    "log": [(logging.Logger, ("handle",))],
}
"""Where each kind of work begins; RSA is wrapped as the keys are read."""

_RSA: Final = ("sign", "verify", "encrypt", "decrypt")


class _Account(threading.local):
    """What one thread has spent, and how much of the open span was spent on other kinds."""

    def __init__(self, all_accounts: list[dict[str, float]]) -> None:
        self.inside = 0.0
        self.spent: dict[str, float] = defaultdict(float)
        all_accounts.append(self.spent)


class Ledger:
    """Seconds of processor time, by kind of work."""

    def __init__(self) -> None:
        self._accounts: list[dict[str, float]] = []
        self._mine = _Account(self._accounts)

    def timed(self, kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function; what it takes is put down."""
        mine = self._mine

        @wraps(function)
        def timed(*arguments: object, **named: object) -> object:
            outside, mine.inside = mine.inside, 0.0
            begun = time.thread_time()
            try:
                return function(*arguments, **named)
            finally:
                taken = time.thread_time() - begun
                mine.spent[kind] += taken - mine.inside
                mine.inside = outside + taken

        return timed

    def clocked(self, kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function; what passes meanwhile is put down, processor or not."""
        mine = self._mine

        @wraps(function)
        def clocked(*arguments: object, **named: object) -> object:
            begun = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                mine.spent[kind] += time.perf_counter() - begun

        return clocked

    def read(self) -> dict[str, float]:
        """All seconds so far; the main thread does nothing but serve HTTP."""
        found: dict[str, float] = {}
        for account in list(self._accounts):
            for kind, taken in account.copy().items():
                found[kind] = found.get(kind, 0.0) + taken
        main = threading.main_thread().ident or 0
        server = time.clock_gettime(time.pthread_getcpuclockid(main))
        found["HTTP and TLS"] = found.get("HTTP and TLS", 0.0) + server
        return found | {ALL: time.process_time()}


class _Key:
    """A key whose operations are put down."""

    def __init__(self, ledger: Ledger, key: RSAPrivateKey | RSAPublicKey) -> None:
        self._key = key
        for name in _RSA:
            if hasattr(key, name):
                setattr(self, name, ledger.timed("RSA", getattr(key, name)))

    def __getattr__(self, name: str) -> object:
        return getattr(self._key, name)


class Accounting(Core):
    """A pod that tells, besides all else, what it has spent."""

    def __init__(self, core: Core, ledger: Ledger) -> None:
        super().__init__(core.context, core.close)
        self._ledger = ledger

    def handle(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> Answer:
        if target == TARGET:
            return 200, [], json.dumps(self._ledger.read()).encode()
        return super().handle(method, target, headers, body)


def create_accounting_core(settings: Mapping[str, str]) -> Core:
    """Make a pod as usual, but for the wrapping."""
    ledger = Ledger()
    for kind, places in _OWN_WORK.items():
        for owner, names in places:
            for name in names:
                setattr(owner, name, ledger.timed(kind, getattr(owner, name)))
    commit = ledger.clocked(COMMITS_BY_THE_CLOCK, DefaultDialect.do_commit)
    DefaultDialect.do_commit = commit  # type: ignore[method-assign]
    for name in ("load_own", "load_public"):
        setattr(keys, name, _loader(ledger, getattr(keys, name)))
    return Accounting(create_core(settings), ledger)


def _loader(ledger: Ledger, load: Callable[[str], Any]) -> Callable[[str], _Key]:
    return cache(lambda pem: _Key(ledger, load(pem)))
