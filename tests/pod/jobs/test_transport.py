"""Requests over real TLS, to a server whose certificate we must be told to trust."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from pod.jobs.client import MAX_BODY_BYTES
from pod.jobs.transport import HttpxTransport


class _Handler(BaseHTTPRequestHandler):
    """Answers by path; `server.seen` has who connected and what was sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with as many bytes as the path says."""
        if self.path == "/silent":
            self.close_connection = True
            return
        self._answer(200, bytes(int(self.path[1:])))

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
    authority.issue_cert("127.0.0.1").configure_cert(context)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    yield Server(f"https://127.0.0.1:{listening.server_port}", tmp_path / "ca.pem")
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture
def transport(server: Server) -> Iterator[HttpxTransport]:
    made = HttpxTransport(ca_file=server.ca_file)
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
    transport = HttpxTransport()
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
