"""One transaction around everything a pod stores.

A repository is a class of the port's name over a connection: `People(work.connection)`. Queues,
outbox and the like are made with the unit of work itself, as committing them wakes the workers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from pod.domain.entities import Entity
from pod.domain.errors import Conflict
from pod.domain.people import Account
from pod.domain.ports import Crypto, Ids, Policy
from pod.store.accounts import Accounts
from pod.store.conversations import Conversations
from pod.store.features import Features
from pod.store.ids import Act, ActIds, CountedIds, RandomIds
from pod.store.interactions import Interactions
from pod.store.mails import Mails
from pod.store.migrations import Migrations
from pod.store.notifications import Notifications
from pod.store.outbox import Outbox
from pod.store.people import People
from pod.store.posts import Posts
from pod.store.queues import Deliveries, Inbox
from pod.store.sharing import Sharing
from pod.store.tasks import Completions, Imports, PendingMigrations
from pod.store.totals import Totals

_thread = threading.local()


def is_open() -> bool:
    """Whether this thread has a unit of work open."""
    return getattr(_thread, "open", False)


def mark_open(*, is_open: bool) -> None:
    """Remember it; for the store, which opens and closes units of work."""
    _thread.open = is_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What a unit of work is given from outside the store."""

    policy: Policy
    crypto: Crypto
    now: Callable[[], datetime]
    encode: Callable[[Entity], bytes]
    """An entity as the payload of an envelope."""
    decode: Callable[[bytes], Entity]
    seal: Callable[[bytes, Account], bytes]
    """A payload in a magic envelope signed by the account."""
    test_mode: bool = False


class UnitOfWork:
    """Everything below it commits together or not at all; implements `pod.domain.ports.Work`."""

    def __init__(self, connection: Connection, services: Services, act: Act | None = None) -> None:
        self.connection = connection
        self.services = services
        self.has_queued = False
        self._act = act

    @property
    def crypto(self) -> Crypto:
        return self.services.crypto

    @property
    def policy(self) -> Policy:
        return self.services.policy

    @cached_property
    def now(self) -> datetime:
        """The same moment throughout the unit: the act's, else the pod's clock."""
        at = None if self._act is None else self._act.at
        return at or self.services.now()

    @cached_property
    def _new_ids(self) -> RandomIds | ActIds | CountedIds:
        if not self.services.test_mode:
            return RandomIds()
        if self._act is not None and self._act.seed is not None:
            return ActIds(self.policy.host, self._act)
        return CountedIds(self.policy.host, self.totals.next_guid)

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part that is undone alone if it fails.

        Raises:
            Conflict: If it contradicts what is stored.
        """
        try:
            with self.connection.begin_nested():
                yield
        except IntegrityError:
            raise Conflict("contradicts what is stored here already") from None

    @property
    def ids(self) -> Ids:
        return self._new_ids

    def committed(self) -> None:
        """Called once the transaction is through."""
        self._new_ids.keep()

    def need_account(self, account: Account) -> Account:
        return self.accounts.get(account.id)

    @cached_property
    def people(self) -> People:
        return People(self.connection)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.connection)

    @cached_property
    def sharing(self) -> Sharing:
        return Sharing(self.connection)

    @cached_property
    def posts(self) -> Posts:
        return Posts(self.connection)

    @cached_property
    def interactions(self) -> Interactions:
        return Interactions(self.connection)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self.connection)

    @cached_property
    def migrations(self) -> Migrations:
        return Migrations(self)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self)

    @cached_property
    def mails(self) -> Mails:
        return Mails(self)

    @cached_property
    def notifications(self) -> Notifications:
        return Notifications(self)

    @cached_property
    def totals(self) -> Totals:
        return Totals(self)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self)

    @cached_property
    def features(self) -> Features:
        return Features(self.connection)

    @cached_property
    def imports(self) -> Imports:
        return Imports(self)

    @cached_property
    def completions(self) -> Completions:
        return Completions(self)

    @cached_property
    def pending_migrations(self) -> PendingMigrations:
        return PendingMigrations(self)
