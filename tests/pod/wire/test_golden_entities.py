"""Entities and their inner signatures, against the vectors of other implementations."""

from dataclasses import replace

import pytest

from pod.domain.entities import (
    RELAYABLES,
    Entity,
    Relayable,
)
from pod.wire.entities import decode, encode
from pod.wire.errors import (
    BadSignature,
    InvalidEntity,
    InvalidXml,
    MissingSignature,
    UnknownEntity,
    WireError,
)
from pod.wire.json_form import from_json, to_json
from pod.wire.signatures import (
    author_signing_string,
    sign_relayable,
    verify_relayable,
)
from tests.pod.wire import exact
from tests.pod.wire.vectors import Vector, each, load, named, opened, owners

ACCEPTED = (
    "magic_envelope",
    "entities",
    "relayables",
    "upstream_generated",
    "pypi_generated",
)


def entity_of(vector: Vector) -> Entity:
    return decode(opened(vector).payload)


def relayable_of(vector: Vector) -> Relayable:
    entity = entity_of(vector)
    assert isinstance(entity, RELAYABLES)
    return entity


@each(*ACCEPTED)
def test_an_entity_of_another_implementation_means_the_same_after_it_was_written(
    vector: Vector,
) -> None:
    entity = entity_of(vector)

    assert decode(encode(entity)) == entity


@each("upstream_generated")
def test_the_json_form_is_that_of_the_others(vector: Vector) -> None:
    entity = entity_of(vector)

    assert to_json(entity) == vector["entity_json"]
    assert to_json(from_json(vector["entity_json"])) == vector["entity_json"]


@each("upstream_generated")
def test_the_json_form_of_the_others_is_the_same_entity(vector: Vector) -> None:
    assert from_json(vector["entity_json"]) == entity_of(vector)


SIGNED = [vector for vector in load("relayables") if vector["author_signing_string"]]


@pytest.mark.parametrize("vector", SIGNED, ids=lambda vector: vector["name"])
def test_the_string_that_an_author_signed_is_that_of_the_others(vector: Vector) -> None:
    assert author_signing_string(relayable_of(vector)) == vector["author_signing_string"]


FOREIGN = [
    pytest.param(vector, id=f"{file}-{vector['name']}")
    for file in ("relayables", "upstream_generated", "pypi_generated")
    for vector in load(file)
    if "comment_by_post_author" not in vector["name"]
    and "comment_own" not in vector["name"]
    and any(word in vector["name"] for word in ("comment", "like", "participation"))
    and "retraction" not in vector["name"]
]


@pytest.mark.parametrize("vector", FOREIGN)
def test_the_signature_of_an_author_is_verified(vector: Vector) -> None:
    entity = relayable_of(vector)

    verify_relayable(entity, owners()[entity.author].public_key)

    with pytest.raises(BadSignature):
        verify_relayable(entity, owners()["mallory"].public_key)


@pytest.mark.parametrize("vector", FOREIGN)
def test_a_relayed_entity_still_verifies_and_has_the_same_elements(vector: Vector) -> None:
    entity = relayable_of(vector)

    relayed = decode(encode(entity))

    assert isinstance(relayed, RELAYABLES)
    assert relayed.signed == entity.signed
    verify_relayable(relayed, owners()[entity.author].public_key)


def test_a_comment_by_the_author_of_the_post_has_no_signature() -> None:
    entity = relayable_of(named("comment_by_post_author", "relayables"))

    with pytest.raises(MissingSignature):
        verify_relayable(entity, owners()[entity.author].public_key)


NOT_WRITTEN_BY_US = {
    "comment_by_post_author": "the author of the post needs no signature, and we make one",
    "comment_friendica_like": "in another order, with elements that we do not write",
    "comment_empty_element": "with empty elements, and some that we do not write",
    "gem_comment_own": "the author of the post needs no signature, and we make one",
    "pypi_comment_relayed_by_parent": "with elements that we do not write",
    "pypi_like": "with elements that we do not write",
}
"""Relayables that our pod would have written otherwise, and why; it passes them on as they are."""

MADE_BY_OTHERS = [
    pytest.param(vector, id=f"{file}-{vector['name']}")
    for file in ("relayables", "upstream_generated", "pypi_generated")
    for vector in load(file)
    if isinstance(entity_of(vector), RELAYABLES)
]


@pytest.mark.parametrize("vector", MADE_BY_OTHERS)
def test_a_relayable_made_here_gets_the_signature_of_the_others(vector: Vector) -> None:
    entity = relayable_of(vector)
    made_here = replace(entity, signed=(), author_signature=None)

    signed = sign_relayable(made_here, owners()[entity.author].private_key)

    assert (signed == entity) is (vector["name"] not in NOT_WRITTEN_BY_US)


