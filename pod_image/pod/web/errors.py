"""Errors to responses: the only place where that is decided."""

from pod.domain.errors import DomainError
from pod.domain.identity import InvalidIdentity
from pod.web.http import Response, json_response
from pod.wire.errors import WireError

EXPECTED = (DomainError, WireError, InvalidIdentity)
"""What handlers may raise; anything else is a bug, and answered 500 by the server."""


def error_response(error: DomainError | WireError | InvalidIdentity) -> Response:
    """Say what is wrong; the text of these errors never holds content or keys."""
    status = 422 if isinstance(error, InvalidIdentity) else error.status_hint
    return json_response({"error": str(error)}, status)
