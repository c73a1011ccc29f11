"""Entities on the wire: what is valid survives, what breaks a rule is refused, defaults apply."""

from dataclasses import fields, replace
from datetime import date, datetime
from typing import get_args

import pytest
from hypothesis import given

from pod.domain.entities import (
    ENTITY_NAMES,
    RELAYABLES,
    Contact,
    Entity,
    Event,
    Part,
    Photo,
    Profile,
    Relayable,
    Reshare,
    StatusMessage,
)
from pod.domain.identity import DiasporaId, Guid
from pod.wire.entities import decode, encode
from pod.wire.errors import (
    InvalidEntity,
    TooLarge,
    UnknownEntity,
    WireError,
)
from pod.wire.json_form import from_json, to_json
from pod.wire.properties import BY_NAME, BY_TYPE
from pod.wire.signatures import sign_relayable, verify_relayable
from tests.examples import examples
from tests.pod.wire.made import OTHERS
from tests.pod.wire.made import RELAYABLES as MADE_RELAYABLES
from tests.pod.wire.snippets import (
    ALICE,
    COMMENT,
    CONTACT,
    EVENT,
    LIKE,
    NOW,
    PHOTO,
    POST,
    A,
    G,
    entity,
)
from tests.pod.wire.vectors import owners


@examples(300)
@given(OTHERS)
def test_any_entity_survives_xml_and_json(entity: Entity) -> None:
    assert decode(encode(entity)) == entity
    assert from_json(to_json(entity)) == entity


@examples(60)
@given(MADE_RELAYABLES)
def test_any_relayable_survives_and_verifies_after_it_was_signed(entity: Relayable) -> None:
    alice = owners()["alice"]

    signed = sign_relayable(entity, alice.private_key)

    assert replace(signed, signed=(), author_signature=None) == entity
    assert decode(encode(signed)) == from_json(to_json(signed)) == signed
    verify_relayable(signed, alice.public_key)


def test_every_dataclass_has_a_table_with_its_fields_in_order() -> None:
    tables = {made: [each.field for each in schema.properties] for made, schema in BY_TYPE.items()}
    classes = {
        made: [field.name for field in fields(made) if field.name != "signed"]
        for made in ENTITY_NAMES.values()
    }

    assert tables == classes
    assert {made: schema.name for made, schema in BY_TYPE.items()} == {
        made: name for name, made in ENTITY_NAMES.items()
    }
    assert {schema.make for schema in BY_NAME.values()} == set(get_args(Entity))
    assert set(get_args(Relayable)) == set(RELAYABLES)
    assert set(ENTITY_NAMES.values()) == set(get_args(Entity)) | set(get_args(Part))


@pytest.mark.parametrize(
    "name", ["person", "poll", "poll_answer", "location", "embed", "related_entity", "XML", "x:y"]
)
def test_what_is_not_sent_on_its_own_is_unknown(name: str) -> None:
    with pytest.raises(UnknownEntity):
        decode(f"<{name} xmlns:x='urn:x'>{A}</{name}>".encode())
    with pytest.raises(UnknownEntity):
        from_json({"entity_type": name, "entity_data": {}})


def test_a_payload_with_a_namespace_is_unknown() -> None:
    with pytest.raises(UnknownEntity):
        decode(f"<account_deletion xmlns='urn:x'>{A}</account_deletion>".encode())


def test_missing_elements_take_their_defaults() -> None:
    assert entity("status_message", POST) == StatusMessage(
        author=ALICE, guid=Guid("0123456789abcdef"), text="x", public=False
    )
    assert entity("contact", CONTACT) == Contact(
        author=ALICE, recipient=DiasporaId("bob@pod2.test"), following=True, sharing=True
    )
    assert entity("profile", A) == Profile(author=ALICE, searchable=True)


def test_the_time_of_creation_is_now_if_it_is_missing_and_none_if_it_is_empty() -> None:
    post = entity("status_message", POST, f"<photo>{PHOTO}</photo>", now=NOW)
    empty = entity("status_message", POST, "<created_at/>", now=NOW)
    comment = entity("comment", COMMENT, now=NOW)

    assert (post.created_at, post.photos[0].created_at, empty.created_at) == (NOW, NOW, None)
    assert comment.created_at == NOW
    assert [name for name, _ in comment.signed] == ["author", "guid", "parent_guid", "text"]


