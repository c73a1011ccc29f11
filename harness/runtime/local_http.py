"""HTTP to a server of this machine: one connection for each request, closed whatever happens."""

import http.client
import socket
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from harness.gate.http import Request, Response

Address = Path | tuple[str, int]  # a Unix socket, or host and port


class _Connection(http.client.HTTPConnection):
    def __init__(self, address: Address, host: str, timeout: timedelta) -> None:
        super().__init__(host, timeout=timeout.total_seconds())
        self._address = address

    def connect(self) -> None:
        """Open the socket; one that cannot be connected is closed at once."""
        if not isinstance(self._address, Path):
            self.sock = socket.create_connection(self._address, self.timeout)
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        try:
            self.sock.connect(str(self._address))
        except OSError:
            self.sock.close()
            raise


def ask(address: Address, host: str, request: Request, timeout: timedelta) -> Response:
    """Send a request and read the answer.

    Args:
        address: Where the server listens.
        host: What the Host header says.
        request: What is asked.
        timeout: How long the other side may be silent.

    Raises:
        ConnectionError: If there is no answer.
    """
    with closing(_Connection(address, host, timeout)) as connection:
        try:
            connection.putrequest(request.method, request.target, skip_accept_encoding=True)
            for name, value in (*request.headers, ("Content-Length", str(len(request.body)))):
                connection.putheader(name, value)
            connection.endheaders(request.body or None)
            with connection.getresponse() as answer:
                return Response(answer.status, tuple(answer.getheaders()), answer.read())
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionError(f"{host} does not answer: {error!r}") from error
