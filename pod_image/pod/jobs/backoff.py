"""When to try again; pure."""

from __future__ import annotations

from datetime import timedelta

ATTEMPTS = 10
CONTACT_ATTEMPTS = 20
"""A contact is worth more patience: without it nothing else is addressed rightly."""

_LONG = (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1), timedelta(days=3))
FIRST_OF_LONG = _LONG[0]


def after_failure(failures: int, attempts: int = ATTEMPTS) -> timedelta | None:
    """How long to wait after that many failed attempts; None: give up.

    Source: federation protocol section 3.8, without its random part.
    """
    return None if failures >= attempts else timedelta(seconds=(failures + 3) ** 4)


def delivery(entity: str, failures: int) -> timedelta | None:
    """How long a delivery waits after that many failed attempts; None: abandon it."""
    return after_failure(failures, CONTACT_ATTEMPTS if entity == "contact" else ATTEMPTS)


def long_term(failures: int) -> timedelta | None:
    """How long people, posts and migrations that could not be had wait; None: give up.

    Source: seed specification section 6: after 10 minutes, an hour, a day, three days. The first
    failure is the one that made somebody plan attempts.
    """
    return _LONG[failures - 1] if failures <= len(_LONG) else None
