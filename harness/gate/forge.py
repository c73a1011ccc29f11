"""Messages that nobody sent: sealed by our own hands, with whatever key, in whoever's name.

This is on purpose not the pod's encoder, as `decode` is not its decoder.

Source: federation protocol, magic envelopes (3.1 to 3.3), account_migration (8.1),
account_rename (8.4, 8.5).
"""

import base64
import hashlib
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Self
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from harness.gate.http import Request

Scheme = Literal["RSA-SHA256", "RSA-SHA1", "RSASSA-PSS"]

_SCHEMES: Final[dict[Scheme, tuple[PKCS1v15 | PSS, HashAlgorithm]]] = {
    "RSA-SHA256": (PKCS1v15(), SHA256()),
    "RSA-SHA1": (PKCS1v15(), SHA1()),  # noqa: S303 (what others must refuse)
    "RSASSA-PSS": (PSS(MGF1(SHA256()), PSS.MAX_LENGTH), SHA256()),
}

_CONSTANTS = "YXBwbGljYXRpb24veG1s.YmFzZTY0dXJs.UlNBLVNIQTI1Ng=="
_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<me:env xmlns:me="http://salmon-protocol.org/ns/magic-env">'
    '<me:data type="application/xml">{data}</me:data><me:encoding>base64url</me:encoding>'
    '<me:alg>RSA-SHA256</me:alg><me:sig key_id="{key_id}">{signature}</me:sig></me:env>'
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody in whose name a message can be made.

    Attributes:
        diaspora_id: The name.
        guid: The person's GUID.
        private_key: What proves it, or fails to.
    """

    diaspora_id: str
    guid: str
    private_key: RSAPrivateKey = field(repr=False)

    def with_key_of(self, other: "Identity") -> Self:
        """The same name, but with somebody else's key."""
        return replace(self, private_key=other.private_key)

    @property
    def public_key(self) -> str:
        """The public half, as PEM."""
        public = self.private_key.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def exported_key(self) -> str:
        """The private half as PEM, which an archive of theirs would have."""
        return private_pem(self.private_key)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the public key in DER, in hex."""
        return fingerprint(self.private_key)


def load(pem: str) -> RSAPrivateKey:
    """Read one of the committed test keys."""
    # Checking the primes of our own keys would take a tenth of a second each.
    key = load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(f"the pool holds a key that is not RSA: {type(key).__name__}")
    return key


def private_pem(key: RSAPrivateKey) -> str:
    """Write one of them down, as PEM without a password."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem(exponent: int, modulus: int) -> str:
    """A public key with these numbers, which need not make a good one, as PEM."""
    # Written by hand, as libraries refuse to make what others must refuse to read.
    key = _der(0x30, _der_integer(modulus) + _der_integer(exponent))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    info = _der(0x30, algorithm + _der(0x03, b"\x00" + key))
    body = base64.encodebytes(info).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{body}-----END PUBLIC KEY-----\n"


def fingerprint(key: RSAPrivateKey) -> str:
    """The SHA-256 of a key's public half in DER, in hex."""
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def seal(payload: str | bytes, sender: Identity, scheme: Scheme = "RSA-SHA256") -> bytes:
    """A magic envelope in the sender's name, signed with the key that the identity holds.

    Args:
        payload: An entity, or whatever.
        sender: Who is named as sender.
        scheme: How it is signed; the envelope claims RSA-SHA256 all the same.
    """
    data = _base64url(payload.encode() if isinstance(payload, str) else payload)
    signature = _base64url(_signature(sender, f"{data}.{_CONSTANTS}", scheme))
    key_id = _base64url(sender.diaspora_id.encode())
    return _ENVELOPE.format(data=data, key_id=key_id, signature=signature).encode()


def rename(old: Identity, new: Identity, *, consent: Identity | None) -> str:
    """The claim that somebody has become somebody else.

    Args:
        old: Who is said to have moved.
        new: Who is said to be the same person.
        consent: Whose key makes the new identity's signature; None leaves it out.
    """
    told = ";".join(("AccountRename", old.diaspora_id, new.diaspora_id, new.guid, new.fingerprint))
    host = new.diaspora_id.partition("@")[2]
    signature = base64.b64encode(_signature(consent, told)).decode() if consent else ""
    return (
        f"<account_rename><author>{escape(old.diaspora_id)}</author><person>"
        f"<guid>{escape(new.guid)}</guid><author>{escape(new.diaspora_id)}</author>"
        f"<url>https://{escape(host)}/</url><profile><author>{escape(new.diaspora_id)}</author>"
        "<first_name>Somebody</first_name><searchable>true</searchable></profile>"
        f"<exported_key>{escape(new.public_key)}</exported_key></person>"
        + (f"<new_signature>{signature}</new_signature>" if signature else "")
        + "</account_rename>"
    )


def migration(old: Identity, new: Identity, *, variant: Literal["A", "B"]) -> str:
    """The same claim in the deployed form; one identity has to sign inside, the other the envelope.

    Args:
        old: Who is said to have moved; seals the envelope in variant A.
        new: Who is said to be the same person; seals the envelope in variant B.
        variant: Which of the two speaks.
    """
    author, signer = (old, new) if variant == "A" else (new, old)
    told = f"AccountMigration:{old.diaspora_id}:{new.diaspora_id}"
    signature = base64.b64encode(_signature(signer, told)).decode()
    return (
        f"<account_migration><author>{escape(author.diaspora_id)}</author>"
        f"<profile><author>{escape(new.diaspora_id)}</author><first_name>Somebody</first_name>"
        f"<searchable>true</searchable></profile><signature>{signature}</signature>"
        f"<old_identity>{escape(old.diaspora_id)}</old_identity></account_migration>"
    )


def publicly(envelope: bytes, host: str) -> Request:
    """The request that brings an envelope to a pod's public door."""
    headers = (
        ("Host", host),
        ("Content-Type", "application/magic-envelope+xml"),
        ("Content-Length", str(len(envelope))),
    )
    return Request("POST", "/receive/public", headers, envelope)


def _signature(signer: Identity, text: str, scheme: Scheme = "RSA-SHA256") -> bytes:
    padding, digest = _SCHEMES[scheme]
    return signer.private_key.sign(text.encode(), padding, digest)


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode()


def _der_integer(number: int) -> bytes:
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    length = bytes([size]) if size < 0x80 else bytes([0x80 | len(octets)]) + octets
    return bytes([tag]) + length + content
