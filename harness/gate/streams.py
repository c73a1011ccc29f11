"""HTTP/1.1 over asyncio streams, spoken by h11, with bounded sizes and bounded times.

Bodies are read whole: the gate has to understand a message before it can decide about it. Headers
keep their order and the case of their names; only those that concern one connection are dropped.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final, TypeVar

import h11

from harness.gate.http import Headers, Pace, Request, Response

MEBIBYTE: Final = 1024 * 1024
CHUNK_BYTES: Final = 64 * 1024

# How long a sender may keep an idle connection. Longer than any client's own limit, or a message
# sent at the wrong moment would fail for no reason that a scenario knows of.
IDLE: Final = timedelta(minutes=10)

_OF_ONE_CONNECTION: Final = frozenset(
    {"connection", "keep-alive", "proxy-connection", "proxy-authorization", "upgrade", "expect"}
)

Event = (
    h11.Request
    | h11.InformationalResponse
    | h11.Response
    | h11.Data
    | h11.EndOfMessage
    | h11.ConnectionClosed
)
Handler = Callable[[Request], Awaitable[Response]]
_Head = TypeVar("_Head", h11.Request, h11.Response)


class BrokenExchange(ConnectionError):
    """The other side broke off, or did not speak HTTP."""


class NothingReceived(BrokenExchange):
    """The other side closed an idle connection."""


class TooLarge(Exception):
    """A body is larger than the gate carries."""


class Wire:
    """One connection: a stream, and h11's idea of how far the talk on it has come."""

    def __init__(
        self,
        role: type[h11.CLIENT] | type[h11.SERVER],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        timeout: timedelta,
    ) -> None:
        self.http = h11.Connection(role)
        self.reader = reader
        self.writer = writer
        self._timeout = timeout.total_seconds()
        self.has_received = False

    async def next_event(self, timeout: float | None = None) -> Event:
        """The next event from the other side; `BrokenExchange` if there will be none."""
        while True:
            try:
                event = self.http.next_event()
            except h11.RemoteProtocolError as error:
                raise self._broken(str(error)) from error
            if event is h11.NEED_DATA:
                await self._feed(self._timeout if timeout is None else timeout)
            elif isinstance(event, Event):
                return event
            else:  # h11.PAUSED
                raise self._broken("it spoke out of turn")

    async def send(self, *events: h11.Event) -> None:
        """Send events, waiting no longer than the timeout for the other side to take them."""
        try:
            chunks = [self._octets(event) for event in events]
        except h11.LocalProtocolError as error:
            raise BrokenExchange(f"this cannot be said in HTTP/1.1: {error}") from error
        self.writer.write(b"".join(chunks))
        async with asyncio.timeout(self._timeout):
            await self.writer.drain()

    async def send_raw(self, octets: bytes, pace: Pace | None = None) -> None:
        """Send octets that need not be HTTP, waiting no longer than the timeout for each piece.

        If that is slow, it ends when the other side has had enough.
        """
        for piece in pace.pieces(octets) if pace else (octets,):
            self.writer.write(piece)
            async with asyncio.timeout(self._timeout):
                await self.writer.drain()
            if pace and await self._has_left(pace.seconds):
                return

    async def read_body(self, limit_bytes: int) -> bytes:
        """Read the rest of a message, or raise `TooLarge`."""
        body = bytearray()
        while True:
            match await self.next_event():
                case h11.Data(data=data):
                    body += data
                case h11.EndOfMessage():
                    return bytes(body)
                case _:
                    raise self._broken("the message has no end")
            if len(body) > limit_bytes:
                raise TooLarge

    async def _has_left(self, within: float) -> bool:
        """Whether the other side closes the connection, or speaks out of turn, before that."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self.reader.read(1)
                return True
        return False

    def is_reusable(self) -> bool:
        """Make ready for the next exchange; False if there can be none on this connection."""
        if self.http.our_state is h11.DONE and self.http.their_state is h11.DONE:
            self.http.start_next_cycle()
            self.has_received = False
            return True
        return False

    async def close(self) -> None:
        """Close the connection and wait until it is gone."""
        self.writer.close()
        with suppress(OSError, ssl.SSLError, TimeoutError):
            async with asyncio.timeout(1):
                await self.writer.wait_closed()

    def _octets(self, event: h11.Event) -> bytes:
        octets = self.http.send(event) or b""
        if not isinstance(event, h11.Request):
            return octets
        # h11 has checked the request, but would put Host first: the order is to stay as it was.
        lines = [b"%s: %s" % pair for pair in event.headers.raw_items()]
        first = b"%s %s HTTP/1.1" % (event.method, event.target)
        return b"\r\n".join([first, *lines, b"", b""])

    async def _feed(self, timeout: float) -> None:
        if self.http.they_are_waiting_for_100_continue:
            await self.send(h11.InformationalResponse(status_code=100, headers=[]))
        async with asyncio.timeout(timeout):
            data = await self.reader.read(CHUNK_BYTES)
        if not (data or self.has_received):
            raise NothingReceived("the connection was closed without an answer")
        self.has_received = True
        self.http.receive_data(data)

    def _broken(self, how: str) -> BrokenExchange:
        return BrokenExchange(f"the other side broke HTTP: {how}")


async def serve(wire: Wire, handle: Handler, limit_bytes: int) -> None:
    """Answer the requests of one connection until its end."""
    while True:
        request = await read_request(wire, limit_bytes)
        if request is None:
            return
        await write_response(wire, await handle(request))
        if not wire.is_reusable():
            return


async def read_request(wire: Wire, limit_bytes: int) -> Request | None:
    """Read one request; None if the sender has no more."""
    try:
        head = await wire.next_event(IDLE.total_seconds())
    except NothingReceived:
        return None
    if not isinstance(head, h11.Request):
        return None
    method, target = head.method.decode("ascii"), head.target.decode("latin-1")
    try:
        body = await wire.read_body(limit_bytes)
    except TooLarge:
        return Request(method, target, _headers_of(head), is_oversized=True)
    return Request(method, target, _headers_of(head), body)


async def write_response(wire: Wire, response: Response) -> None:
    """Send one response."""
    if response.raw is not None:
        await wire.send_raw(response.raw, response.pace)
        return  # h11 knows of no answer, so nobody uses this connection again
    head = h11.Response(status_code=response.status, headers=_to_send(response.headers))
    await wire.send(head, *_data(response.body), h11.EndOfMessage())


async def ask(wire: Wire, request: Request, limit_bytes: int) -> Response:
    """Send one request and read its response."""
    try:
        head = h11.Request(
            method=request.method, target=request.target, headers=_to_send(request.headers)
        )
    except h11.LocalProtocolError as error:
        raise BrokenExchange(f"this cannot be said in HTTP/1.1: {error}") from error
    await wire.send(head, *_data(request.body), h11.EndOfMessage())
    answer = await wire.next_event()
    while isinstance(answer, h11.InformationalResponse):
        answer = await wire.next_event()
    if not isinstance(answer, h11.Response):
        raise BrokenExchange("the connection was closed without an answer")
    try:
        body = await wire.read_body(limit_bytes)
    except TooLarge as error:
        raise BrokenExchange(f"the answer has more than {limit_bytes} bytes") from error
    return Response(answer.status_code, _headers_of(answer), body)


def _headers_of(head: _Head) -> Headers:
    pairs = head.headers.raw_items()
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in pairs
        if name.lower().decode("latin-1") not in _OF_ONE_CONNECTION
    )


def _to_send(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def _data(body: bytes) -> list[h11.Data]:
    return [h11.Data(data=body)] if body else []
