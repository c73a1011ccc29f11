"""The carrier for pods that live in one process: the gate is their only transport.

Nothing here has a thread or a clock: the same calls in the same order give the same exchanges.
"""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

import h11

from harness.facts.identity import Party, PodName
from harness.gate.core import Gate
from harness.gate.http import Headers, Request, Response, header

HeaderList = list[tuple[str, str]]
GivenHeaders = Mapping[str, str] | Iterable[tuple[str, str]]
Answer = tuple[int, HeaderList, bytes]
Handle = Callable[[str, str, HeaderList, bytes], Answer]
Send = Callable[[str, str, GivenHeaders, bytes], Answer]


class InlineGate:
    """Carries requests between handlers by calling them."""

    def __init__(self, gate: Gate) -> None:
        """Become the carrier of a gate."""
        self.gate = gate
        self._handlers: dict[Party, Handle] = {}
        gate.attach(self._deliver)

    def register(self, pod: PodName, handle: Handle) -> None:
        """Tell who answers for a pod: `handle(method, target, headers, body)`."""
        self._handlers[pod] = handle

    def unregister(self, pod: PodName) -> None:
        """Let requests for a pod fail from now on."""
        self._handlers.pop(pod, None)

    def carrier(self, sender: PodName) -> Send:
        """The HTTP client of a pod: `send(method, url, headers, body)`.

        It raises `ConnectionError` if the host is no pod's, or the pod cannot be reached.
        """

        def send(method: str, url: str, headers: GivenHeaders, body: bytes) -> Answer:
            host, target = _split(url)
            request = Request(method, target, _with_host(headers, host), body)
            judgement = self.gate.carry(sender, host, request)
            if judgement.answer is None or judgement.verdict == "failed":
                raise ConnectionError(judgement.reason)
            answer = judgement.answer
            if answer.raw is not None:
                answer = understood(request, answer.raw)
            return answer.status, list(answer.headers), answer.body

        return send

    def _deliver(self, pod: Party, request: Request) -> Response:
        handle = self._handlers.get(pod)
        if handle is None:
            raise ConnectionRefusedError("it does not run")
        answer = handle(request.method, request.target, list(request.headers), request.body)
        status, headers, body = answer
        return Response(status, tuple(headers), body)


def understood(request: Request, octets: bytes) -> Response:
    """What an HTTP client makes of octets that were sent in answer to its request.

    Raises:
        ConnectionError: If that is no HTTP, or breaks off.
    """
    http, body = h11.Connection(h11.CLIENT), bytearray()
    http.send(h11.Request(method=request.method, target="/", headers=[("Host", "a")]))
    http.send(h11.EndOfMessage())
    http.receive_data(octets)
    http.receive_data(b"")
    try:
        head = _next(http)
        while isinstance(event := _next(http), h11.Data):
            body += event.data
    except h11.RemoteProtocolError as error:
        raise ConnectionError(f"the other side broke HTTP: {error}") from error
    if not isinstance(head, h11.Response):
        raise ConnectionError("the connection was closed without an answer")
    headers = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers)
    return Response(head.status_code, tuple(headers), bytes(body))


def _next(http: h11.Connection) -> object:
    event: object = http.next_event()
    return _next(http) if isinstance(event, h11.InformationalResponse) else event


def _split(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host = (parts.hostname or "") if parts.port in (None, 443) else parts.netloc
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return (host if parts.scheme == "https" else f"{parts.scheme}://{host}"), target


def _with_host(headers: GivenHeaders, host: str) -> Headers:
    pairs = tuple(headers.items() if isinstance(headers, Mapping) else headers)
    return pairs if header(pairs, "host") else (("Host", host), *pairs)
