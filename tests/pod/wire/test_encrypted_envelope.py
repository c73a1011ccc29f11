"""Encrypted envelopes: opened by their recipient, by nobody else, and never with an explanation."""

import json
from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from hypothesis import given
from hypothesis import strategies as st

from pod.wire.encrypted_envelope import unwrap, wrap
from pod.wire.errors import DecryptionFailed, TooLarge
from tests.examples import examples
from tests.pod.wire.vectors import Vector, each, named, owners

KEY = bytes(range(32))
IV = bytes(range(16))


@each("encrypted_envelope")
def test_the_recipient_opens_what_others_encrypted(vector: Vector) -> None:
    recipient = owners()[vector["recipient"]]

    envelope = unwrap(vector["body_json"].encode(), recipient.private_key)

    assert envelope == vector["magic_envelope"]["envelope_xml"].encode()


@each("encrypted_envelope")
def test_the_ciphertext_is_that_of_the_others_given_their_key_and_iv(vector: Vector) -> None:
    recipient = owners()[vector["recipient"]]
    key, iv = bytes.fromhex(vector["aes_key_hex"]), bytes.fromhex(vector["aes_iv_hex"])
    envelope = vector["magic_envelope"]["envelope_xml"].encode()

    body = json.loads(wrap(envelope, recipient.public_key, aes_key=key, iv=iv))

    assert body["encrypted_magic_envelope"] == vector["ciphertext_base64"]


def test_the_key_travels_as_the_compact_json_of_the_others() -> None:
    bob = owners()["bob"]
    vector = named("private_status_message_2048", "encrypted_envelope")
    key, iv = bytes.fromhex(vector["aes_key_hex"]), bytes.fromhex(vector["aes_iv_hex"])
    body = json.loads(wrap(b"x", bob.public_key, aes_key=key, iv=iv))

    block = bob.private_key.decrypt(b64decode(body["aes_key"]), PKCS1v15())

    assert block.decode() == vector["aes_key_json"]


@pytest.mark.parametrize(
    "name", ["encrypted_for_other_recipient", "encrypted_oaep", "encrypted_missing_aes_key"]
)
def test_what_bob_cannot_decrypt_is_refused(name: str) -> None:
    vector = named(name)
    recipient = owners()[vector["recipient_label"]]

    with pytest.raises(DecryptionFailed):
        unwrap(vector["body_json"].encode(), recipient.private_key)


def body_with(key_json: bytes, ciphertext: bytes = b"x" * 16) -> bytes:
    block = owners()["bob"].public_key.encrypt(key_json, PKCS1v15())
    texts = {
        "aes_key": b64encode(block).decode(),
        "encrypted_magic_envelope": b64encode(ciphertext).decode(),
    }
    return json.dumps(texts).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"aes_key": 1, "encrypted_magic_envelope": "eA=="}',
        b'{"aes_key": "eA==", "encrypted_magic_envelope": "eA=="}',
        b'{"aes_key": "e-_=", "encrypted_magic_envelope": "eA=="}',
        body_with(b'{"key": "AAAA", "iv": "AAAA"}'),
        body_with(json.dumps({"key": b64encode(KEY).decode(), "iv": "AAAA"}).encode()),
        body_with(
            json.dumps({"key": b64encode(KEY).decode(), "iv": b64encode(IV).decode()}).encode()
        ),
    ],
)
def test_every_failure_looks_the_same(body: bytes) -> None:
    with pytest.raises(DecryptionFailed) as refusal:
        unwrap(body, owners()["bob"].private_key)

    assert str(refusal.value) == "encrypted envelope: cannot be decrypted with this key"


def test_line_breaks_in_the_base64_are_tolerated() -> None:
    bob = owners()["bob"]
    body = json.loads(wrap(b"envelope", bob.public_key))
    body["aes_key"] = "\n".join(body["aes_key"][i : i + 60] for i in range(0, 400, 60))

    assert unwrap(json.dumps(body).encode(), bob.private_key) == b"envelope"


def test_two_wraps_of_one_envelope_share_nothing() -> None:
    bob = owners()["bob"]
    first, second = (json.loads(wrap(b"envelope", bob.public_key)) for _ in range(2))

    assert first["encrypted_magic_envelope"] != second["encrypted_magic_envelope"]
    assert first["aes_key"] != second["aes_key"]


def test_a_body_that_is_too_large_is_not_read() -> None:
    with pytest.raises(TooLarge):
        unwrap(b" " * (5 * 1024 * 1024 + 1), owners()["bob"].private_key)


@examples(20)
@given(st.binary(max_size=500))
def test_any_envelope_survives_encryption(envelope: bytes) -> None:
    bob = owners()["bob"]

    assert unwrap(wrap(envelope, bob.public_key), bob.private_key) == envelope
