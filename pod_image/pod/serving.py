"""The rim of a pod: a server around its core, which goes on until it is told to end."""

from __future__ import annotations

import asyncio
import gc
import importlib
import signal
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from pod.app import Core, create_core
from pod.jobs.crash import die
from pod.jobs.log import start_logging
from pod.jobs.workers import Workers
from pod.settings import SettingsError
from pod.wire.elements import MAX_BODY_BYTES as MAX_MESSAGE_BYTES

MAX_BODY_BYTES = 64 * 1024 * 1024
"""Archives and photos, which people of this pod bring; other pods may bring less."""

HANDLER_THREADS = 8


class Factory(Protocol):
    """Makes a pod, as `pod.app.create_core` does."""

    def __call__(self, settings: Mapping[str, str]) -> Core: ...


def load_factory(name: str | None) -> Factory:
    """The factory called `module:callable`; by default `pod.app.create_core`.

    Raises:
        SettingsError: If there is no such thing.
    """
    if name is None:
        return create_core
    module, _, attribute = name.partition(":")
    try:
        factory: Factory = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise SettingsError(f"--factory {name}: {error}; expected module:callable") from None
    return factory


class Rim:
    """ASGI around a core: reads the whole bounded body, and answers in a thread."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._threads = ThreadPoolExecutor(HANDLER_THREADS, thread_name_prefix="handler")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        limit = _limit(scope["path"])
        try:
            body = await _body(request, limit)
        except ClientDisconnect:
            return
        if body is None:
            response = Response(f"at most {limit} bytes are read\n", status_code=413)
        else:
            response = await self._answer(scope, request, body)
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, request: Request, body: bytes) -> Response:
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        loop = asyncio.get_running_loop()
        status, headers, content = await loop.run_in_executor(
            self._threads, self._core.handle, scope["method"], target, request.headers.items(), body
        )
        response = Response(content, status)
        for name, value in headers:
            response.headers.append(name, value)
        return response


def _limit(path: str) -> int:
    """How much is read: of strangers no more than a message may have."""
    return MAX_MESSAGE_BYTES if path.startswith("/receive/") else MAX_BODY_BYTES


async def _body(request: Request, limit: int) -> bytes | None:
    """The body; None if it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)


def serve(
    settings: Mapping[str, str], factory: Factory, ready: Callable[[], None] = lambda: None
) -> None:
    """Serve a pod until it is told to end (SIGTERM, SIGINT).

    Args:
        settings: The names and values of the environment.
        factory: Makes the pod.
        ready: Called when requests are accepted.
    """
    start_logging()
    core = factory(settings)
    core.context.crash.crash = die
    gc.freeze()  # what is loaded by now stays
    gc.enable()
    server = _Server(_config(core), ready)
    # While it runs the server handles these signals itself, and then raises them once more; only
    # with handlers of ours the workers can end in order, and a signal that comes early is heard.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    workers = Workers(core.context, core.context.settings.workers)
    try:
        server.run()
    finally:
        workers.stop()
        core.close()


class _Server(uvicorn.Server):
    """Tells when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    def stop(self) -> None:
        """End as soon as possible."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        self._ready()


def _config(core: Core) -> uvicorn.Config:
    app = Starlette(routes=[Mount("/", Rim(core))])
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        # Longer than any client keeps an idle connection, so that none is closed under a request.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
    )
    kind, _, place = core.context.settings.listen.partition(":")
    if kind == "unix":
        config.uds = place
    else:
        host, _, port = place.rpartition(":")
        config.host, config.port = host, int(port)
    return config
