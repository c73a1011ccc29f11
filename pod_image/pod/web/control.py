"""The control API: for whoever tests the pod. Without `POD_CONTROL_TOKEN` it does not exist."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pod.domain.errors import Conflict, Invalid, Later
from pod.jobs import gauge
from pod.jobs.context import Context
from pod.jobs.crash import NAMES
from pod.jobs.worker import recover
from pod.store import snapshot, state
from pod.store.schema import iso
from pod.web.auth import need_control
from pod.web.http import Handler, Request, Response, Route, json_response

MAX_QUIET_SECONDS = 300.0
RESTORE_SECONDS = 35.0
"""Longer than the slowest request to another pod."""


def _route(method: str, path: str, answer: Callable[[Context, Request], object]) -> Route:
    """A route for the holder of the token; what `answer` returns becomes JSON."""

    def handler(context: Context, request: Request) -> Response:
        need_control(context, request)
        found = answer(context, request)
        return found if isinstance(found, Response) else json_response(found)

    controlled: Handler = handler
    return Route(method, f"/control/{path}", controlled)


def _gauge(context: Context, _request: Request) -> object:
    return gauge.gauge(context)


def _quiet(context: Context, request: Request) -> object:
    text = request.query.get("timeout", "10")
    try:
        timeout = float(text)
    except ValueError:
        raise Invalid(f"timeout={text[:40]!r}: expected seconds") from None
    if not 0 <= timeout <= MAX_QUIET_SECONDS:
        raise Invalid(f"timeout={text[:40]!r}: expected 0 to {MAX_QUIET_SECONDS:.0f} seconds")
    return gauge.quiet(context, timeout)


def _clock(context: Context, _request: Request) -> object:
    return {"now": iso(context.clock.now()), "frozen": context.clock.is_frozen}


def _set_clock(context: Context, request: Request) -> object:
    text = _text(request, "now")
    try:
        now = datetime.fromisoformat(text)
        if now.tzinfo is None:
            raise ValueError("a zone is missing")
    except ValueError:
        raise Invalid(
            f"now={text[:40]!r}: expected an ISO time such as 2026-01-01T00:00:00Z"
        ) from None
    try:
        context.set_clock(now)
    except ValueError as error:
        raise Conflict(str(error)) from None
    return _clock(context, request)


def _crash(context: Context, _request: Request) -> object:
    return {"at": context.crash.at, "names": NAMES}


def _set_crash(context: Context, request: Request) -> object:
    at = request.json().get("at")
    try:
        context.crash.arm(None if at is None else str(at))
    except ValueError as error:
        raise Invalid(str(error)) from None
    return _crash(context, request)


def _queue(context: Context, _request: Request) -> object:
    return {"frozen": context.is_frozen}


def _set_queue(context: Context, request: Request) -> object:
    frozen = request.json().get("frozen")
    if not isinstance(frozen, bool):
        raise Invalid("PUT /control/queue: `frozen` must be true or false")
    _freeze(context, frozen=frozen)
    return _queue(context, request)


def _freeze(context: Context, *, frozen: bool) -> None:
    # In a unit of work, so that no worker is just claiming something.
    with context.work():
        context.is_frozen = frozen
    context.wake()


def _state(context: Context, request: Request) -> Response:
    """All rows, or only that they are those which the caller has already."""
    known = request.headers.get("if-none-match", "").split(", ")
    with context.work() as work:
        tag = context.store.tag()
        headers = (("ETag", f'"{tag}"'),) if tag else ()
        if tag and f'"{tag}"' in known:
            return Response(304, headers=headers)
        rows = state.rows(work)
    answer = json_response({"host": context.settings.host, "rows": rows})
    return Response(answer.status, answer.body, answer.headers + headers)


def _digest(context: Context, _request: Request) -> object:
    with context.work() as work:
        rows = state.rows(work)
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return {"sha256": hashlib.sha256(text.encode()).hexdigest()}


def _snapshot(context: Context, request: Request) -> object:
    path = _path(request)
    snapshot.save(context.store, path)
    return {"path": str(path)}


def _restore(context: Context, request: Request) -> object:
    path = _path(request)
    was_frozen = context.is_frozen
    _freeze(context, frozen=True)
    try:
        if not gauge.wait_until_none_in_flight(context, RESTORE_SECONDS):
            raise Later("restore: a job does not end; ask again")
        snapshot.restore(context.store, path)
        context.adopt_clock()
        context.restraint.forget()
        recover(context)
    finally:
        _freeze(context, frozen=was_frozen)
    return {"path": str(path)}


def _text(request: Request, name: str) -> str:
    value = request.json().get(name)
    if not isinstance(value, str):
        raise Invalid(f"{request.method} {request.path}: `{name}` must be a text")
    return value


def _path(request: Request) -> Path:
    path = Path(_text(request, "path"))
    if not path.is_absolute():
        raise Invalid(f"path={str(path)[:200]!r}: expected an absolute path")
    return path


ROUTES: tuple[Route, ...] = (
    _route("GET", "gauge", _gauge),
    _route("GET", "quiet", _quiet),
    _route("GET", "clock", _clock),
    _route("PUT", "clock", _set_clock),
    _route("GET", "crash", _crash),
    _route("PUT", "crash", _set_crash),
    _route("GET", "queue", _queue),
    _route("PUT", "queue", _set_queue),
    _route("GET", "state", _state),
    _route("GET", "digest", _digest),
    _route("POST", "snapshot", _snapshot),
    _route("POST", "restore", _restore),
)
