"""People with test keys, and the envelopes they send; written for the gate's tests alone."""

import base64
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from harness.facts.identity import PodName
from harness.gate.http import Request

KEYS = Path(__file__).parents[3] / "fixtures" / "keys"
PUBLIC_TYPE = ("Content-Type", "application/magic-envelope+xml")
GUID = "c3893bf029e7013487753131731751e9"
CONSTANTS = ".YXBwbGljYXRpb24veG1s.YmFzZTY0dXJs.UlNBLVNIQTI1Ng=="


@dataclass(frozen=True)
class Person:
    """Someone whose private key the test has."""

    diaspora_id: str
    guid: str
    key: rsa.RSAPrivateKey

    @property
    def hcard(self) -> bytes:
        public = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return b'<html><body><pre class="entity key">\n' + public + b"</pre></body></html>"


@cache
def pems(pod: PodName) -> tuple[str, ...]:
    """The pool of one pod."""
    text = (KEYS / f"{pod}.pem").read_text("ascii")
    return tuple(re.findall(r"-----BEGIN PRIVATE KEY-----.+?-----END PRIVATE KEY-----", text, re.S))


@cache
def person(username: str, pod: PodName, number: int = 0) -> Person:
    """The person who has the n-th key of a pod's pool."""
    key = serialization.load_pem_private_key(
        pems(pod)[number].encode(), None, unsafe_skip_rsa_key_validation=True
    )
    assert isinstance(key, rsa.RSAPrivateKey)
    guid = f"{username}{number}".ljust(32, "0")
    return Person(f"{username}@{pod}.test", guid, key)


def comment(author: Person, guid: str = GUID, text: str = "nice") -> bytes:
    """A comment, as its author writes it."""
    return (
        f"<comment><author>{author.diaspora_id}</author><guid>{guid}</guid>"
        f"<parent_guid>{'p' * 32}</parent_guid><text>{text}</text></comment>"
    ).encode()


def account_rename(old: Person, new: Person) -> bytes:
    """The rename of one person to another."""
    return (
        f"<account_rename><author>{old.diaspora_id}</author><person><guid>{new.guid}</guid>"
        f"<author>{new.diaspora_id}</author></person></account_rename>"
    ).encode()


def seal(payload: bytes, sender: Person) -> bytes:
    """A magic envelope."""
    data = base64.urlsafe_b64encode(payload).decode()
    signature = sender.key.sign(
        (data + CONSTANTS).encode(), rsa_padding.PKCS1v15(), hashes.SHA256()
    )
    key_id = base64.urlsafe_b64encode(sender.diaspora_id.encode()).decode()
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<me:env xmlns:me="http://salmon-protocol.org/ns/magic-env">'
        f'<me:data type="application/xml">{data}</me:data><me:encoding>base64url</me:encoding>'
        f'<me:alg>RSA-SHA256</me:alg><me:sig key_id="{key_id}">'
        f"{base64.urlsafe_b64encode(signature).decode()}</me:sig></me:env>"
    ).encode()


def wrap(envelope: bytes, recipient: Person) -> bytes:
    """An encrypted magic envelope."""
    key, vector = bytes(range(32)), bytes(range(16))
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    secret = encryptor.update(padder.update(envelope) + padder.finalize()) + encryptor.finalize()
    inner = json.dumps({"key": _base64(key), "iv": _base64(vector)}).encode()
    aes_key = recipient.key.public_key().encrypt(inner, rsa_padding.PKCS1v15())
    outer = {"aes_key": _base64(aes_key), "encrypted_magic_envelope": _base64(secret)}
    return json.dumps(outer).encode()


def publicly(payload: bytes, sender: Person) -> Request:
    """The request that delivers an entity to a pod."""
    return Request("POST", "/receive/public", (PUBLIC_TYPE,), seal(payload, sender))


def privately(payload: bytes, sender: Person, recipient: Person) -> Request:
    """The request that delivers an entity to one person."""
    body = wrap(seal(payload, sender), recipient)
    target = f"/receive/users/{recipient.guid}"
    return Request("POST", target, (("Content-Type", "application/json"),), body)


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()
