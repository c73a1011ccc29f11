"""What every job and every handler of a pod is given."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from pod.jobs.bell import Bell
from pod.jobs.client import Client
from pod.jobs.clock import Clock
from pod.jobs.crash import CrashPoints
from pod.jobs.crypto import WireCrypto
from pod.jobs.keyring import Keyring
from pod.jobs.mail import Mailer
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

    def work(self, act: Act | None = None) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work: commits at the end of the `with` block, rolls back on an exception."""
        return self.store.work(act)

    def wake(self) -> None:
        """Tell the workers that there may be something to do."""
        self.bell.ring()

    def new_private_key(self) -> str:
        """A key for a new account, PEM: the next of the pool in test mode, else a fresh one.

        Call it outside of a unit of work: making a key takes a second.
        """
        return self.keyring.new(self.work)
