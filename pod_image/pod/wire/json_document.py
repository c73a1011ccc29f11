"""JSON from other pods: an object, of limited size."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pod.wire.elements import MAX_DISCOVERY_BYTES
from pod.wire.errors import InvalidDiscovery, TooLarge


def read_object(body: bytes, what: str) -> Mapping[str, object]:
    """Read a JSON object of limited size.

    Raises:
        TooLarge: If there is too much of it.
        InvalidDiscovery: If it is no JSON object.
    """
    if len(body) > MAX_DISCOVERY_BYTES:
        raise TooLarge(f"{what}: {len(body)} bytes, at most {MAX_DISCOVERY_BYTES} are read")
    try:
        document = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise InvalidDiscovery(f"{what}: not JSON") from None
    if not isinstance(document, dict):
        raise InvalidDiscovery(f"{what}: not a JSON object")
    return document


def items(value: object) -> list[object]:
    """A member that should be a list; empty if it is none."""
    return value if isinstance(value, list) else []


def text(members: object, name: str) -> str | None:
    """A member that should be text, of what should be an object."""
    value = members.get(name) if isinstance(members, Mapping) else None
    return value if isinstance(value, str) else None
