"""The carrier for pods that are processes: a CONNECT proxy that reads what it carries.

Each pod is given a proxy address of its own, and the port it uses names it. The gate answers TLS
itself, as the host that was asked for, and passes the requests inside to that host's pod.
"""

import asyncio
import logging
import os
import ssl
from datetime import timedelta
from functools import partial
from typing import Final

import h11

from harness.errors import UsageError
from harness.facts.identity import POD_NAMES, Party, PeerName, PodName
from harness.gate.authority import Authority
from harness.gate.carrier import BODY_LIMIT_BYTES, TIMEOUT, Carrier
from harness.gate.core import Gate
from harness.gate.front import Front
from harness.gate.loop import LOOPBACK
from harness.gate.streams import Wire, read_request, serve, write_response

_HANDSHAKE: Final = timedelta(seconds=10)

_log = logging.getLogger(__name__)


class GateProxy(Carrier):
    """Carries the traffic of four processes through one gate."""

    def __init__(self, gate: Gate, authority: Authority, *, timeout: timedelta = TIMEOUT) -> None:
        """Prepare a carrier; nothing listens before `start`.

        Args:
            gate: Judges and records.
            authority: Issues the certificates of the hosts.
            timeout: How long each step of an exchange with a pod may take.
        """
        super().__init__(gate, timeout)
        self._authority = authority
        self._ports: dict[PodName, int] = {}

    def start(self) -> None:
        """Open one listener for each pod."""
        super().start()
        for pod in POD_NAMES:
            self._ports[pod] = self._loop.listen(partial(self._visit, pod))

    def proxy_url(self, sender: PodName) -> str:
        """The CONNECT proxy that this pod, and no other, is to use."""
        return f"http://{LOOPBACK}:{self._ports[sender]}"

    def proxy_for(self, guest: PeerName) -> str:
        """Open a CONNECT proxy for a guest that is a program of its own."""
        return f"http://{LOOPBACK}:{self._loop.listen(partial(self._visit, guest))}"

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
        self, sender: Party, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
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

    async def _tunnel(self, sender: Party, host: str, outer: Wire) -> None:
        context = self._authority.server_context(host)
        seconds = _HANDSHAKE.total_seconds()
        try:
            await outer.writer.start_tls(context, ssl_handshake_timeout=seconds)
            inner = Wire(h11.SERVER, outer.reader, outer.writer, self._timeout)
            await serve(inner, partial(self._carry, sender, host), BODY_LIMIT_BYTES)
        except ssl.SSLError as error:
            # Most often a pod that was not told to trust the run's authority.
            _log.warning("event=tls_failed sender=%s host=%s reason=%s", sender, host, error.reason)
