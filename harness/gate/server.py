"""The carrier for pods that are containers, each alone on a network with the gate.

There the gate is every other pod: DNS says so, it answers TLS as any of them, and takes mail. The
network from which something comes tells who sent it. On a network of its own, the front, it serves
browsers and the harness.
"""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import IPv4Address
from typing import Final, Protocol

import h11

from harness.facts.identity import PEER_HOSTS, Party, PodName
from harness.gate.authority import Certificates
from harness.gate.carrier import BODY_LIMIT_BYTES, Carrier, sent
from harness.gate.core import Gate
from harness.gate.front import PATIENCE, UPLOAD_LIMIT_BYTES, Front
from harness.gate.http import Request, Response, header
from harness.gate.links import Link, Links
from harness.gate.loop import Visit
from harness.gate.mailbox import Mailbox, as_text, smtp_protocol
from harness.gate.names import Responder
from harness.gate.recipients import Address, Recipient
from harness.gate.streams import Wire, serve

ANYWHERE: Final = "0.0.0.0"  # noqa: S104 (in a container; each connection tells where it arrived)
MAIL_HOST: Final = "mail.test"
CONTROL_HOST: Final = "gate.localhost"
POST_HOST: Final = "mail.localhost"
HTTPS, HTTP, DNS, SMTP, FRONT = 443, 80, 53, 25, 8080

_CLERKS: Final = 8

_log = logging.getLogger(__name__)


class ControlApi(Protocol):
    """Answers what the harness asks of the gate itself."""

    def __call__(self, request: Request) -> Response: ...


class GateServer(Carrier):
    """Carries the traffic of four containers through one gate."""

    def __init__(self, gate: Gate, certificates: Certificates, links: Links) -> None:
        """Prepare a carrier; nothing listens before `start`.

        Args:
            gate: Judges and records.
            certificates: Let it speak as any pod.
            links: The networks on which it meets the pods.
        """
        super().__init__(gate)
        self.mailbox = Mailbox()
        self.control: ControlApi = lambda _: Response.of_the_gate(404, "there is no control API\n")
        self._links = links
        self._hosts = (*gate.hosts, *PEER_HOSTS)  # peers come and go
        self._contexts = {host: certificates.server_context(host) for host in self._hosts}
        self._front = Front(self._ask)
        self._clerks = ThreadPoolExecutor(_CLERKS, "gate-clerk")
        self._patient: dict[Party, Recipient] = {}

    def start(self) -> None:
        """Open the listeners; addresses that are not there yet may come later."""
        super().start()
        for port, visit, tls in (
            (HTTPS, self._on_link(self._visit), self._tls()),
            (HTTP, self._on_link(self._visit_in_the_clear), None),
            (FRONT, self._visit_front, None),
        ):
            self._loop.listen(visit, port, host=ANYWHERE, tls=tls)
        self._loop.run(self._listen(), self._timeout)

    def register(self, pod: PodName, address: Address) -> None:
        """Tell where a pod listens for plain HTTP, now that it runs."""
        super().register(pod, address)
        self._patient[pod] = Recipient(address, PATIENCE)

    def unregister(self, pod: Party) -> None:
        """Forget where a pod listens; requests for it fail at once."""
        super().unregister(pod)
        self._close(self._patient.pop(pod, None))

    def stop(self) -> None:
        """Close all listeners and connections; twice is harmless."""
        self._clerks.shutdown(wait=False, cancel_futures=True)
        super().stop()

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        names = (*self._hosts, MAIL_HOST)
        await loop.create_datagram_endpoint(
            partial(Responder, names, self._address_for), (ANYWHERE, DNS)
        )
        await loop.create_server(partial(smtp_protocol, self.mailbox, loop), ANYWHERE, SMTP)

    def _address_for(self, peer: str) -> IPv4Address | None:
        link = self._links.from_(peer)
        return link.gate.ip if link else None

    def _tls(self) -> ssl.SSLContext:
        """Settings that become those of the host which the client names."""
        first = next(iter(self._contexts.values()))

        def choose(tls: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> int | None:
            if host is None or host.lower() not in self._contexts:
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            tls.context = self._contexts[host.lower()]
            return None

        first.sni_callback = choose
        return first

    def _on_link(
        self, visit: Callable[[Link, Wire], Awaitable[None]]
    ) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        """A visit by a pod over its own network; others are shown out."""

        async def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            link = self._links.at(writer.get_extra_info("sockname")[0])
            if link is not None and link is self._links.from_(writer.get_extra_info("peername")[0]):
                await visit(link, Wire(h11.SERVER, reader, writer, self._timeout))

        return visited

    async def _visit(self, link: Link, wire: Wire) -> None:
        try:
            await serve(wire, partial(self._answer, link.pod), BODY_LIMIT_BYTES)
        except ssl.SSLError as error:
            _log.warning("event=tls_failed sender=%s reason=%s", link.pod, error.reason)

    async def _answer(self, sender: PodName, request: Request) -> Response:
        host = (header(request.headers, "host") or "").lower().removesuffix(f":{HTTPS}")
        return await self._carry(sender, host, request)

    async def _visit_in_the_clear(self, link: Link, wire: Wire) -> None:
        await serve(wire, partial(self._refuse, link.pod), BODY_LIMIT_BYTES)

    async def _refuse(self, sender: PodName, request: Request) -> Response:
        host = header(request.headers, "host") or ""
        return self.gate.carry(sender, f"http://{host}", request).to_send

    @property
    def _visit_front(self) -> Visit:
        async def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            ends = (writer.get_extra_info(end)[0] for end in ("sockname", "peername"))
            local, peer = ends
            if self._links.at(local) is None and self._links.from_(peer) is None:
                wire = Wire(h11.SERVER, reader, writer, PATIENCE)
                await serve(wire, self._answer_front, UPLOAD_LIMIT_BYTES)

        return visited

    async def _answer_front(self, request: Request) -> Response:
        host = (header(request.headers, "host") or "").partition(":")[0]
        if host == POST_HOST:
            return Response.of_the_gate(200, as_text(self.mailbox))
        if host != CONTROL_HOST:
            return await self._front.answer(request)
        # In threads of their own: to release what is held the gate sends requests, and to answer
        # for a guest the harness must get through however many wait for it.
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._clerks, self.control, request)

    async def _ask(self, pod: PodName, request: Request) -> Response:
        return await sent(self._patient.get(pod), request)
