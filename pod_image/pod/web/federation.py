"""Where other pods post messages. They are only kept here; workers look at them later.

Whatever a message contains, the answer is 202: senders would take anything else for a pod in
trouble. A pod that is in trouble, as too many wait, says so with 503.
Source: federation protocol sections 3.5 to 3.7.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode

from pod.domain.errors import Later, NotFound
from pod.domain.identity import DiasporaId, Guid, InvalidIdentity
from pod.jobs.context import Context
from pod.store.unit_of_work import UnitOfWork
from pod.web.http import Request, Response, Route
from pod.wire.elements import MAX_BODY_BYTES
from pod.wire.errors import TooLarge

MAX_LANE = 255
"""How long the name of a lane may be."""

_ACCEPTED = Response(202)
_KEY_ID = re.compile(rb"""key_id\s*=\s*["']([A-Za-z0-9_=-]{1,344})["']""")


def receive_public(context: Context, request: Request) -> Response:
    """Keep a magic envelope."""
    _check_size(request)
    with context.work() as work:
        _check_room(context, work)
        work.inbox.add(request.body, None, public_lane(request.body))
    return _ACCEPTED


def receive_private(context: Context, request: Request) -> Response:
    """Keep an encrypted magic envelope for one account; a closed one has the answer to it."""
    _check_size(request)
    guid = _guid(request.params["guid"])
    with context.work() as work:
        account = work.accounts.by_guid(guid)
        if account is None:
            raise NotFound(f"nobody here has the GUID {guid}")
        _check_room(context, work)
        work.inbox.add(request.body, account.id, f"account/{account.id}")
    return _ACCEPTED


def public_lane(body: bytes) -> str:
    """The pod that a public envelope claims to come from: its messages are handled in order.

    Nothing is verified here: whoever claims another pod's name waits in its lane.
    """
    found = _KEY_ID.search(body)
    try:
        sender = DiasporaId(urlsafe_b64decode(found[1]).decode()) if found else None
    except (ValueError, InvalidIdentity):
        sender = None
    # Cut as the longest hosts are too long for it; those that are alike so far share a lane.
    return "public" if sender is None else f"public/{sender.host}"[:MAX_LANE]


def _check_room(context: Context, work: UnitOfWork) -> None:
    """Refuse what would only make an inbox longer that nobody gets through."""
    if work.inbox.has(context.settings.max_inbox):
        raise Later(f"{context.settings.max_inbox} messages wait here; bring this one again later")


def _check_size(request: Request) -> None:
    if len(request.body) > MAX_BODY_BYTES:
        raise TooLarge(f"{len(request.body)} bytes, at most {MAX_BODY_BYTES} are read")


def _guid(text: str) -> Guid:
    try:
        return Guid(text)
    except InvalidIdentity as error:
        raise NotFound(str(error)) from None


ROUTES: tuple[Route, ...] = (
    Route("POST", "/receive/public", receive_public, slash=True),
    Route("POST", "/receive/users/{guid}", receive_private, slash=True),
)
