"""An event loop in a thread of its own, with the listeners that live in it."""

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, Final, TypeVar

from harness.errors import GateFailed

LOOPBACK: Final = "127.0.0.1"

Visit = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Result = TypeVar("Result")

_ORDERLY: Final = timedelta(seconds=10)


class LoopThread:
    """Runs coroutines for threads that have no loop."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._servers: list[asyncio.Server] = []
        self._visits: set[asyncio.Task[None]] = set()
        self._failures: list[BaseException] = []

    @property
    def failures(self) -> tuple[str, ...]:
        """What the gate itself was at fault with, so far."""
        return tuple(map(repr, self._failures))

    @property
    def is_running(self) -> bool:
        """Whether coroutines can be run."""
        return self._loop.is_running()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Close all listeners and connections and end the thread; twice is harmless.

        Raises:
            GateFailed: If the gate itself was at fault with some connection.
        """
        if self._loop.is_closed():
            return
        if self._thread.is_alive():
            self.run(self._close(), _ORDERLY)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_ORDERLY.total_seconds())
        self._loop.close()
        if self._failures:
            raise GateFailed(f"a connection failed: {self._failures[0]!r}") from self._failures[0]

    def run(self, work: Coroutine[Any, Any, Result], timeout: timedelta) -> Result:
        """Run a coroutine in the loop and wait for it; never call this within the loop.

        Raises:
            ConnectionError: If the loop has been stopped.
            TimeoutError: If it takes too long.
        """
        if self._loop.is_closed():
            work.close()
            raise ConnectionAbortedError("the gate has been stopped")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(timeout.total_seconds())
        except TimeoutError:
            future.cancel()
            raise

    def listen(
        self,
        visit: Visit,
        port: int = 0,
        *,
        host: str = LOOPBACK,
        tls: ssl.SSLContext | None = None,
    ) -> int:
        """Accept connections on a port (0: a free one) and return the port."""
        return self.run(self._listen(visit, port, host, tls), _ORDERLY)

    async def _listen(self, visit: Visit, port: int, host: str, tls: ssl.SSLContext | None) -> int:
        server = await asyncio.start_server(partial(self._attend, visit), host, port, ssl=tls)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def _attend(
        self, visit: Visit, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        # A task of our own, so that what is at fault here is kept, and not only printed.
        task = asyncio.ensure_future(self._until_gone(visit, reader, writer))
        self._visits.add(task)
        task.add_done_callback(self._leave)

    async def _until_gone(
        self, visit: Visit, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            with suppress(OSError):
                await visit(reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                async with asyncio.timeout(1):
                    await writer.wait_closed()

    def _leave(self, task: asyncio.Task[None]) -> None:
        self._visits.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failures.append(error)

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
            await server.wait_closed()
        visits = list(self._visits)
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)
