"""Values of single elements: how each type is read from text, and written.

Reading is lenient where deployed software is known to deviate, writing is strict. A reader raises
`ValueError` for text that makes the whole entity invalid, and returns `None` for text that counts
as no value; it never sees the empty string, which always means "no value".

Source: federation protocol sections 1.4 and 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from pod.domain.identity import DiasporaId, Guid
from pod.wire.elements import clean

MAX_TEXT = 65535
MAX_PARTICIPANTS = 1000

_ISO_START = re.compile(r"\d{4}-\d\d-\d\d")
_DATE = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_URL = re.compile(r"[!-~]+")
_TIMEZONE = re.compile(r"[A-Za-z_-]{1,14}(?:/[A-Za-z_-]{1,14}){1,2}")
_TRUE = frozenset(("true", "t", "yes", "y", "1"))
_FALSE = frozenset(("false", "f", "no", "n", "0"))


@dataclass(frozen=True, slots=True)
class Scalar:
    """How one type is read from text and written as text."""

    read: Callable[[str], object]
    write: Callable[[Any], str]
    kind: str
    """What documents call the type."""


def read_time(text: str) -> datetime | None:
    """Read a time in any form that deployed software sends; without zone it means UTC.

    Fractions of seconds are dropped, since nobody's canonical form has them.
    """
    try:
        time = _time(text.strip())
        if time.tzinfo is None:
            return time.replace(tzinfo=UTC, microsecond=0)
        if time.tzinfo is UTC and not time.microsecond:
            return time  # the canonical form, and so nearly all of them
        return time.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def _time(text: str) -> datetime:
    if _ISO_START.match(text):
        return datetime.fromisoformat(text.removesuffix(" UTC"))
    return parsedate_to_datetime(text)


def write_time(time: datetime) -> str:
    """Write a time as `YYYY-MM-DDTHH:MM:SSZ`."""
    utc = time.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return f"{utc.isoformat()}Z"


def read_bool(text: str) -> bool | None:
    """Read a boolean in any of its usual spellings."""
    word = text.lower()
    return True if word in _TRUE else False if word in _FALSE else None


def _write_bool(value: bool) -> str:  # noqa: FBT001 - the one argument of a writer
    return "true" if value else "false"


def _read_int(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _read_date(text: str) -> date:
    found = _DATE.match(text)
    if found is None:
        raise ValueError("expected a date as YYYY-MM-DD")
    year, month, day = map(int, found.groups())
    # The year 1004, a leap year, says "unknown"; some senders write 0000 for it.
    return date(year or 1004, month, day)


def _read_participants(text: str) -> tuple[DiasporaId, ...]:
    people = tuple(DiasporaId(name) for name in text.split(";"))
    if not 2 <= len(people) <= MAX_PARTICIPANTS:
        raise ValueError(f"expected 2 to {MAX_PARTICIPANTS} participants")
    return people


def _read_timezone(text: str) -> str:
    if _TIMEZONE.fullmatch(text) is None:
        raise ValueError("expected a time zone as Area/Location")
    return text


def text_of(limit: int, *, forbidden: str = "", kind: str = "text") -> Scalar:
    """Text of at most `limit` characters, with none of the forbidden ones."""
    without = f", without `{forbidden}`" if forbidden else ""

    def read(text: str) -> str:
        if len(text) > limit:
            raise ValueError(f"{len(text)} characters, at most {limit} are allowed")
        if forbidden and any(character in text for character in forbidden):
            raise ValueError(f"must not contain any of {forbidden!r}")
        return text

    return Scalar(read, clean, f"{kind}, at most {limit} characters{without}")


def url_with(*, host: bool = False, path: bool = False) -> Scalar:
    """A URL for http(s) that has the parts asked for; relative if no host is asked for."""

    def read(text: str) -> str:
        parts = urlsplit(text) if _URL.fullmatch(text) else None
        if parts is None or parts.scheme not in ("", "http", "https"):
            raise ValueError("expected an http(s) URL")
        if bool(parts.scheme) != bool(parts.hostname) or (host and not parts.hostname):
            raise ValueError("expected a URL with a host")
        if path and not parts.path:
            raise ValueError("expected a URL with a path")
        return text

    parts = " and ".join(name for name, is_needed in (("host", host), ("path", path)) if is_needed)
    return Scalar(read, clean, f"http(s) URL with {parts}" if parts else "http(s) URL")


def choice(*allowed: str) -> Scalar:
    """One of a few words."""

    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"expected one of {', '.join(allowed)}")
        return text

    return Scalar(read, str, " or ".join(f"`{word}`" for word in allowed))


DIASPORA_ID = Scalar(DiasporaId, str, "diaspora ID")
GUID = Scalar(Guid, str, "GUID")
TIME = Scalar(read_time, write_time, "time")
BOOL = Scalar(read_bool, _write_bool, "boolean")
INT = Scalar(_read_int, str, "whole number")
DATE = Scalar(_read_date, date.isoformat, "date")
PARTICIPANTS = Scalar(_read_participants, ";".join, "diaspora IDs, joined with `;`")
TIMEZONE = Scalar(_read_timezone, str, "time zone as `Area/Location`")
LONG_TEXT = text_of(MAX_TEXT)
SHORT_TEXT = text_of(255)
FULL_NAME = text_of(70, forbidden=";")
NAME = text_of(32, forbidden=";")
SIGNATURE = text_of(4096, kind="signature in standard base64")
