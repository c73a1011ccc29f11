"""The JSON form of archives: what was signed survives it, other forms are refused."""

import pytest

from pod.domain.entities import (
    Comment,
    Embed,
    StatusMessage,
)
from pod.domain.identity import Guid
from pod.wire.errors import (
    InvalidEntity,
)
from pod.wire.json_form import from_json, to_json
from tests.pod.wire.snippets import (
    ALICE,
    NOW,
)


def comment_json(**changes: object) -> dict[str, object]:
    data: dict[str, object] = {
        "author": ALICE,
        "guid": "0123456789abcdef",
        "parent_guid": "0123456789abcdef",
        "text": "x",
    }
    written: dict[str, object] = {
        "entity_type": "comment",
        "entity_data": data,
        "property_order": list(data),
    }
    return written | changes


def test_a_relayable_in_json_keeps_unknown_members_and_their_order() -> None:
    value = {
        "entity_type": "comment",
        "entity_data": {
            "x": None,
            "author": ALICE,
            "guid": "0123456789abcdef",
            "parent_guid": "0123456789abcdef",
            "text": "x",
            "created_at": "2024-03-01T12:00:00.5Z",
            "edited_at": "2024-03-01T12:00:00Z",
            "n": 7,
            "author_signature": "eHh4",
        },
        "property_order": ["x", "author", "guid", "parent_guid", "created_at", "text", "n"],
    }

    comment = from_json(value)

    assert isinstance(comment, Comment)
    assert comment.signed[0] == ("x", "")
    assert comment.signed[4:] == (
        ("created_at", "2024-03-01T12:00:00.5Z"),
        ("text", "x"),
        ("n", "7"),
    )
    assert (comment.created_at, comment.edited_at) == (NOW, NOW)
    written = to_json(comment)
    assert from_json(written) == comment
    assert written["property_order"] == value["property_order"]


def test_a_relayable_without_signature_is_read_from_json() -> None:
    comment = from_json(comment_json())

    assert isinstance(comment, Comment)
    assert comment.author_signature is None


def test_nulls_in_json_are_empty_elements() -> None:
    data = {"author": ALICE, "guid": "0123456789abcdef", "text": None}
    data |= {"photos": None, "location": None, "created_at": None}

    assert from_json({"entity_type": "status_message", "entity_data": data}) == StatusMessage(
        author=ALICE, guid=Guid("0123456789abcdef")
    )


PHOTO_JSON = {"entity_type": "photo", "entity_data": {}}


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"entity_type": "comment"},
        {"entity_type": 7, "entity_data": {}},
        comment_json(property_order=None),
        comment_json(property_order=["author", 7]),
        comment_json(property_order=["author", "author"]),
        comment_json(property_order=["a b"]),
        comment_json(property_order=["nowhere"]),
        comment_json(entity_data={"author": {}}, property_order=["author"]),
        {"entity_type": "status_message", "entity_data": {"photos": {}}},
        {"entity_type": "status_message", "entity_data": {"photos": [7]}},
        {"entity_type": "status_message", "entity_data": {"location": PHOTO_JSON}},
    ],
)
def test_json_of_another_form_is_refused(value: object) -> None:
    with pytest.raises(InvalidEntity):
        from_json(value)


def test_a_part_is_written_as_json_too() -> None:
    assert to_json(Embed(nothing=True)) == {
        "entity_type": "embed",
        "entity_data": {"nothing": True},
    }
