"""Magic envelopes: read as others write them, written to the byte, refused when they are wrong."""

import hashlib
import re
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pod.domain.identity import DiasporaId
from pod.wire.errors import (
    BadSignature,
    InvalidEnvelope,
    MissingSignature,
    UnsupportedAlgorithm,
    WireError,
)
from pod.wire.magic_envelope import parse, seal
from tests.examples import examples
from tests.pod.wire.vectors import Vector, each, named, opened, owners

SIGNED = (
    "magic_envelope",
    "relayables",
    "entities",
    "account_rename",
    "account_migration",
)
ALICE = DiasporaId("alice@pod-a.example.org")


def is_from_author(vector: Vector) -> bool:
    """Whether the envelope is expected to be signed by the one it names."""
    return "wrong_envelope_signer" not in str(vector["name"])


@each(*SIGNED, "upstream_generated", "pypi_generated")
def test_an_envelope_of_another_implementation_is_opened(vector: Vector) -> None:
    envelope = opened(vector)

    assert envelope.sender == vector["sender"]
    if "payload_xml" in vector:
        assert envelope.payload == vector["payload_xml"].encode()


@each(*SIGNED)
def test_a_sealed_payload_has_the_signed_string_and_signature_of_the_others(vector: Vector) -> None:
    sender = owners()[vector["sender"]]

    sealed = seal(vector["payload_xml"].encode(), DiasporaId(vector["sender"]), sender.private_key)

    envelope = parse(sealed)
    digest = hashlib.sha256(envelope.signing_string.encode()).hexdigest()
    assert envelope.signing_string == vector["signing_string"]
    assert digest == vector["signing_string_sha256"]
    assert urlsafe_b64encode(envelope.signature).decode() == vector["signature_base64url"]
    assert vector["key_id_base64url"].encode() in sealed


@each("magic_envelope")
def test_a_sealed_payload_is_the_very_document_of_the_others(vector: Vector) -> None:
    sender = owners()[vector["sender"]]

    sealed = seal(vector["payload_xml"].encode(), DiasporaId(vector["sender"]), sender.private_key)

    assert compact(sealed.decode()) == compact(vector["envelope_xml"])


def compact(document: str) -> str:
    """The document without declaration and indentation, which some write and some do not."""
    return re.sub(r">\s+<", "><", re.sub(r"^<\?xml.*?\?>", "", document.strip())).strip()


REFUSED: dict[str, type[WireError]] = {
    "tampered_payload": BadSignature,
    "forged_sender": BadSignature,
    "alg_sha1_name": UnsupportedAlgorithm,
    "alg_in_document_differs_from_signed": UnsupportedAlgorithm,
    "type_text_xml": UnsupportedAlgorithm,
    "type_atom": UnsupportedAlgorithm,
    "missing_sig": MissingSignature,
    "missing_key_id": InvalidEnvelope,
    # Deployed software accepts the first of these, never sends it, and refuses the others.
    "data_unpadded_signed_over_padded": InvalidEnvelope,
    "data_unpadded_signed_over_unpadded": InvalidEnvelope,
    "data_wrapped": InvalidEnvelope,
    "data_whitespace_around": InvalidEnvelope,
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_envelope_that_is_wrong_is_refused(name: str) -> None:
    with pytest.raises(WireError) as refusal:
        opened(named(name))

    assert type(refusal.value) is REFUSED[name]


@pytest.mark.parametrize("name", ["other_prefix", "default_namespace"])
def test_an_envelope_with_another_prefix_is_read_although_it_is_never_written(name: str) -> None:
    assert opened(named(name)).sender == ALICE


def sealed() -> bytes:
    return seal(b"<x/>", ALICE, owners()[ALICE].private_key)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (b"</me:env>", b"<me:sig key_id='eA=='>eA==</me:sig></me:env>", InvalidEnvelope),
        (b"<me:alg>RSA-SHA256</me:alg>", b"", InvalidEnvelope),
        (b"RSA-SHA256", b"rsa-sha256", UnsupportedAlgorithm),
        (b"RSA-SHA256", b" RSA-SHA256", UnsupportedAlgorithm),
        (b' type="application/xml"', b"", UnsupportedAlgorithm),
        (b"salmon-protocol.org", b"example.org", InvalidEnvelope),
        (b"<me:encoding>", b"<me:encoding><x/>", InvalidEnvelope),
        (b'key_id="', b'key_id="QWxp', InvalidEnvelope),
        (b"PHgvPg==", b"PHgvPh==", InvalidEnvelope),
        (b"PHgvPg==", b"P", InvalidEnvelope),
        (b"PHgvPg==", b"PHgvPg=", InvalidEnvelope),
        (b"PHgvPg==", b"PHgvPg===", InvalidEnvelope),
        (b"PHgvPg==", b"PHgv=", InvalidEnvelope),
        (b"PHgvPg==", b"PHgv====", InvalidEnvelope),
        (b"PHgvPg==", b"PH/+Pg==", InvalidEnvelope),
        (b"PHgvPg==", "\u00e9".encode(), InvalidEnvelope),
    ],
)
def test_a_damaged_envelope_is_refused(old: bytes, new: bytes, error: type[WireError]) -> None:
    document = sealed()
    assert document.count(old) >= 1

    with pytest.raises(WireError) as refusal:
        parse(document.replace(old, new))

    assert type(refusal.value) is error


def test_an_empty_signature_counts_as_missing() -> None:
    document = re.sub(rb'">[^<]*</me:sig>', b'"></me:sig>', sealed())

    with pytest.raises(MissingSignature, match="is empty"):
        parse(document)


def test_a_key_id_that_is_no_diaspora_id_is_refused() -> None:
    with pytest.raises(InvalidEnvelope, match="no diaspora ID"):
        parse(sealed().replace(urlsafe_b64encode(ALICE.encode()), urlsafe_b64encode(b"Alice@x")))


@examples(30)
@given(st.binary(max_size=2000))
def test_any_payload_survives_the_envelope(payload: bytes) -> None:
    alice = owners()[ALICE]

    envelope = parse(seal(payload, ALICE, alice.private_key))

    envelope.verify(alice.public_key)
    assert (envelope.sender, envelope.payload) == (ALICE, payload)


@examples(200)
@given(st.binary(max_size=300))
def test_garbage_is_refused_as_a_wire_error(body: bytes) -> None:
    with pytest.raises(WireError):
        parse(body)
