"""A real mail server on loopback that keeps every message."""

import asyncio
import threading
from functools import partial
from typing import Final

from harness.errors import BootFailed
from harness.gate.mailbox import Mail, Mailbox, smtp_protocol

__all__ = ["Mail", "MailSink", "Mailbox"]

LOOPBACK: Final = "127.0.0.1"
_START_SECONDS: Final = 10.0


class MailSink(Mailbox):
    """Accepts all mail; safe to use from several threads."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail", daemon=True)
        self.address = ""

    def start(self) -> None:
        """Listen on a free port; `address` tells which, as `host:port`."""
        self._thread.start()
        listening = asyncio.run_coroutine_threadsafe(self._listen(), self._loop)
        try:
            self.address = f"{LOOPBACK}:{listening.result(_START_SECONDS)}"
        except (OSError, TimeoutError) as error:
            raise BootFailed(f"the mail sink cannot listen on {LOOPBACK}: {error}") from error

    def stop(self) -> None:
        """Stop listening; twice is harmless."""
        if self._loop.is_closed():
            return
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(_START_SECONDS)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_START_SECONDS)
        self._loop.close()

    async def _listen(self) -> int:
        protocol = partial(smtp_protocol, self, self._loop)
        self._server = await self._loop.create_server(protocol, LOOPBACK, 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def _close(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
