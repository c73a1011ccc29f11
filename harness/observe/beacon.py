"""Somebody on this machine who says a word that nobody can guess to all who connect.

Whether something can be reached is not told by connections that succeed or fail: some networks
answer all of them. A word that arrives has come from here.
"""

import fcntl
import secrets
import socket
import struct
import threading
from contextlib import suppress
from typing import Final, Self

ANYWHERE: Final = "0.0.0.0"  # noqa: S104 (it says one word, to everybody who asks)
LOOPBACK: Final = "127."

_GET_ADDRESS: Final = 0x8915  # SIOCGIFADDR
_NAME_BYTES, _ADDRESS_AT = 256, 20


class Beacon:
    """A context manager; says its word on each of this machine's addresses."""

    def __init__(self) -> None:
        self.word = new_word()
        self._socket = socket.create_server((ANYWHERE, 0))
        self._thread = threading.Thread(target=self._serve, name="beacon", daemon=True)

    @property
    def places(self) -> tuple[tuple[str, int], ...]:
        """Where it is said, but for the loopback interface, which everybody has."""
        port = int(self._socket.getsockname()[1])
        return tuple((address, port) for address in addresses())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        with suppress(OSError):  # closed
            while True:
                visitor, _ = self._socket.accept()
                with visitor, suppress(OSError):
                    visitor.sendall(self.word.encode())


def new_word() -> str:
    """A word that nobody can guess."""
    return secrets.token_hex(16)


def addresses() -> tuple[str, ...]:
    """This machine's IPv4 addresses, one per interface, but for the loopback interface's."""
    found = (_address(name) for _, name in socket.if_nameindex())
    return tuple(each for each in found if each and not each.startswith(LOOPBACK))


def _address(interface: str) -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack(f"{_NAME_BYTES}s", interface.encode()[:15])
        try:
            answered = fcntl.ioctl(any_socket, _GET_ADDRESS, asked)
        except OSError:  # it has none
            return None
        return socket.inet_ntoa(answered[_ADDRESS_AT : _ADDRESS_AT + 4])
