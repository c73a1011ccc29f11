"""The private keys of the test people, found by the hCard of the one addressed.

A private delivery names its recipient by GUID only. The recipient's hCard tells the public key, and
the pool of committed test keys has the private one to it. A person whose key is not in the pool
stays closed to the gate: messages to that person are opaque.
"""

import re
import threading
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from lxml import etree, html

from harness.facts.identity import Party

HcardReader = Callable[[Party, str], bytes]

_PEM = re.compile(
    r"-----BEGIN (?:RSA )?PRIVATE KEY-----.+?-----END (?:RSA )?PRIVATE KEY-----", re.S
)


class KeyRing:
    """Answers which private key belongs to a person of a pod; safe to use from several threads."""

    def __init__(self, private_pems: Iterable[str] = ()) -> None:
        self._pems = tuple(private_pems)
        self._found: dict[tuple[Party, str], RSAPrivateKey | None] = {}
        self._lock = threading.Lock()

    @classmethod
    def of_files(cls, paths: Iterable[Path]) -> Self:
        """Take all private keys out of PEM files that hold several each."""
        return cls(pem for path in paths for pem in _PEM.findall(path.read_text("ascii")))

    def private_key(self, pod: Party, guid: str, hcard: HcardReader) -> RSAPrivateKey | None:
        """The key of the person with this GUID, or None if it is not in the pool.

        Args:
            pod: The person's home pod.
            guid: The person's GUID.
            hcard: Asked for the person's hCard unless it has been seen already. It may raise
                `OSError` when the pod cannot be reached; the next message asks again.
        """
        if not self._pems:
            return None
        if (pod, guid) not in self._found:
            try:
                self.learn(pod, guid, hcard(pod, guid))
            except OSError:
                return None
        return self._found.get((pod, guid))

    def learn(self, pod: Party, guid: str, page: bytes) -> None:
        """Remember whose key an hCard shows, unless this person's key is known already."""
        modulus = modulus_in(page)
        if modulus is None:
            return
        with self._lock:
            self._found.setdefault((pod, guid), self._pool.get(modulus))

    def forget(self) -> None:
        """Forget whose keys these are; after a reset the same GUID may have another key."""
        with self._lock:
            self._found.clear()

    @cached_property
    def _pool(self) -> dict[int, RSAPrivateKey]:
        keys = (_load(pem) for pem in self._pems)
        return {key.private_numbers().public_numbers.n: key for key in keys}


def modulus_in(page: bytes) -> int | None:
    """The modulus of the RSA key in an hCard's `.key`, or None if there is none."""
    key = public_key_in(page)
    return key.public_numbers().n if key else None


def public_key_in(page: bytes) -> RSAPublicKey | None:
    """The RSA key in an hCard's `.key`, or None if there is none."""
    try:
        elements = html.document_fromstring(page).iter(etree.Element)
        shown = [each for each in elements if "key" in each.get("class", "").split()]
        key = load_pem_public_key(str(shown[0].xpath("string()")).strip().encode())
    except (IndexError, ValueError, UnsupportedAlgorithm, etree.ParserError):
        return None
    return key if isinstance(key, RSAPublicKey) else None


def _load(pem: str) -> RSAPrivateKey:
    # These are our own committed test keys: checking their primes takes a tenth of a second each.
    key = load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(f"the pool holds a key that is not RSA: {type(key).__name__}")
    return key
