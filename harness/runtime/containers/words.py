"""What a container says, as it says it.

The SDK reads such a stream, too, but leaves its connection open until the collector finds it.

Source: Docker Engine API 1.41, ContainerAttach, "Stream format".
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

from harness.errors import BootFailed

_FRAME: Final = struct.Struct("!B3xI")
_OK: Final = b"200"


class Words:
    """Listens to a container from before it runs until it has ended."""

    def __init__(self, engine: Path, container: str) -> None:
        """Begin to listen.

        Args:
            engine: The engine's socket.
            container: The container's ID.

        Raises:
            BootFailed: If the engine does not let us.
        """
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(str(engine))
            self._stream = self._socket.makefile("rb")
            self._ask(container)
        except OSError as error:
            self._socket.close()
            raise BootFailed(f"the engine does not tell what {container} says: {error}") from error

    def __iter__(self) -> Iterator[bytes]:
        """What it says; at the end the connection is closed."""
        with closing(self._socket), closing(self._stream) as stream:
            while (head := stream.read(_FRAME.size)) and len(head) == _FRAME.size:
                yield stream.read(_FRAME.unpack(head)[1])

    def _ask(self, container: str) -> None:
        target = f"/v1.41/containers/{container}/attach?stream=1&stdout=1&stderr=1"
        self._socket.sendall(
            f"POST {target} HTTP/1.1\r\nHost: docker\r\nContent-Length: 0\r\n\r\n".encode()
        )
        if _status(self._stream) != _OK:
            raise ConnectionError("it answers otherwise than with 200")


def _status(stream: BinaryIO) -> bytes:
    first = stream.readline().split()
    while stream.readline().strip():
        pass
    return first[1] if len(first) > 1 else b""
