"""The public halves of the test keys, by fingerprint."""

import hashlib
from collections.abc import Iterable
from functools import cache

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)


@cache
def known_keys(private_pems: tuple[str, ...]) -> dict[str, str]:
    """The public key, as PEM, by the SHA-256 of its SubjectPublicKeyInfo."""
    return dict(_pairs(private_pems))


def _pairs(private_pems: Iterable[str]) -> Iterable[tuple[str, str]]:
    for pem in private_pems:
        # Our own committed test keys: checking their primes takes a tenth of a second each.
        key = load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
        public = key.public_key()
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        text = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        yield hashlib.sha256(der).hexdigest(), text.decode("ascii")
