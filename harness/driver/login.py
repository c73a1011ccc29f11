"""A person's login on a pod: the one way in which acts become requests."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from harness.facts.identity import PodName
from harness.gate.http import Headers, Request, Response


class Refused(AssertionError):
    """A pod declined what a person asked for.

    Attributes:
        status: The HTTP status.
        reason: What the pod says.
    """

    def __init__(self, what: str, status: int, reason: str) -> None:
        self.status = status
        self.reason = reason
        super().__init__(f"{what}: {status} {reason}")


class Garbled(AssertionError):
    """A pod answered something that cannot be understood."""


class Reach(Protocol):
    """A pod, as a person's browser reaches it."""

    @property
    def pod(self) -> PodName: ...
    @property
    def host(self) -> str: ...
    def send(self, request: Request) -> Response: ...


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks, and where.

    Attributes:
        reach: The pod.
        username: The part of the diaspora ID before the @.
        authorization: Headers that prove who asks.
        act: Headers that tell a pod in test mode which act of the run this is.
    """

    reach: Reach
    username: str = ""
    authorization: Headers = field(default=(), repr=False)
    act: Headers = ()

    def during(self, act: Headers) -> "Login":
        """The same login, in the course of an act."""
        return replace(self, act=act)

    def call(self, method: str, target: str, body: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401 (JSON)
        """Ask for JSON with JSON.

        Raises:
            Refused: If the pod declines.
            Garbled: If its answer is no JSON.
        """
        if body is None:
            return self.call_with(method, target)
        return self.call_with(method, target, json.dumps(body).encode(), "application/json")

    def call_with(self, method: str, target: str, body: bytes = b"", type_: str = "") -> Any:  # noqa: ANN401 (JSON)
        """Ask for JSON with any body, or with none."""
        answer = self.send(method, target, body, type_)
        try:
            return json.loads(answer) if answer else None
        except ValueError as error:
            raise Garbled(f"{self._what(method, target)} is answered no JSON") from error

    def send(self, method: str, target: str, body: bytes = b"", type_: str = "") -> bytes:
        """Send any body and return the answer's.

        Raises:
            Refused: If the pod declines.
        """
        headers: Headers = (("Content-Type", type_),) if type_ else ()
        answer = self.reach.send(
            Request(method, target, self.authorization + self.act + headers, body)
        )
        if not 200 <= answer.status < 300:
            raise Refused(self._what(method, target), answer.status, _reason(answer.body))
        return answer.body

    def _what(self, method: str, target: str) -> str:
        who = f"{self.username} on " if self.username else ""
        return f"{who}{self.reach.pod}: {method} {target}"


def _reason(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return body[:300].decode(errors="replace")
    return str(answer.get("error", answer) if isinstance(answer, dict) else answer)
