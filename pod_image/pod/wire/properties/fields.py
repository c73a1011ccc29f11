"""Properties that many entities have, and the usual kinds of property."""

from __future__ import annotations

from pod.wire.scalars import BOOL, DIASPORA_ID, GUID, SIGNATURE, TIME, Scalar
from pod.wire.schema import Value


def needed(element: str, scalar: Scalar) -> Value:
    """The element must exist and have a value."""
    return Value(element, scalar, required=True, filled=True)


def possibly_empty(element: str, scalar: Scalar) -> Value:
    """The element must exist, but may be empty."""
    return Value(element, scalar, required=True, empty="")


def flag(element: str, *, default: bool = False, filled: bool = False) -> Value:
    """A boolean; a value that cannot be read is false, like no value in the deployed software."""
    return Value(element, BOOL, default=default, empty=False, filled=filled)


AUTHOR = needed("author", DIASPORA_ID)
OWN_GUID = needed("guid", GUID)
PARENT = needed("parent_guid", GUID)
CREATED_AT = Value("created_at", TIME)
EDITED_AT = Value("edited_at", TIME)
AUTHOR_SIGNATURE = Value("author_signature", SIGNATURE)
