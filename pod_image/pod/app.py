"""The composition root: settings to a pod that can be stepped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pod.jobs.bell import Bell
from pod.jobs.client import Client, Send
from pod.jobs.clock import Clock, FrozenClock, RealClock
from pod.jobs.context import Context
from pod.jobs.crash import CrashPoints
from pod.jobs.crypto import WireCrypto
from pod.jobs.keyring import Keyring
from pod.jobs.mail import smtp_mailer
from pod.jobs.worker import recover, step
from pod.settings import Settings
from pod.store import engine
from pod.store.unit_of_work import Services
from pod.web.errors import EXPECTED, error_response
from pod.web.http import Request
from pod.web.routes import ROUTER
from pod.wire import entities

if TYPE_CHECKING:
    from pod.jobs.transport import HttpxTransport

_FROZEN_START = datetime(2026, 1, 1, tzinfo=UTC)

Answer = tuple[int, list[tuple[str, str]], bytes]


class Core:
    """One pod: answers requests, and does one thing at a time when it is told to."""

    def __init__(self, context: Context, close: Callable[[], None]) -> None:
        self.context = context
        self._close = close

    def handle(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> Answer:
        """Answer one HTTP request."""
        request = Request.of(method, target, headers, body)
        try:
            handler, found = ROUTER.find(request)
            response = handler(self.context, found)
        except EXPECTED as error:
            response = error_response(error)
        return response.status, list(response.headers), response.body

    def step(self) -> bool:
        """Do one due thing; whether there was one."""
        return step(self.context)

    def close(self) -> None:
        """Close the database and the connections."""
        self._close()


def create_core(settings: Mapping[str, str], *, send: Send | None = None) -> Core:
    """Make a pod: its database if there is none, and everything around it.

    Args:
        settings: The names and values of the environment, `POD_…`.
        send: How requests to other pods are sent; default: httpx.

    Raises:
        SettingsError: If a setting is missing or cannot be read.
    """
    return _build(Settings.from_mapping(settings), send)


def _build(settings: Settings, send: Send | None) -> Core:
    engine.prepare(settings.database_url)
    bell = Bell()
    clock = _clock(settings)
    crypto = WireCrypto()
    services = Services(
        policy=settings,
        crypto=crypto,
        now=clock.now,
        encode=entities.encode,
        decode=entities.decode,
        seal=crypto.seal_for,
        test_mode=settings.test_mode,
    )
    store = engine.Store(settings.database_url, services, bell.ring)
    transport = None
    if send is None:
        send = transport = _transport(settings)
    context = Context(
        settings=settings,
        store=store,
        clock=clock,
        client=Client(send, settings.host),
        crypto=crypto,
        keyring=Keyring(settings.key_pool, settings.key_bits),
        mailer=smtp_mailer(settings.smtp),
        crash=CrashPoints(at=settings.crash_at),
        bell=bell,
    )
    _resume(context)

    def close() -> None:
        store.close()
        if transport is not None:
            transport.close()

    return Core(context, close)


def _transport(settings: Settings) -> HttpxTransport:
    # Imported where it is needed: it takes as long as all other modules of a pod.
    from pod.jobs.transport import HttpxTransport

    return HttpxTransport(settings.proxy, settings.ca_file, settings.allowed_networks)


def _clock(settings: Settings) -> Clock:
    if not settings.test_mode:
        return RealClock()
    return FrozenClock(settings.clock or _FROZEN_START)


def _resume(context: Context) -> None:
    """Go on where the process before us ended."""
    context.adopt_clock()
    recover(context)
