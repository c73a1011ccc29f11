"""What a person asks for, as JSON, read and checked field by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pod.domain.entities import Embed, Location
from pod.domain.errors import Invalid
from pod.domain.posting import MAX_SHORT_TEXT, Draft, Invitation
from pod.web.fields import needed_text, optional_text, texts
from pod.wire.elements import clean
from pod.wire.scalars import TIMEZONE, read_time, url_with


def read_draft(body: dict[str, Any]) -> Draft:
    """The post that a request describes.

    Raises:
        Invalid: If a field has the wrong form; says which.
    """
    poll = _mapping(body, "poll")
    return Draft(
        text=read_text(body, "text"),
        public=_flag(body, "public"),
        aspects=_texts(body, "aspects"),
        photos=_texts(body, "photos"),
        location=_location(_mapping(body, "location")),
        question=read_text(poll, "question") if poll else None,
        answers=_texts(poll, "answers") if poll else (),
        invitation=_invitation(_mapping(body, "event")),
        embed=_embed(_mapping(body, "embed")),
    )


def read_text(body: dict[str, Any], name: str) -> str:
    """A text field, empty if missing; what XML cannot carry is replaced before it is stored.

    Raises:
        Invalid: If it is no text.
    """
    return clean(optional_text(body, name) or "")


def _flag(body: dict[str, Any], name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise Invalid(f"{name}: expected true or false")
    return value


def _texts(body: dict[str, Any], name: str) -> tuple[str, ...]:
    return tuple(clean(text) for text in texts(body, name))


def _mapping(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name) or {}
    if not isinstance(value, dict):
        raise Invalid(f"{name}: expected an object")
    return value


def _location(place: dict[str, Any]) -> Location | None:
    if not place:
        return None
    address = read_text(place, "address")
    return Location(address=address, lat=_coordinate(place, "lat"), lng=_coordinate(place, "lng"))


def _coordinate(place: dict[str, Any], name: str) -> str:
    text = str(place.get(name, ""))
    try:
        is_valid = abs(float(text)) <= 180
    except ValueError:
        is_valid = False
    if not is_valid:
        raise Invalid(f"location: {name} must be degrees, e.g. 48.208174")
    return text


def _invitation(event: dict[str, Any]) -> Invitation | None:
    if not event:
        return None
    start = _time(event, "start")
    if start is None:
        raise Invalid("event start: a time is needed, e.g. 2026-01-01T12:00:00Z")
    return Invitation(
        summary=clean(needed_text(event, "summary")),
        start=start,
        end=_time(event, "end"),
        all_day=_flag(event, "all_day"),
        timezone=_checked(event, "timezone", TIMEZONE.read),
        description=read_text(event, "description") or None,
        location=_location(_mapping(event, "location")),
    )


def _time(event: dict[str, Any], name: str) -> datetime | None:
    text = optional_text(event, name)
    time = None if text is None else read_time(text)
    if text is not None and time is None:
        raise Invalid(f"event {name}: expected a time, e.g. 2026-01-01T12:00:00Z")
    return time


def _embed(embed: dict[str, Any]) -> Embed | None:
    """What is to be previewed; `{"nothing": true}` means that nothing is."""
    if not embed:
        return None
    is_nothing = _flag(embed, "nothing")
    url = _checked(embed, "url", url_with(host=True).read)
    if is_nothing == (url is not None):
        raise Invalid("embed: give a url, or say that nothing is embedded")
    return Embed(
        url=url,
        title=read_text(embed, "title")[:MAX_SHORT_TEXT] or None,
        description=read_text(embed, "description") or None,
        image=_checked(embed, "image", url_with(host=True, path=True).read),
        nothing=is_nothing,
    )


def _checked(body: dict[str, Any], name: str, read: Callable[[str], object]) -> str | None:
    """A text that other pods would accept in that place."""
    text = optional_text(body, name)
    try:
        if text is not None:
            read(text)
    except ValueError as error:
        raise Invalid(f"{name}: {error}") from None
    return text
