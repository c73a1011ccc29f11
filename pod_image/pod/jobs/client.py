"""HTTP requests to other pods.

The only way out. Nothing is sent while a transaction is open, since the other pod may be slow or
may ask us something back; nothing is sent to addresses that are no pod's (federation protocol
section 9).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from pod.domain.errors import Later, Refused
from pod.store import unit_of_work

MAX_BODY_BYTES: Final = 1024 * 1024
MAX_REDIRECTS: Final = 4
USER_AGENT: Final = "Seedbed/0.1"

Headers = list[tuple[str, str]]
Send = Callable[[str, str, Headers, bytes], tuple[int, Headers, bytes]]
"""`send(method, url, headers, body)`; raises `ConnectionError` or `TimeoutError`."""

_REDIRECTS = (301, 302, 303, 307, 308)
_DNS_NAME = re.compile(r"(?=.*[a-z])[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.[a-z][a-z0-9-]{0,62}")


class Unreachable(Later):
    """The other pod did not answer, or with more than we read."""


class UnsafeAddress(Refused):
    """An address that no pod may send us to."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other pod answered: `url` was asked last; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def is_success(self) -> bool:
        """Whether the status is 200 to 299."""
        return 200 <= self.status < 300

    @property
    def location(self) -> str | None:
        """Where a redirect points, absolute; None if it is no redirect.

        Raises:
            UnsafeAddress: If that is no address at all.
        """
        target = self.headers.get("location")
        try:
            return urljoin(self.url, target) if target and self.status in _REDIRECTS else None
        except ValueError:
            raise UnsafeAddress(f"{self.url} redirects to {str(target)[:200]!r}") from None


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}/"


def _port_of(url: str) -> int | None:
    return urlsplit(url).port


class Client:
    """Sends requests through one injected function."""

    def __init__(self, send: Send, own_host: str) -> None:
        self._send = send
        self._own_host = own_host.partition(":")[0]

    def get(
        self,
        url: str,
        *,
        follow: bool = False,
        port: int | None = None,
        accept: str = "*/*",
        is_pod: Callable[[str], bool] = lambda _: False,
    ) -> Reply:
        """Ask for a document.

        Args:
            url: https, on a DNS name.
            follow: Follow up to 4 redirects to https; else a redirect is the answer.
            port: A port allowed besides 443: the one in the diaspora ID.
            accept: Media types wanted.
            is_pod: Says of an origin, with a slash, whether somebody known lives there: then a
                redirect may lead there whatever its port.

        Raises:
            Unreachable: If there is no answer, or too much of it.
            UnsafeAddress: If the address, or that of a redirect, is no pod's.
        """
        reply = self._request("GET", url, [("Accept", accept)], b"", port)
        for _ in range(MAX_REDIRECTS if follow else 0):
            if reply.location is None:
                break
            allowed = _port_of(reply.location) if is_pod(_origin(reply.location)) else port
            reply = self._request("GET", reply.location, [("Accept", accept)], b"", allowed)
        return reply

    def post(self, url: str, body: bytes, content_type: str, *, port: int | None = None) -> Reply:
        """Send a document; a redirect is never followed.

        Raises:
            Unreachable: If there is no answer, or too much of it.
            UnsafeAddress: If the address is no pod's.
        """
        return self._request("POST", url, [("Content-Type", content_type)], body, port)

    def _request(
        self, method: str, url: str, headers: Headers, body: bytes, port: int | None
    ) -> Reply:
        if unit_of_work.is_open():
            raise AssertionError(f"{method} {url} in a unit of work: fetch first, then transact")
        self.check(url, port)
        try:
            status, answered, content = self._send(
                method, url, [("User-Agent", USER_AGENT), *headers], body
            )
        except (ConnectionError, TimeoutError) as error:
            raise Unreachable(f"{method} {url}: {str(error) or type(error).__name__}") from None
        if len(content) > MAX_BODY_BYTES:
            raise Unreachable(f"{method} {url}: the answer has more than {MAX_BODY_BYTES} bytes")
        names = {name.lower(): value for name, value in reversed(answered)}
        return Reply(status, names, content, url)

    def check(self, url: str, port: int | None = None) -> None:
        """Refuse an address that may not be asked.

        Args:
            url: Should be https, on a DNS name that is not our own.
            port: A port allowed besides 443.

        Raises:
            UnsafeAddress: If the address is no pod's.
        """
        try:
            parts = urlsplit(url)
            allowed = parts.port in (None, 443, port)
        except ValueError:
            raise UnsafeAddress(f"{url[:200]!r} is no address") from None
        if parts.scheme != "https" or not allowed or not self._is_foreign_name(parts):
            raise UnsafeAddress(
                f"{url[:200]!r} is no address of another pod: expected https on a DNS name"
            )

    def _is_foreign_name(self, parts: SplitResult) -> bool:
        host = parts.hostname or ""
        has_login = parts.username is not None or parts.password is not None
        if has_login or host == self._own_host or host.endswith(".localhost"):
            return False
        return _DNS_NAME.fullmatch(host) is not None
