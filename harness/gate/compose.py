"""What a peer says, written by our own hands: entities, their signatures, encrypted envelopes.

Any entity with any fields can be written, right or wrong. This is on purpose not the pod's encoder.

Source: federation protocol, encrypted envelopes (3.6), entities (4.1), author signatures (5.3).
"""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.padding import PKCS7

from harness.gate.http import Request

Scalar = str | bool | int | datetime
Nested = Mapping[str, "Value"]
Value = Scalar | Nested | Sequence[Nested]

# Any would do: who reads the message has to take what it says.
_AES_KEY: Final = bytes(range(32))
_VECTOR: Final = bytes(range(16))


def entity(name: str, fields: Mapping[str, Value]) -> str:
    """An entity as XML; a mapping is a nested one, several of them are nested one by one."""
    return f"<{name}>{''.join(_elements(fields))}</{name}>"


def author_signature(fields: Mapping[str, Value], key: RSAPrivateKey) -> str:
    """What the author of a relayable signs: the fields' texts, in their order."""
    told = ";".join(_text(value) for name, value in fields.items() if "signature" not in name)
    return signature(told, key)


def signature(text: str, key: RSAPrivateKey) -> str:
    """A signature as entities carry it."""
    return _base64(key.sign(text.encode(), PKCS1v15(), SHA256()))


def encrypted(envelope: bytes, recipient: RSAPublicKey) -> bytes:
    """A magic envelope that only the owner of a key can open."""
    inner = json.dumps({"key": _base64(_AES_KEY), "iv": _base64(_VECTOR)}, separators=(",", ":"))
    outer = {
        "aes_key": _base64(recipient.encrypt(inner.encode(), PKCS1v15())),
        "encrypted_magic_envelope": _base64(_aes(envelope)),
    }
    return json.dumps(outer).encode()


def privately(body: bytes, guid: str, host: str) -> Request:
    """The request that brings an encrypted envelope to somebody's private door."""
    headers = (
        ("Host", host),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
    )
    return Request("POST", f"/receive/users/{guid}", headers, body)


def _elements(fields: Mapping[str, Value]) -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, Mapping):
            yield entity(name, value)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield from (entity(name, each) for each in value)
        else:
            yield f"<{name}>{escape(_text(value))}</{name}>"


def _text(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _aes(plain: bytes) -> bytes:
    padder = PKCS7(AES.block_size).padder()
    encryptor = Cipher(AES(_AES_KEY), CBC(_VECTOR)).encryptor()
    return encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()
