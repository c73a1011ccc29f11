"""What a person asks for, as JSON, read and checked field by field."""

from __future__ import annotations

from typing import Any

from pod.domain.entities import Location
from pod.domain.errors import Invalid
from pod.domain.posting import Draft
from pod.web.fields import optional_text, texts
from pod.wire.elements import clean


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