@pytest.mark.parametrize("vector", MADE_BY_OTHERS)
def test_the_author_of_a_relayable_signs_the_same_again(vector: Vector) -> None:
    """Whatever the order and the elements are: what was read is what was signed."""
    unsigned = ("comment_by_post_author", "gem_comment_own")
    expected = None if vector["name"] in unsigned else True
    assert exact.author_signature_is_the_same(vector) is expected


REFUSED: dict[tuple[str, str], type[WireError]] = {
    ("negative", "legacy_xml_post_wrapper"): UnknownEntity,
    ("negative", "unknown_entity"): UnknownEntity,
    ("negative", "payload_doctype"): InvalidXml,
    ("negative", "contact_with_block_and_share"): InvalidEntity,
    ("negative", "photo_nested_other_author"): InvalidEntity,
    ("negative", "location_without_lat"): InvalidEntity,
    ("account_migration", "variant_b_missing_old_identity"): InvalidEntity,
    ("account_rename", "profile_author_mismatch"): InvalidEntity,
    ("account_rename", "same_id"): InvalidEntity,
}


@pytest.mark.parametrize(("file", "name"), REFUSED)
def test_an_entity_that_breaks_a_rule_is_refused(file: str, name: str) -> None:
    envelope = opened(named(name, file))

    with pytest.raises(WireError) as refusal:
        decode(envelope.payload)

    assert type(refusal.value) is REFUSED[file, name]


@pytest.mark.parametrize(
    "name", ["comment_author_signature_wrong_key", "comment_order_changed_after_signing"]
)
def test_a_comment_that_its_author_did_not_sign_is_refused(name: str) -> None:
    entity = relayable_of(named(name))

    with pytest.raises(BadSignature):
        verify_relayable(entity, owners()[entity.author].public_key)


@pytest.mark.parametrize("name", ["comment_timestamp_not_canonical", "comment_timestamp_fraction"])
def test_a_signature_over_an_unusual_time_holds_because_raw_text_is_verified(name: str) -> None:
    entity = relayable_of(named(name))

    verify_relayable(entity, owners()[entity.author].public_key)


def test_a_comment_inside_a_value_does_not_cut_it_short() -> None:
    entity = entity_of(named("author_split_by_comment"))

    assert entity.author == "alice@pod-a.example.org"


FOR_THE_RECEIVE_RULES = {
    ("negative", "comment_author_sends_to_non_owner"): "only the root author distributes",
    ("negative", "comment_third_party_to_owner"): "the sender is neither author nor root author",
    ("negative", "retraction_comment_by_third_party"): "who may retract depends on the target",
    ("negative", "retraction_unknown_target"): "whether a target is known is state",
    ("negative", "participation_for_foreign_parent"): "whether a parent is local is state",
    ("account_migration", "variant_a_wrong_envelope_signer"): "sender and author differ",
    ("account_migration", "variant_b_wrong_envelope_signer"): "sender and author differ",
    ("account_rename", "envelope_signed_by_third_party"): "sender and author differ",
    ("account_rename", "old_key_reused"): "the old key is known from earlier",
}


@pytest.mark.parametrize(("file", "name"), FOR_THE_RECEIVE_RULES)
def test_what_only_the_receive_rules_can_refuse_is_well_formed(file: str, name: str) -> None:
    """The wire layer hands these on; tests of the receiving pod refuse them."""
    vector = named(name, file)
    envelope = opened(vector)

    entity = decode(envelope.payload)

    assert vector["expect"].startswith("reject")
    assert encode(entity)


OTHER_STEPS = {
    ("account_rename", "new_signature_by_old_key"),
    ("account_rename", "new_signature_other_old_id"),
    ("negative", "comment_author_signature_wrong_key"),
    ("negative", "comment_order_changed_after_signing"),
}
"""Opened and decoded; the signature inside is what is wrong, see the tests above."""

THE_REST = [
    pytest.param(vector, id=f"{file}-{vector['name']}")
    for file in ("account_migration", "account_rename", "negative")
    for vector in load(file)
    if vector["expect"].startswith("reject")
    and (file, vector["name"]) not in OTHER_STEPS | FOR_THE_RECEIVE_RULES.keys()
]


@pytest.mark.parametrize("vector", THE_REST)
def test_every_other_vector_to_be_rejected_is_refused_here(vector: Vector) -> None:
    with pytest.raises(WireError):
        decode(opened(vector).payload)