def test_empty_elements_override_defaults() -> None:
    profile = entity("profile", A, "<searchable/><bio/><edited_at/>")

    assert profile == Profile(author=ALICE, searchable=False)
    assert entity("like", LIKE, "<positive/>").positive is False
    assert entity("status_message", A, G, "<text/>").text == ""
    assert entity("reshare", A, G, "<root_author/><root_guid></root_guid>") == Reshare(
        author=ALICE, guid=Guid("0123456789abcdef")
    )


def test_empty_nested_elements_count_as_absent() -> None:
    post = entity("status_message", POST, "<location/><poll></poll><photo/><event/><embed/>")

    assert post == entity("status_message", POST)


def test_unknown_elements_are_ignored_and_the_first_of_two_counts() -> None:
    post = entity("status_message", POST, "<text>y</text><photos>z</photos><x:y xmlns:x='u'/>")

    assert post == entity("status_message", POST)


def test_order_does_not_matter() -> None:
    assert entity("status_message", "<text>x</text>", G, A) == entity("status_message", POST)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-01T12:00:00Z", NOW),
        ("2024-03-01T13:00:00+01:00", NOW),
        ("2024-03-01T12:00:00.999Z", NOW),
        ("2024-03-01 12:00:00 UTC", NOW),
        ("2024-03-01 12:00:00", NOW),
        ("Fri, 01 Mar 2024 12:00:00 +0000", NOW),
        ("Fri, 01 Mar 2024 12:00:00 -0000", NOW),
        ("2024-03-01", NOW.replace(hour=0)),
        ("2024-13-01", None),
        ("0001-01-01T00:00:00+09:00", None),
        ("yesterday", None),
    ],
)
def test_times_are_read_in_every_form_in_use(text: str, expected: datetime | None) -> None:
    post = entity("status_message", POST, f"<created_at>{text}</created_at>", now=None)

    assert post.created_at == expected


@pytest.mark.parametrize("word", ["true", "T", "Yes", "y", "1"])
def test_truth_has_many_spellings(word: str) -> None:
    assert entity("status_message", POST, f"<public>{word}</public>").public is True


@pytest.mark.parametrize("word", ["false", "F", "No", "n", "0"])
def test_falsehood_has_as_many(word: str) -> None:
    assert entity("contact", CONTACT, f"<sharing>{word}</sharing>").sharing is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [("042", 42), ("-1", None), ("1.5", None), (" 1", None), ("1" * 30, None), ("\u0661", None)],
)
def test_sizes_are_digits_or_nothing(text: str, expected: int | None) -> None:
    photo = entity("photo", PHOTO, f"<height>{text}</height>")

    assert isinstance(photo, Photo)
    assert photo.height == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1980-02-29", date(1980, 2, 29)),
        ("1980-2-9", date(1980, 2, 9)),
        ("0000-02-29", date(1004, 2, 29)),
        ("1980-02-03T00:00:00Z", date(1980, 2, 3)),
    ],
)
def test_birthdays_are_dates(text: str, expected: date) -> None:
    assert entity("profile", A, f"<birthday>{text}</birthday>").birthday == expected


def test_a_migration_in_variant_a_takes_the_old_identity_from_its_author() -> None:
    profile = "<profile><author>christy@pod2.test</author></profile>"
    other = "<old_identity>mallory@evil.test</old_identity>"

    assert entity("account_migration", A, profile, other).old_id == ALICE


@pytest.mark.parametrize(("count", "fits"), [(100, True), (101, False)])
def test_a_hundred_photos_are_read_and_no_more(count: int, *, fits: bool) -> None:
    elements = (POST, f"<photo>{PHOTO}</photo>" * count)

    if fits:
        assert len(entity("status_message", *elements).photos) == count
    else:
        with pytest.raises(TooLarge):
            entity("status_message", *elements)


def test_errors_have_a_fitting_status() -> None:
    classes = (TooLarge, InvalidEntity, WireError)

    assert [each.status_hint for each in classes] == [413, 422, 422]


def test_an_event_alone_is_an_entity() -> None:
    assert isinstance(entity("event", EVENT), Event)
