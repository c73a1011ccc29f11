"""Where the pods listen, and connections to them that are kept and reused."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Final

import h11

from harness.gate.http import Request, Response
from harness.gate.streams import MEBIBYTE, Wire, ask

Address = Path | tuple[str, int]  # a Unix socket, or host and port

ANSWER_LIMIT_BYTES: Final = 64 * MEBIBYTE
_CONNECTING: Final = timedelta(seconds=2)


class Recipient:
    """One pod, as the gate reaches it. Lives in the event loop of its carrier."""

    def __init__(self, address: Address, timeout: timedelta) -> None:
        """Remember an address; connections are made when they are needed.

        Args:
            address: Where the pod listens for plain HTTP/1.1.
            timeout: How long each step of an exchange may take.
        """
        self.address = address
        self._timeout = timeout
        self._idle: list[Wire] = []
        self._is_closed = False

    async def send(self, request: Request) -> Response:
        """Give the pod a request and return its answer, or raise `OSError`."""
        if (wire := self._reusable()) is not None:
            try:
                return await self._exchange(wire, request)
            except ConnectionError:
                # Closed by the pod while it lay idle: the pod has not seen the request.
                if wire.has_received:
                    raise
        return await self._exchange(await self._connect(), request)

    async def close(self) -> None:
        """Close the connections that are not in use, and those in use after their exchange."""
        self._is_closed = True
        while self._idle:
            await self._idle.pop().close()

    def _reusable(self) -> Wire | None:
        while self._idle:
            wire = self._idle.pop()
            if not (wire.reader.at_eof() or wire.writer.is_closing()):
                return wire
            wire.writer.close()
        return None

    async def _exchange(self, wire: Wire, request: Request) -> Response:
        try:
            response = await ask(wire, request, ANSWER_LIMIT_BYTES)
        except BaseException:
            await wire.close()
            raise
        if wire.is_reusable() and not self._is_closed:
            self._idle.append(wire)
        else:
            await wire.close()
        return response

    async def _connect(self) -> Wire:
        async with asyncio.timeout(_CONNECTING.total_seconds()):
            if isinstance(self.address, Path):
                streams = await asyncio.open_unix_connection(self.address)
            else:
                streams = await asyncio.open_connection(*self.address)
        return Wire(h11.CLIENT, *streams, self._timeout)
