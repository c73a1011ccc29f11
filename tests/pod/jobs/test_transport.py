"""Requests over real TLS, to a server whose certificate we must be told to trust."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import trustme

from pod.jobs.client import MAX_BODY_BYTES
from pod.jobs.network import is_public
from pod.jobs.transport import HttpxTransport


class _Handler(BaseHTTPRequestHandler):
    """Answers by path; `server.seen` has who connected and what was sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with as many bytes as the path says."""
        if self.path == "/silent":
            self.close_connection = True
            return
        if self.path == "/dribbling":
            self._dribble()
            return
        self._answer(200, bytes(int(self.path[1:])))

    def _dribble(self) -> None:
        """Send headers, one after the other, for as long as somebody reads them."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not left.wait(0.02):
            self.wfile.write(b"X: y\r\n")

    def do_POST(self) -> None:
        """Send back what was sent, and a redirect that nobody should follow."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(302, body + str(self.headers["Accept-Encoding"]).encode())

    def _answer(self, status: int, body: bytes) -> None:
        ports.append(self.client_address[1])
        self.send_response(status)
        self.send_header("Location", "/1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


ports: list[int] = []
left = threading.Event()
LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass(frozen=True)
class Server:
    """A server with TLS, and the file of the authority that vouches for it."""

    url: str
    ca_file: Path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    listening = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    listening.daemon_threads = True
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1", "pod2.test").configure_cert(context)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    yield Server(f"https://127.0.0.1:{listening.server_port}", tmp_path / "ca.pem")
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture
def transport(server: Server) -> Iterator[HttpxTransport]:
    made = HttpxTransport(ca_file=server.ca_file, allowed=LOOPBACK)
    yield made
    made.close()


def test_a_request_arrives_and_its_redirect_is_not_followed(
    server: Server, transport: HttpxTransport
) -> None:
    status, headers, body = transport("POST", f"{server.url}/", [("X", "1")], b"<env/>")
    assert (status, body) == (302, b"<env/>identity")
    assert dict(headers)["location"] == "/1"


def test_connections_are_used_again(server: Server, transport: HttpxTransport) -> None:
    ports.clear()
    for _ in range(3):
        transport("GET", f"{server.url}/5", [], b"")
    assert len(set(ports)) == 1


def test_reading_ends_soon_after_the_limit(server: Server, transport: HttpxTransport) -> None:
    _, _, body = transport("GET", f"{server.url}/{4 * MAX_BODY_BYTES}", [], b"")
    assert MAX_BODY_BYTES < len(body) < 2 * MAX_BODY_BYTES


def test_a_server_that_nobody_vouches_for_is_not_asked(server: Server) -> None:
    transport = HttpxTransport(allowed=LOOPBACK)
    with pytest.raises(ConnectionError, match=r"(?i)certificate"):
        transport("GET", f"{server.url}/5", [], b"")
    transport.close()


@pytest.mark.parametrize("path", ["/silent", "\x00"])
def test_no_answer_is_a_connection_error(
    server: Server, transport: HttpxTransport, path: str
) -> None:
    with pytest.raises(ConnectionError):
        transport("GET", f"{server.url}{path}", [], b"")


def test_a_proxy_that_is_away_is_a_connection_error(server: Server) -> None:
    transport = HttpxTransport(proxy="http://127.0.0.1:9", ca_file=server.ca_file)
    with pytest.raises(ConnectionError):
        transport("GET", f"{server.url}/5", [], b"")
    transport.close()


def test_headers_that_never_end_are_not_waited_for(
    server: Server, transport: HttpxTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pod.jobs.transport.TIMEOUT_SECONDS", 0.3)
    left.clear()
    try:
        with pytest.raises(TimeoutError):
            transport("GET", f"{server.url}/dribbling", [], b"")
    finally:
        left.set()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names mean: addresses in turn, the last for ever."""
    known: dict[str, list[str]] = {}

    def find(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        addresses = known[host]
        address = addresses.pop(0) if len(addresses) > 1 else addresses[0]
        return [(0, 0, 0, "", (address, port))]

    monkeypatch.setattr("pod.jobs.network.getaddrinfo", find)
    return known


def test_a_name_is_connected_to_at_the_address_that_was_judged(
    server: Server, transport: HttpxTransport, names: dict[str, list[str]]
) -> None:
    port = server.url.rpartition(":")[2]
    names["pod2.test"] = ["127.0.0.1", "10.0.0.1"]  # who asks twice is led elsewhere
    assert transport("GET", f"https://pod2.test:{port}/5", [], b"")[2] == bytes(5)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),  # noqa: S104
        *("::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
        *("224.0.0.1", "255.255.255.255", "198.19.255.2"),
    ],
)
def test_a_name_that_leads_into_a_network_within_is_not_asked(
    server: Server, names: dict[str, list[str]], address: str
) -> None:
    transport = HttpxTransport(ca_file=server.ca_file)
    names["pod2.test"] = [address]
    with pytest.raises(ConnectionError, match=f"pod2.test is at {address}, which is not public"):
        transport("GET", f"https://pod2.test:{server.url.rpartition(':')[2]}/5", [], b"")
    transport.close()


def test_public_addresses_are_public() -> None:
    addresses = ("9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9")
    assert [is_public(each) for each in addresses] == [True] * 3
