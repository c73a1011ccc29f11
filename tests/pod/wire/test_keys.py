"""Keys: the encodings in use are read, weak and misplaced ones are refused."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from pod.wire.errors import InvalidKey
from pod.wire.keys import (
    export_private,
    export_public,
    fingerprint,
    generate,
    load_private,
    load_public,
)
from tests.pod.wire.vectors import Vector, load, owners

KEYS = pytest.mark.parametrize("entry", load("keys"), ids=lambda entry: entry["label"])


@KEYS
def test_both_encodings_of_a_public_key_are_the_same_key(entry: Vector) -> None:
    first = load_public(entry["public_key_spki_pem"])
    second = load_public(f"\n {entry['public_key_pkcs1_pem']} \n")

    assert fingerprint(first) == fingerprint(second) == entry["spki_der_sha256"]
    assert export_public(second).strip() == entry["public_key_spki_pem"].strip()


@KEYS
def test_both_encodings_of_a_private_key_are_the_same_key(entry: Vector) -> None:
    first = load_private(entry["private_key_pkcs8_pem"])
    second = load_private(entry["private_key_pkcs1_pem"])

    assert export_private(first) == export_private(second)
    assert export_private(first).strip() == entry["private_key_pkcs1_pem"].strip()
    assert fingerprint(first.public_key()) == entry["spki_der_sha256"]


def test_a_key_is_parsed_once() -> None:
    pem = owners()["alice"].pem["public_key_spki_pem"]

    assert load_public(pem) is load_public(pem)


def ed25519_pem() -> tuple[str, str]:
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return public.decode(), key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    ).decode()


def weak_public(exponent: int = 65537, bits: int = 2048) -> str:
    modulus = (1 << (bits - 1)) + 1
    return export_public(rsa.RSAPublicNumbers(exponent, modulus).public_key())


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "x" * 20_000,
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\n\u00e9\n-----END PUBLIC KEY-----",
        owners()["alice"].pem["private_key_pkcs8_pem"],
        owners()["alice"].pem["private_key_pkcs1_pem"],
        ed25519_pem()[0],
        weak_public(bits=1023),
        weak_public(bits=8200),
    ],
)
def test_what_is_no_good_public_key_is_refused(pem: str) -> None:
    with pytest.raises(InvalidKey):
        load_public(pem)


def test_a_key_with_a_trivial_exponent_is_refused() -> None:
    # Written by hand, since no tool makes one: SubjectPublicKeyInfo with exponent 1.
    good = owners()["alice"].public_key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    for exponent in (b"\x01\x00\x01", b"\x00\x00\x01", b"\x01\x00\x00"):
        der = good[: -len(exponent)] + exponent
        body = base64.encodebytes(der).decode()
        pem = f"-----BEGIN RSA PUBLIC KEY-----\n{body}-----END RSA PUBLIC KEY-----\n"
        if exponent == b"\x01\x00\x01":
            assert load_public(pem).public_numbers().e == 65537
        else:
            with pytest.raises(InvalidKey):
                load_public(pem)


def test_a_key_that_anybody_can_factor_is_refused() -> None:
    # Written by hand, since no tool makes one: an even modulus.
    good = owners()["alice"].public_key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    tail = b"\x02\x03\x01\x00\x01"  # the exponent, after the last octet of the modulus
    assert good.endswith(tail)
    der = good[: -len(tail) - 1] + bytes([good[-len(tail) - 1] & 0xFE]) + tail
    body = base64.encodebytes(der).decode()
    pem = f"-----BEGIN RSA PUBLIC KEY-----\n{body}-----END RSA PUBLIC KEY-----\n"
    with pytest.raises(InvalidKey, match="the modulus must be odd"):
        load_public(pem)


def encrypted_pem() -> str:
    key = owners()["alice"].private_key
    encryption = BestAvailableEncryption(b"secret")
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "x" * 20_000,
        owners()["alice"].pem["public_key_spki_pem"],
        encrypted_pem(),
        ed25519_pem()[1],
    ],
)
def test_what_is_no_good_private_key_is_refused(pem: str) -> None:
    with pytest.raises(InvalidKey) as refusal:
        load_private(pem)

    assert "BEGIN" not in str(refusal.value)


def test_a_generated_key_has_the_size_asked_for() -> None:
    assert generate(1024).key_size == 1024
