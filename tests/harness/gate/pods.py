"""A small pod on a Unix socket or a port, made with the standard library's own HTTP server."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import BaseServer, ThreadingTCPServer, ThreadingUnixStreamServer

from harness.gate.http import Request, Response
from harness.gate.recipients import Address


def accept(_request: Request) -> Response:
    """What a pod answers to a delivery."""
    return Response(202, (("Content-Length", "0"),))


@dataclass
class SmallPod:
    """What it was asked, by which connection, and what it answers."""

    address: Address
    answer: Callable[[Request], Response] = accept
    seen: list[Request] = field(default_factory=list)
    connections: int = 0
    hangs_up: bool = False  # after each answer, without announcing it

    @property
    def bodies(self) -> list[bytes]:
        return [request.body for request in self.seen]


def handler_for(pod: SmallPod) -> type[BaseHTTPRequestHandler]:
    """What serves a connection of that pod."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            pod.connections += 1
            super().setup()

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            headers = tuple(self.headers.items())
            request = Request(self.command, self.path, headers, self.rfile.read(length))
            pod.seen.append(request)
            try:
                response = pod.answer(request)
            except ConnectionAbortedError:  # hang up without an answer
                self.close_connection = True
                return
            self.send_response_only(response.status)
            for name, value in response.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.body)
            self.close_connection |= pod.hangs_up

        do_POST = do_GET  # noqa: N815  (the name is the standard library's)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


class Quiet(BaseServer):
    """Says nothing of those who did not wait for the answer."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class OnSocket(Quiet, ThreadingUnixStreamServer):
    pass


class OnPort(Quiet, ThreadingTCPServer):
    pass


@contextmanager
def small_pod(
    address: Path | None, answer: Callable[[Request], Response] = accept
) -> Iterator[SmallPod]:
    """A pod that runs as long as the block; without a socket it takes a free port."""
    pod = SmallPod(address or ("", 0), answer)
    handler = handler_for(pod)
    with (
        OnSocket(str(address), handler) if address else OnPort(("127.0.0.1", 0), handler) as server
    ):
        if isinstance(server, OnPort):
            pod.address = ("127.0.0.1", int(server.server_address[1]))
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield pod
        finally:
            server.shutdown()
            thread.join()
