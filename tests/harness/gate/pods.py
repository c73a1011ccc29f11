"""A small pod on a Unix socket, made with the standard library's own HTTP server."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

from harness.gate.http import Request, Response


def accept(_request: Request) -> Response:
    """What a pod answers to a delivery."""
    return Response(202, (("Content-Length", "0"),))


@dataclass
class SmallPod:
    """What it was asked, by which connection, and what it answers."""

    address: Path
    answer: Callable[[Request], Response] = accept
    seen: list[Request] = field(default_factory=list)
    connections: int = 0

    @property
    def bodies(self) -> list[bytes]:
        return [request.body for request in self.seen]


@contextmanager
def small_pod(address: Path, answer: Callable[[Request], Response] = accept) -> Iterator[SmallPod]:
    """A pod that runs as long as the block."""
    pod = SmallPod(address, answer)

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

        do_POST = do_GET  # noqa: N815  (the name is the standard library's)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingUnixStreamServer):
        daemon_threads = True
        block_on_close = False

    with Server(str(address), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield pod
        finally:
            server.shutdown()
            thread.join()
