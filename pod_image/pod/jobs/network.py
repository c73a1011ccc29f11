"""The sockets below requests to other pods: where they lead, and how long all of it may take.

A name is resolved once, all its addresses are judged, and one of these is connected to: nobody can
show us one address and lead us to another. Behind a proxy it is the proxy that resolves names.

Source: federation protocol section 9 (rows 6 and 18).
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from math import inf
from socket import SOCK_STREAM, getaddrinfo
from typing import Any

import httpcore

Network = IPv4Network | IPv6Network

# Addresses that are public by themselves, but stand for some IPv4 address, which may be a private
# one: translated (NAT64) and tunnelled (6to4).
_DISGUISED = (ip_network("64:ff9b::/96"), ip_network("2002::/16"))

_end: ContextVar[float] = ContextVar("end", default=inf)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Let everything that is sent and read in the block end after so many seconds."""
    token = _end.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _end.reset(token)


def _left(timeout: float | None) -> float | None:
    """How long one step may take: what it was given, or what is left of the whole."""
    left = _end.get() - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the answer takes too long")
    return timeout if left == inf else min(left, left if timeout is None else timeout)


def is_public(address: str) -> bool:
    """Whether an address may be anybody's on the internet."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast and not any(ip in each for each in _DISGUISED)


class Guarded(httpcore.NetworkBackend):
    """Connects to public addresses and to networks that the podmin allows, or to the proxy."""

    def __init__(self, allowed: Sequence[Network], *, has_proxy: bool) -> None:
        self._allowed = allowed
        self._has_proxy = has_proxy
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers."""
        problem = httpcore.ConnectError(f"{host} has no address")
        for address in [host] if self._has_proxy else self._addresses(host, port):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, _left(timeout), local_address, socket_options
                )
            except httpcore.ConnectError as error:
                problem = error
            else:
                return _Stream(stream)
        raise problem

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = getaddrinfo(host, port, type=SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host}: {error}") from None
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        for address in addresses:
            if not is_public(address) and not self._is_allowed(address):
                raise httpcore.ConnectError(
                    f"{host} is at {address}, which is not public; see POD_ALLOWED_NETWORKS"
                )
        return addresses

    def _is_allowed(self, address: str) -> bool:
        return any(ip_address(address) in network for network in self._allowed)


class _Stream(httpcore.NetworkStream):
    """A connection on which no single step outlasts the whole."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        """Close."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Begin TLS; the certificate has to be that of the name, whatever the address."""
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's signature
        """What the connection knows of itself."""
        return self._stream.get_extra_info(info)
