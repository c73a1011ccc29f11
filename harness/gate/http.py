"""What passes the gate: requests and responses as plain values, whoever carries them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

Headers = tuple[tuple[str, str], ...]

BAD_GATEWAY: Final = 502


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; header names keep their case and headers their order.

    Attributes:
        is_oversized: The body was larger than the gate carries, and is left out.
    """

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""
    is_oversized: bool = False

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Pace:
    """How slowly octets come.

    Attributes:
        octets: How many come together.
        seconds: How much time passes before the next ones.
        promptly: How many come at once, before it becomes slow.
        waits: Whether who has spoken stays for the answer, and does not hang up at once.
    """

    octets: int
    seconds: float
    promptly: int = 0
    waits: bool = False

    def pieces(self, all_: bytes) -> Iterator[bytes]:
        """What comes together, in order; time passes after each piece."""
        if self.promptly:
            yield all_[: self.promptly]
        for start in range(self.promptly, len(all_), self.octets):
            yield all_[start : start + self.octets]

    def takes(self, all_: bytes) -> float:
        """How many seconds it takes until everything has come."""
        return self.seconds * sum(1 for _ in self.pieces(all_))


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response; header names keep their case and headers their order.

    Attributes:
        raw: Sent instead of all that, octet by octet, and then the connection is closed.
        pace: How slowly `raw` is sent; None if at once.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    raw: bytes | None = None
    pace: Pace | None = None

    @property
    def octets(self) -> bytes:
        """As it is sent when nothing checks it."""
        head = f"HTTP/1.1 {self.status} Said by hand\r\n"
        lines = (f"{name}: {value}\r\n" for name, value in self.headers)
        return f"{head}{''.join(lines)}\r\n".encode("latin-1") + self.body

    @property
    def size(self) -> int:
        """How many bytes its content has."""
        return len(self.body if self.raw is None else self.raw)

    @classmethod
    def of_the_gate(cls, status: int, text: str = "") -> "Response":
        """An answer that the gate gives itself; the text is for people who look."""
        body = text.encode()
        headers = [("Content-Length", str(len(body)))]
        if body:
            headers.insert(0, ("Content-Type", "text/plain; charset=utf-8"))
        return cls(status, tuple(headers), body)


def header(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """The first header of that name, in whatever case it was written."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)
