"""Payloads of every kind, made from the tables of the properties: often right, often nearly so.

Each element may be missing, occur twice, hold junk, or hold something else's value; a payload that
is right in all its parts comes often enough for the rules behind the elements to be reached.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from pod.wire.elements import clean, escape
from pod.wire.properties import BY_NAME, BY_TYPE
from pod.wire.scalars import (
    BOOL,
    DATE,
    DIASPORA_ID,
    GUID,
    INT,
    PARTICIPANTS,
    TIME,
    TIMEZONE,
    Scalar,
)
from pod.wire.schema import Nested, Property, Repeated, Schema, Value
from tests.pod.wire.vectors import owners

ALICE, BOB = owners()["alice"], owners()["bob"]
KEY = ALICE.pem["public_key_spki_pem"]

UNUSUAL = (
    *("2024-13-41", "0000-00-00", "1e999", "-1", "9" * 30, "https://[", ";", "a;b", "TRUE", "no"),
    *("2024-03-01 12:05:00 UTC", "2024-03-01T12:05:00.500Z", " x ", "\u202e", "a" * 300),
)
GUIDS = ("c3893bf029e7013487753131731751e9", "6c241a3029f8013487763131731751e9")
GOOD: dict[Scalar, Sequence[str]] = {
    DIASPORA_ID: (ALICE.diaspora_id, BOB.diaspora_id),
    GUID: GUIDS,
    TIME: ("2024-03-01T12:00:00Z",),
    BOOL: ("true", "false"),
    INT: ("0", "640"),
    DATE: ("1988-07-15", "1004-02-29"),
    PARTICIPANTS: (f"{ALICE.diaspora_id};{BOB.diaspora_id}",),
    TIMEZONE: ("Europe/Berlin",),
}
"""What is right, where a scalar has one form."""
NAMED: dict[str, Sequence[str]] = {
    "author": (*(3 * (ALICE.diaspora_id,)), BOB.diaspora_id),  # nested ones are mostly the same
    "parent_type": ("Post", "Comment"),
    "target_type": ("Post", "Comment", "Photo", "Like"),
    "status": ("accepted", "declined", "tentative"),
    "exported_key": (KEY,),
    "author_signature": ("eHh4",),
    "tag_string": ("#a #b",),
    **dict.fromkeys(
        ("url", "image", "image_url", "image_url_medium", "image_url_small"),
        ("https://pod-a.example.org/x.png",),
    ),
    "remote_photo_path": ("https://pod-a.example.org/uploads/",),
}
"""What is right, where the name of the element says it."""

JUNK = st.sampled_from(UNUSUAL) | st.text(max_size=30).map(clean)
SCHEMAS = {schema.name: schema for schema in BY_TYPE.values()}
ROOTS = tuple(sorted(BY_NAME))
EVERY_NAME = (*sorted(SCHEMAS), "XML", "post", "x")
ELEMENTS = tuple(
    sorted({each.element for schema in SCHEMAS.values() for each in schema.properties})
)
LOOSE = st.recursive(
    JUNK.map(escape),
    lambda inner: st.builds(
        "<{0}>{1}</{0}>".format, st.sampled_from(ELEMENTS), st.lists(inner, max_size=6).map("".join)
    ),
    max_leaves=25,
)
"""Elements in any order and depth, with anything in them."""


@st.composite
def payloads(draw: st.DrawFn) -> str:
    """An entity of any kind: as it should be, or with up to three things wrong in it."""
    schema = SCHEMAS[draw(st.sampled_from(ROOTS))]
    parts = [draw(_right(each)) for each in schema.properties]
    for index in draw(st.sets(st.integers(0, len(parts) - 1), max_size=3)):
        parts[index] = draw(_wrong(schema.properties[index], parts[index]))
    parts += draw(st.lists(LOOSE, max_size=1))
    if draw(st.booleans()):
        parts = draw(st.permutations(parts))
    return _element(schema.name, "".join(parts))


def heaps() -> st.SearchStrategy[str]:
    """Any root, sent on its own or not, with any elements in it."""
    inside = st.lists(LOOSE, max_size=10).map("".join)
    return st.builds(_element, st.sampled_from(EVERY_NAME), inside)


def whole(root: str) -> st.SearchStrategy[str]:
    """An entity as it should be, unless rules between its elements say otherwise."""
    return _whole(SCHEMAS[root])


def _right(each: Property) -> st.SearchStrategy[str]:
    """One element, or as many as there may be, with something right in it."""
    if isinstance(each, Nested):
        return _whole(each.schema)
    if isinstance(each, Repeated):
        return st.lists(_whole(each.schema), min_size=2, max_size=3).map("".join)
    if not isinstance(each, Value):
        raise TypeError(f"{each!r} is a kind of property that this grammar does not know")
    good = NAMED.get(each.element) or GOOD.get(each.scalar) or ("plain", "Grüße & <Küsse>")
    return st.sampled_from(good).map(lambda text: _element(each.element, escape(text)))


def _whole(schema: Schema) -> st.SearchStrategy[str]:
    parts = st.tuples(*map(_right, schema.properties))
    return parts.map(lambda inside: _element(schema.name, "".join(inside)))


def _wrong(each: Property, right: str) -> st.SearchStrategy[str]:
    """Missing, empty, twice, or with junk in it."""
    junk = JUNK.map(lambda text: _element(each.element, escape(text)))
    return st.sampled_from(("", f"<{each.element}/>", right * 2)) | junk


def _element(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name}>"
