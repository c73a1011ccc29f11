"""The carrier for pods that are real servers: a CONNECT proxy that reads what it carries.

Each pod is given a proxy address of its own, and the port it uses names it. The gate answers TLS
itself, as the host that was asked for, and passes the requests inside to that host's pod as plain
HTTP. It lives in a thread with an event loop of its own; no pod can block another.
"""

import asyncio
import logging
import os
import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from time import perf_counter
from typing import Final, Self

import h11

from harness.errors import UsageError
from harness.facts.identity import POD_NAMES, PodName
from harness.gate.authority import Authority
from harness.gate.core import Gate
from harness.gate.decode import addressed
from harness.gate.front import Front
from harness.gate.http import Request, Response
from harness.gate.judgement import Judgement
from harness.gate.loop import LOOPBACK, LoopThread
from harness.gate.recipients import Address, Recipient
from harness.gate.streams import MEBIBYTE, Wire, read_request, serve, write_response

BODY_LIMIT_BYTES: Final = 8 * MEBIBYTE

_HANDSHAKE: Final = timedelta(seconds=10)

# Private messages are opened in these threads: it costs a millisecond, and sometimes an hCard.
_READERS: Final = 16

_log = logging.getLogger(__name__)


class GateProxy:
    """Carries the traffic of four servers through one gate."""

    def __init__(
        self, gate: Gate, authority: Authority, *, timeout: timedelta = timedelta(seconds=15)
    ) -> None:
        """Prepare a carrier; nothing listens before `start`.

        Args:
            gate: Judges and records.
            authority: Issues the certificates of the hosts.
            timeout: How long each step of an exchange with a pod may take. A pod that is slower
                counts as unreachable.
        """
        self.gate = gate
        self._authority = authority
        self._timeout = timeout
        self._recipients: dict[PodName, Recipient] = {}
        self._ports: dict[PodName, int] = {}
        self._loop = LoopThread("gate")
        self._readers = ThreadPoolExecutor(_READERS, "gate-reader")
        gate.attach(self._deliver)

    def start(self) -> None:
        """Open one listener for each pod."""
        self._loop.start()
        for pod in POD_NAMES:
            self._ports[pod] = self._loop.listen(partial(self._visit, pod))

    def stop(self) -> None:
        """Close all listeners and connections; twice is harmless."""
        for pod in tuple(self._recipients):
            self.unregister(pod)
        self._readers.shutdown(wait=False, cancel_futures=True)
        self._loop.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def proxy_url(self, sender: PodName) -> str:
        """The CONNECT proxy that this pod, and no other, is to use."""
        return f"http://{LOOPBACK}:{self._ports[sender]}"

    def register(self, pod: PodName, address: Address) -> None:
        """Tell where a pod listens for plain HTTP, now that it runs."""
        self.unregister(pod)
        self._recipients[pod] = Recipient(address, self._timeout)

    def unregister(self, pod: PodName) -> None:
        """Forget where a pod listens; requests for it fail at once."""
        recipient = self._recipients.pop(pod, None)
        if recipient and self._loop.is_running:
            self._loop.run(recipient.close(), self._timeout)

    def front(self, port: int = 0) -> int:
        """Let people look at the pods, at `http://pod1.localhost:{port}/` and so on.

        Args:
            port: A port of the loopback interface; 0 takes a free one.

        Returns:
            The port.

        Raises:
            UsageError: If the port is taken.
        """
        try:
            return self._loop.listen(Front(self._forward).visit, port)
        except OSError as error:
            raise UsageError(
                f"port {port} on {LOOPBACK} cannot be opened: {os.strerror(error.errno or 0)}",
                f"End what listens there (`ss -ltnp sport = :{port}` names it) or choose another",
            ) from error

    async def _visit(
        self, sender: PodName, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        outer = Wire(h11.SERVER, reader, writer, self._timeout)
        request = await read_request(outer, BODY_LIMIT_BYTES)
        if request is None:
            return
        host, _, port = request.target.rpartition(":")
        if request.method == "CONNECT" and port == "443" and host.lower() in self.gate.hosts:
            await outer.send(h11.Response(status_code=200, headers=[]))
            await self._tunnel(sender, host.lower(), outer)
            return
        asked_for = host if port == "443" else request.target
        await write_response(outer, self.gate.carry(sender, asked_for, request).to_send)

    async def _tunnel(self, sender: PodName, host: str, outer: Wire) -> None:
        context = self._authority.server_context(host)
        seconds = _HANDSHAKE.total_seconds()
        try:
            await outer.writer.start_tls(context, ssl_handshake_timeout=seconds)
            inner = Wire(h11.SERVER, outer.reader, outer.writer, self._timeout)
            await serve(inner, partial(self._carry, sender, host), BODY_LIMIT_BYTES)
        except ssl.SSLError as error:
            # Most often a pod that was not told to trust the run's authority.
            _log.warning("event=tls_failed sender=%s host=%s reason=%s", sender, host, error.reason)

    async def _carry(self, sender: PodName, host: str, request: Request) -> Response:
        with self.gate.wiretap.travelling():
            started = perf_counter()
            judgement = await self._judge(sender, host, request)
            if judgement.answer is None:
                try:
                    answer = await self._forward(judgement.to, request)
                    judgement = judgement.answered(answer)
                except OSError as error:
                    judgement = judgement.unreachable(error)
            self.gate.finish(judgement, started)
            return judgement.to_send

    async def _judge(self, sender: PodName, host: str, request: Request) -> Judgement:
        if addressed(request).recipient_guid is None:
            return self.gate.judge(sender, host, request)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self.gate.judge, sender, host, request)

    async def _forward(self, pod: PodName, request: Request) -> Response:
        recipient = self._recipients.get(pod)
        if recipient is None:
            raise ConnectionRefusedError("it does not run")
        return await recipient.send(request)

    def _deliver(self, pod: PodName, request: Request) -> Response:
        return self._loop.run(self._forward(pod, request), self._timeout)
