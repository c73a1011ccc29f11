"""The control API of a pod: gauges, clock, snapshots; for the harness alone."""

import json
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from harness.errors import AdapterBroken, DiskFull
from harness.facts.gauge import Gauge
from harness.gate.http import Headers, Request, Response

Send = Callable[[Request], Response]
T = TypeVar("T")

NOT_MODIFIED: Final = 304
REMEMBERED: Final = 4
"""States of a pod that are kept: the last ones, among them the one with which scenarios begin."""


class Control:
    """Speaks to one pod's control API."""

    def __init__(self, name: str, send: Send, token: str) -> None:
        """Remember how to reach it.

        Args:
            name: The pod, for messages.
            send: Brings a request to the pod.
            token: The bearer token that the pod was started with.
        """
        self._name = name
        self._send = send
        self._known: OrderedDict[str, Any] = OrderedDict()
        self._headers = (("Authorization", f"Bearer {token}"), ("Content-Type", "application/json"))

    def gauge(self) -> Gauge:
        """Read the counters."""
        return self._gauge(self._call("GET", "/control/gauge"))

    def quiet(self, timeout: timedelta) -> Gauge:
        """Read the counters when nothing is due, or when the time is over."""
        return self._gauge(self._call("GET", f"/control/quiet?timeout={timeout.total_seconds()}"))

    def clock(self) -> datetime:
        """When it is, on the pod."""
        return self._time(self._call("GET", "/control/clock")["now"])

    def set_clock(self, now: datetime) -> None:
        """Let it be that time on the pod."""
        self._call("PUT", "/control/clock", {"now": _iso(now)})

    def freeze(self, *, frozen: bool) -> None:
        """Stop or resume work on the queues; messages are accepted all the same."""
        self._call("PUT", "/control/queue", {"frozen": frozen})

    def crash_at(self, name: str | None) -> None:
        """Arm a crash point, or none."""
        self._call("PUT", "/control/crash", {"at": name})

    def crash_points(self) -> tuple[str, ...]:
        """The names of all crash points."""
        answer = self._call("GET", "/control/crash")
        return tuple(answer["names"] if isinstance(answer, dict) else answer)

    def state(self) -> dict[str, Any]:
        """The neutral rows."""
        return dict(self._call("GET", "/control/state"))

    def state_as(self, arranged: Callable[[dict[str, Any]], T]) -> T:
        """The neutral rows, arranged.

        A pod that tells states apart by a tag is asked again for what was read lately only if it
        is in none of these states; then nothing is read or arranged twice.
        """
        request = Request("GET", "/control/state", (*self._headers, *self._if_none_of()))
        answer = self._send(request)
        tag = next((value for name, value in answer.headers if name.lower() == "etag"), "")
        if answer.status == NOT_MODIFIED and tag in self._known:
            self._known.move_to_end(tag)
        else:
            found = arranged(dict(self._document(request, answer)))
            if not tag:
                return found
            self._known[tag] = found
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        known: T = self._known[tag]
        return known

    def _if_none_of(self) -> Headers:
        return (("If-None-Match", ", ".join(self._known)),) if self._known else ()

    def digest(self) -> str:
        """A hash over the neutral rows."""
        return str(self._call("GET", "/control/digest")["sha256"])

    def snapshot(self, path: Path) -> None:
        """Write a copy of the database.

        Raises:
            DiskFull: If there is no room for it.
        """
        try:
            self._call("POST", "/control/snapshot", {"path": str(path)})
        except AdapterBroken as error:
            if "disk is full" in error.what:  # as SQLite calls it
                raise DiskFull(f"no space left in {path.parent} for {path.name}") from error
            raise

    def restore(self, path: Path) -> None:
        """Let the database be that copy."""
        self._call("POST", "/control/restore", {"path": str(path)})

    def _call(self, method: str, target: str, body: object = None) -> Any:  # noqa: ANN401 (JSON)
        content = b"" if body is None else json.dumps(body).encode()
        request = Request(method, target, self._headers, content)
        return self._document(request, self._send(request))

    def _document(self, request: Request, answer: Response) -> Any:  # noqa: ANN401 (JSON)
        asked = f"{self._name} answers {request.method} {request.target}"
        if not 200 <= answer.status < 300:
            text = answer.body[:300].decode(errors="replace")
            raise AdapterBroken(f"{asked} {answer.status}: {text}")
        try:
            return json.loads(answer.body) if answer.body else None
        except ValueError as error:
            raise AdapterBroken(f"{asked} no JSON") from error

    def _gauge(self, answer: dict[str, Any]) -> Gauge:
        try:
            counts = {name: int(answer[name]) for name in _COUNTS}
        except (KeyError, TypeError) as error:
            raise AdapterBroken(f"the gauge of {self._name} lacks {error}") from error
        until = answer.get("sleeping_until")
        return Gauge(**counts, sleeping_until=self._time(until) if until else None)

    def _time(self, text: str) -> datetime:
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise AdapterBroken(f"{self._name} gives {text!r} as a time") from error


_COUNTS = ("queued", "in_flight", "sleeping", "sent", "received", "abandoned")


def _iso(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
