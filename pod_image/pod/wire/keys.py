"""RSA keys as PEM text and back.

Loading is cached by text, because a pod uses the same few keys again and again and parsing one
costs as much as verifying with it.

Source: federation protocol sections 1.3 and 9 (row 11).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from pod.wire.errors import InvalidKey

MIN_BITS = 1024
MAX_BITS = 8192
MAX_PEM_CHARACTERS = 16 * 1024

_PUBLIC_HEADERS = ("-----BEGIN PUBLIC KEY-----", "-----BEGIN RSA PUBLIC KEY-----")


def generate(bits: int = 4096) -> RSAPrivateKey:
    """Make a new key."""
    return generate_private_key(public_exponent=65537, key_size=bits)


@lru_cache(maxsize=4096)
def load_public(pem: str) -> RSAPublicKey:
    """Read a public key, SubjectPublicKeyInfo or PKCS#1; white space around it does not matter.

    Raises:
        InvalidKey: If it is not an RSA public key of 1024 to 8192 bits.
    """
    text = pem.strip()
    # A private key has a public part, too, but whoever publishes one has lost it.
    if len(text) > MAX_PEM_CHARACTERS or not text.startswith(_PUBLIC_HEADERS):
        raise InvalidKey("public key: not a PEM text of one public key")
    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise InvalidKey("public key: cannot be read") from None
    if not isinstance(key, RSAPublicKey):
        raise InvalidKey("public key: not an RSA key")
    _check(key, "public key")
    return key


@lru_cache(maxsize=256)
def load_private(pem: str) -> RSAPrivateKey:
    """Read an unencrypted private key, PKCS#8 or PKCS#1, and check its numbers.

    Raises:
        InvalidKey: If it is not an RSA private key of 1024 to 8192 bits.
    """
    return _private(pem, is_own=False)


@lru_cache(maxsize=256)
def load_own(pem: str) -> RSAPrivateKey:
    """Read a private key that this pod has made, or has checked before it kept it.

    Checking the numbers of a key again takes hundreds of times as long as reading it.

    Raises:
        InvalidKey: If it is not an RSA private key of 1024 to 8192 bits.
    """
    return _private(pem, is_own=True)


def _private(pem: str, *, is_own: bool) -> RSAPrivateKey:
    if len(pem) > MAX_PEM_CHARACTERS:
        raise InvalidKey("private key: too long")
    try:
        key = load_pem_private_key(
            pem.strip().encode(), password=None, unsafe_skip_rsa_key_validation=is_own
        )
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InvalidKey("private key: cannot be read, or encrypted") from None
    if not isinstance(key, RSAPrivateKey):
        raise InvalidKey("private key: not an RSA key")
    _check(key.public_key(), "private key")
    return key


def _check(key: RSAPublicKey, what: str) -> None:
    if not MIN_BITS <= key.key_size <= MAX_BITS:
        raise InvalidKey(f"{what}: {key.key_size} bits, expected {MIN_BITS} to {MAX_BITS}")
    exponent, modulus = key.public_numbers().e, key.public_numbers().n
    if modulus % 2 == 0:  # anybody could forge its signatures
        raise InvalidKey(f"{what}: the modulus must be odd")
    if exponent < 3 or exponent % 2 == 0:  # pragma: no cover - newer OpenSSL refuses it earlier
        raise InvalidKey(f"{what}: the exponent must be odd and at least 3")


def export_public(key: RSAPublicKey) -> str:
    """Write a public key as SubjectPublicKeyInfo, the form that travels."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def export_private(key: RSAPrivateKey) -> str:
    """Write a private key as PKCS#1, the form that archives carry."""
    return key.private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    ).decode()


def fingerprint(key: RSAPublicKey) -> str:
    """SHA-256 of the key's SubjectPublicKeyInfo, as lower-case hex digits."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()
