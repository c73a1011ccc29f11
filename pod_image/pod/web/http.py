"""Requests, responses and routes as plain values: what handlers see of HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from pod.domain.errors import DomainError, Invalid, NotFound

if TYPE_CHECKING:
    from pod.jobs.context import Context

Headers = tuple[tuple[str, str], ...]


class MethodNotAllowed(DomainError):
    """The path exists, the method does not."""

    status_hint = 405


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request; header names are lower case, the path is not decoded yet, params are."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    params: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> Request:
        """Read what stands on the wire; of a repeated query name the last counts."""
        path, _, query = target.partition("?")
        return cls(
            method=method.upper(),
            path=path,
            query=dict(parse_qsl(query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in headers},
            body=body,
        )

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; no body is an empty object.

        Raises:
            Invalid: If it is no JSON object.
        """
        try:
            value = json.loads(self.body or b"{}")
        except (ValueError, RecursionError) as error:
            raise Invalid(f"{self.method} {self.path}: the body is no JSON: {error}") from None
        if not isinstance(value, dict):
            raise Invalid(f"{self.method} {self.path}: the body must be a JSON object")
        return value


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response."""

    status: int
    body: bytes = b""
    headers: Headers = ()


def json_response(value: object, status: int = 200) -> Response:
    """Answer with JSON."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, body, (("Content-Type", "application/json; charset=utf-8"),))


def text_response(text: str, status: int = 200, content_type: str = "text/html") -> Response:
    """Answer with text, by default a page."""
    return Response(status, text.encode(), (("Content-Type", f"{content_type}; charset=utf-8"),))


def redirect(location: str, status: int = 302) -> Response:
    """Point to another address."""
    return Response(status, b"", (("Location", location),))


Handler = Callable[["Context", Request], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path pattern such as `/api/posts/{guid}`, and who answers.

    `slash` tolerates a trailing slash, as some implementations post with one.
    """

    method: str
    pattern: str
    handler: Handler
    slash: bool = False


class Router:
    """Finds the handler of a request."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = [(_compile(route), route) for route in routes]
        self._plain = {(r.method, r.pattern): r for _, r in self._routes if "{" not in r.pattern}

    def find(self, request: Request) -> tuple[Handler, Request]:
        """The handler, and the request with its path parameters.

        Raises:
            NotFound: If no route has that path.
            MethodNotAllowed: If only other methods do.
        """
        plain = self._plain.get((request.method, request.path))
        if plain is not None:
            return plain.handler, request
        found = [(r, m) for p, r in self._routes if (m := p.fullmatch(request.path))]
        for route, match in found:
            if route.method == request.method:
                params = {name: unquote(text) for name, text in match.groupdict().items()}
                return route.handler, replace(request, params=params)
        if found:
            raise MethodNotAllowed(f"{request.method} is not possible on {request.path}")
        raise NotFound(f"there is nothing at {request.path}")


def _compile(route: Route) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", route.pattern)
    text = "".join(
        f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts)
    )
    return re.compile(text + ("/?" if route.slash else ""))
