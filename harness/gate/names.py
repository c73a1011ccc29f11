"""A DNS responder for networks on which there is nobody but the gate.

Every pod's name means the gate, and there are no other names: they do not exist, which is said at
once. Without an answer a resolver would try again for ten seconds.

Source: RFC 1035, sections 4.1 (messages), 3.2 (types and classes).
"""

import asyncio
import struct
from collections.abc import Callable, Collection
from ipaddress import IPv4Address
from typing import cast

_HEADER = struct.Struct("!6H")
_QUESTION = struct.Struct("!HH")
_RECORD = struct.Struct("!HHHIH")

_A, _ANY, _IN = 1, 255, 1
_TTL_SECONDS = 60
_POINTER_TO_QUESTION = 0xC000 | _HEADER.size

_ANSWER, _AUTHORITATIVE, _RECURSION_DESIRED = 0x8000, 0x0400, 0x0100
_OPCODE = 0x7800
_NO_ERROR, _FORMAT_ERROR, _NO_SUCH_NAME, _NOT_IMPLEMENTED = 0, 1, 3, 4


def answer(query: bytes, names: Collection[str], address: IPv4Address) -> bytes:
    """Answer a query: names that are known have one address, others do not exist.

    Args:
        query: One DNS message.
        names: What is known, in lower case.
        address: What they all mean.

    Returns:
        The response; nothing if the message is no query.
    """
    if len(query) < _HEADER.size or query[2] & 0x80:
        return b""
    ident, flags, questions, *_ = _HEADER.unpack_from(query)
    flags = _ANSWER | _AUTHORITATIVE | flags & (_OPCODE | _RECURSION_DESIRED)
    if flags & _OPCODE:
        return _HEADER.pack(ident, flags | _NOT_IMPLEMENTED, 0, 0, 0, 0)
    name, end = _name(query)
    if questions != 1 or not end or len(query) < end + _QUESTION.size:
        return _HEADER.pack(ident, flags | _FORMAT_ERROR, 0, 0, 0, 0)
    question = query[_HEADER.size : end + _QUESTION.size]
    if name not in names:
        return _HEADER.pack(ident, flags | _NO_SUCH_NAME, 1, 0, 0, 0) + question
    kind, class_ = _QUESTION.unpack_from(query, end)
    record = b""
    if kind in (_A, _ANY) and class_ == _IN:
        record = _RECORD.pack(_POINTER_TO_QUESTION, _A, _IN, _TTL_SECONDS, 4) + address.packed
    return _HEADER.pack(ident, flags | _NO_ERROR, 1, bool(record), 0, 0) + question + record


def _name(query: bytes) -> tuple[str, int]:
    """The name asked for, and where it ends; 0 if it does not."""
    labels, at = list[str](), _HEADER.size
    while at < len(query) and 0 < (length := query[at]) < 64:
        labels.append(query[at + 1 : at + 1 + length].decode("latin-1").lower())
        at += 1 + length
    return ".".join(labels), at + 1 if at < len(query) and query[at] == 0 else 0


class Responder(asyncio.DatagramProtocol):
    """Answers the queries that come to one socket; those of strangers are left unanswered."""

    def __init__(
        self, names: Collection[str], address_for: Callable[[str], IPv4Address | None]
    ) -> None:
        """Prepare to answer.

        Args:
            names: What is known, in lower case.
            address_for: What the names mean for someone at an address; None for a stranger.
        """
        self._names = names
        self._address_for = address_for

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go out."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        """Answer, if it is a query."""
        address = self._address_for(str(addr[0]))
        response = answer(data, self._names, address) if address else b""
        if response:
            self._transport.sendto(response, addr)
