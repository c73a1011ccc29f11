"""Who is asking, and on behalf of which act."""

from __future__ import annotations

import hmac
from datetime import datetime

from pod.domain.errors import Invalid, NotAllowed, NotFound
from pod.domain.people import Account
from pod.jobs.context import Context
from pod.store.ids import Act
from pod.web.http import Request


class NotLoggedIn(NotAllowed):
    """No session, or one that has ended."""

    status_hint = 401


def token_of(request: Request) -> str | None:
    """The bearer token of a request."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def account_of(context: Context, request: Request) -> Account:
    """The open account whose session token the request carries.

    Raises:
        NotLoggedIn: If there is no such session (401).
        NotAllowed: If the account is locked or closed (403).
    """
    token = token_of(request)
    if token is None:
        raise NotLoggedIn("no session: send `Authorization: Bearer TOKEN` (POST /api/sessions)")
    with context.work() as work:
        account = work.accounts.by_token(token)
    if account is None:
        raise NotLoggedIn("this session has ended: log in again (POST /api/sessions)")
    if account.state != "open":
        raise NotAllowed(f"the account {account.username} is {account.state}")
    return account


def act_of(context: Context, request: Request) -> Act | None:
    """The act named by a request, in test mode; pass it to `context.work(act)`.

    Raises:
        Invalid: If its time cannot be read.
    """
    seed = request.headers.get("seedbed-act")
    at = request.headers.get("seedbed-at")
    if not context.settings.test_mode or (seed is None and at is None):
        return None
    return Act(seed=seed, at=None if at is None else _time(at))


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"Seedbed-At: {text[:40]!r} is no ISO time") from None
    if time.tzinfo is None:
        raise Invalid(f"Seedbed-At: {text[:40]!r} needs a zone, for example a final Z")
    return time


def need_control(context: Context, request: Request) -> None:
    """Let only the holder of the control token pass; without the setting there is nothing here.

    Raises:
        NotFound: If the control API is off.
        NotLoggedIn: If the token is missing or wrong.
    """
    expected = context.settings.control_token
    if expected is None:
        raise NotFound(f"there is nothing at {request.path}")
    if not hmac.compare_digest((token_of(request) or "").encode(), expected.encode()):
        raise NotLoggedIn("control API: wrong or missing token (POD_CONTROL_TOKEN)")
