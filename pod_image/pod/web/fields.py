"""Members of a JSON body, checked one by one."""

from collections.abc import Mapping
from typing import Any

from pod.domain.errors import Invalid


def needed_text(body: Mapping[str, Any], name: str) -> str:
    """A text that must be there.

    Raises:
        Invalid: If it is missing, empty, or something else.
    """
    value = optional_text(body, name)
    if value is None:
        raise Invalid(f"{name}: a text is needed")
    return value


def optional_text(body: Mapping[str, Any], name: str) -> str | None:
    """A text; None if it is missing, null or empty.

    Raises:
        Invalid: If it is something else.
    """
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Invalid(f"{name}: a text is needed")
    return value or None


def texts(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list of texts; empty if it is missing.

    Raises:
        Invalid: If it is something else.
    """
    value = body.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Invalid(f"{name}: a list of texts is needed")
    return tuple(value)
