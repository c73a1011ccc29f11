"""What RSA PKCS#1 v1.5 and AES-CBC always give the same, made again from what a vector holds.

Each function answers None where the vector has nothing of the kind, or nothing that is whole: what
was damaged or signed with a wrong key cannot come out of a program that does as it should.
"""

import json

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from pod.domain.entities import RELAYABLES
from pod.wire.encrypted_envelope import _members, unwrap, wrap
from pod.wire.entities import decode
from pod.wire.errors import WireError
from pod.wire.keys import export_public, fingerprint, load_private, load_public
from pod.wire.magic_envelope import Envelope, parse, seal
from pod.wire.signatures import _sign, author_signing_string, verify_relayable
from tests.pod.wire.vectors import Vector, opened, owners


def key_is_the_same(vector: Vector) -> bool:
    """Whether a key is read from both of its forms, and written as others write it."""
    spki, pkcs1 = vector["public_key_spki_pem"], vector["public_key_pkcs1_pem"]
    private = load_private(vector["private_key_pkcs8_pem"])
    same = load_private(vector["private_key_pkcs1_pem"])
    key = load_public(spki)
    return (
        export_public(key) == spki == export_public(load_public(pkcs1))
        and fingerprint(key) == vector["spki_der_sha256"]
        and private.private_numbers() == same.private_numbers()
        and private.public_key().public_numbers() == key.public_numbers()
        and key.key_size == vector["key_bits"]
    )


def envelope_is_the_same(vector: Vector) -> bool | None:
    """Whether sealing the payload again gives the same signed string and signature."""
    envelope = _whole(vector)
    if envelope is None:
        return None
    again = parse(seal(envelope.payload, envelope.sender, owners()[envelope.sender].private_key))
    stated = ("signing_string", "payload_xml")
    told = {name: vector[name] for name in stated if name in vector}
    made = {"signing_string": again.signing_string, "payload_xml": again.payload.decode()}
    return (again.signing_string, again.signature) == (
        envelope.signing_string,
        envelope.signature,
    ) and told.items() <= made.items()


def _whole(vector: Vector) -> Envelope | None:
    """The envelope, if it can be read and its signature is right."""
    try:
        return opened(vector)
    except WireError:
        return None


def ciphertext_is_the_same(vector: Vector) -> bool | None:
    """Whether the same AES key and IV give the same; only the RSA block around them differs."""
    if not vector.get("body_json"):
        return None
    recipient = owners()[vector["recipient_label"]]
    try:
        body = str(vector["body_json"]).encode()
        envelope = unwrap(body, recipient.private_key)
    except WireError:
        return None
    block = _members(body, "aes_key")[0]
    document = recipient.private_key.decrypt(block, PKCS1v15())
    aes_key, iv = _members(document, "key", "iv")
    made = json.loads(wrap(envelope, recipient.public_key, aes_key=aes_key, iv=iv))
    came = json.loads(body)
    stated = {"aes_key_hex": aes_key.hex(), "aes_iv_hex": iv.hex()}
    told = {name: vector[name] for name in stated if name in vector}
    name = "encrypted_magic_envelope"
    return told.items() <= stated.items() and bool(made[name] == "".join(came[name].split()))


def author_signature_is_the_same(vector: Vector) -> bool | None:
    """Whether the author's key gives the author's signature over the string as we read it."""
    envelope = _whole(vector)
    if envelope is None:
        return None
    try:
        entity = decode(envelope.payload)
        if not isinstance(entity, RELAYABLES):
            return None
        author = owners()[entity.author]
        verify_relayable(entity, author.public_key)
    except WireError:
        return None
    return _sign(author_signing_string(entity), author.private_key) == entity.author_signature
