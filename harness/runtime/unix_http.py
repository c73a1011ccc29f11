"""HTTP over a Unix socket: one connection for each request, closed whatever happens."""

import http.client
import socket
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from harness.gate.http import Request, Response


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, host: str, timeout: timedelta) -> None:
        super().__init__(host, timeout=timeout.total_seconds())
        self._path = path

    def connect(self) -> None:
        """Open the socket; one that cannot be connected is closed at once."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        try:
            self.sock.connect(str(self._path))
        except OSError:
            self.sock.close()
            raise


def ask(path: Path, host: str, request: Request, timeout: timedelta) -> Response:
    """Send a request and read the answer.

    Args:
        path: The socket.
        host: What the Host header says.
        request: What is asked.
        timeout: How long the other side may be silent.

    Raises:
        ConnectionError: If there is no answer.
    """
    with closing(_UnixConnection(path, host, timeout)) as connection:
        try:
            connection.putrequest(request.method, request.target, skip_accept_encoding=True)
            for name, value in (*request.headers, ("Content-Length", str(len(request.body)))):
                connection.putheader(name, value)
            connection.endheaders(request.body or None)
            with connection.getresponse() as answer:
                return Response(answer.status, tuple(answer.getheaders()), answer.read())
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionError(f"{host} does not answer: {error!r}") from error
