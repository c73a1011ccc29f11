"""What every job and every handler of a pod is given."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from pod.jobs.bell import Bell
from pod.jobs.client import Client
from pod.jobs.clock import Clock
from pod.jobs.crash import CrashPoints
from pod.jobs.crypto import WireCrypto
from pod.jobs.keyring import Keyring
from pod.jobs.mail import Mailer
from pod.jobs.restraint import Restraint
from pod.settings import Settings
from pod.store.engine import Store
from pod.store.ids import Act
from pod.store.unit_of_work import UnitOfWork


@dataclass(slots=True, kw_only=True)
class Context:
    """One pod: its settings and its connections to the world."""

    settings: Settings
    store: Store
    clock: Clock
    client: Client
    crypto: WireCrypto
    keyring: Keyring
    mailer: Mailer
    crash: CrashPoints
    bell: Bell = field(default_factory=Bell)
    restraint: Restraint = field(default_factory=Restraint)
    is_frozen: bool = False
    """Whether workers claim nothing, as the control API asked for."""
    has_workers: bool = False
    """Whether threads turn the crank; else somebody calls `step`."""
    failed: deque[Callable[[UnitOfWork], None]] = field(default_factory=deque, init=False)
    """Ends of jobs that failed, as long as not even that could be written down."""
    lingering: int = field(default=0, init=False)
    """How many jobs go on although their end is committed: nobody may call that quiet."""
    _idle: tuple[int, datetime | None] | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def work(self, act: Act | None = None) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work: commits at the end of the block, rolls back on an exception."""
        return self.store.work(act)

    def wake(self) -> None:
        """Tell the workers that there may be something to do."""
        self.bell.ring()

    @contextmanager
    def linger(self) -> Iterator[None]:
        """Count a job as going on until the end of the block, whatever it commits meanwhile."""
        with self._lock:
            self.lingering += 1
        try:
            yield
        finally:
            with self._lock:
                self.lingering -= 1
            self.wake()

    def idle_since(self, count: int, next_due: datetime | None) -> None:
        """Remember that at this count of the bell nothing was due, and when something will be."""
        self._idle = (count, next_due)

    def is_idle(self) -> bool:
        """Whether nothing can be due: nothing rang, and the time has not come."""
        if self._idle is None or self._idle[0] != self.bell.count:
            return False
        next_due = self._idle[1]
        return next_due is None or next_due > self.clock.now()

    def seconds_to_next(self) -> float | None:
        """How long to wait for the next thing that falls due; None if only the bell can tell."""
        next_due = None if self._idle is None else self._idle[1]
        return None if next_due is None else self.clock.seconds_until(next_due)

    def set_clock(self, now: datetime) -> None:
        """Set a frozen clock, for good, and tell the workers.

        Raises:
            ValueError: If the clock is the real one.
        """
        self.clock.set(now)
        with self.work() as work:
            work.totals.set_clock(now)
        self.wake()

    def adopt_clock(self) -> None:
        """Set a frozen clock to what the database says, after a restart or a restore.

        A database that says nothing is new, and is told.
        """
        if not self.clock.is_frozen:
            return
        with self.work() as work:
            kept = work.totals.clock
            if kept is None:
                work.totals.set_clock(self.clock.now())
        if kept is not None:
            self.clock.set(kept)

    def new_private_key(self) -> str:
        """A key for a new account, PEM: the next of the pool in test mode, else a fresh one.

        Call it outside of a unit of work: making a key takes a second.
        """
        return self.keyring.new(self.work)
