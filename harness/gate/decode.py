"""What a request between pods says, read by the harness' own eyes.

This is on purpose not the pod's decoder: a pod that misreads its own messages must not make the
harness misread them, too. It verifies nothing and rejects nothing; what it cannot read is opaque.

Source: federation protocol, magic envelopes (3.1), encrypted envelopes (3.6), entities (4).
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from lxml import etree

from harness.gate.http import Request

Route = Literal["public", "private", "fetch", "discovery", "other"]
KeyFinder = Callable[[str], RSAPrivateKey | None]

HCARD_PATH: Final = re.compile(r"/hcard/users/([^/]+)/?")

_PRIVATE_PATH = re.compile(r"/receive/users/([^/]+)/?")
_FETCH_PATH = re.compile(r"/fetch/[^/]+/([^/]+)/?")
_DISCOVERY_PREFIXES = ("/.well-known/", "/hcard/", "/nodeinfo/")


@dataclass(frozen=True, slots=True)
class Message:
    """What is known of the content of one exchange.

    Attributes:
        route: Which endpoint it uses.
        entity: The entity's name in snake_case, such as `account_rename`.
        author: Who made the entity.
        envelope_sender: Who signed the envelope.
        guid: The entity's GUID; for a fetch, the GUID asked for until the answer is read.
        parent_guid: What a relayable is on.
        target_guid: What a retraction takes back.
        recipient_guid: The person whom a private delivery addresses.
        is_opaque: A delivery that the gate cannot read.
    """

    route: Route
    entity: str | None = None
    author: str | None = None
    envelope_sender: str | None = None
    guid: str | None = None
    parent_guid: str | None = None
    target_guid: str | None = None
    recipient_guid: str | None = None
    is_opaque: bool = False

    @property
    def is_delivery(self) -> bool:
        """Whether an entity is being pushed to a pod."""
        return self.route in ("public", "private")


class Unreadable(ValueError):
    """Not an envelope, or not one for which the gate has a key."""


def read(request: Request, find_key: KeyFinder) -> Message:
    """Read a request.

    Args:
        request: The request as the sender made it.
        find_key: The private key of the person with the given GUID, or None.
    """
    message = addressed(request)
    if not message.is_delivery:
        return message
    try:
        return _read_delivery(message, request.body, find_key)
    except Unreadable:
        return replace(message, is_opaque=True)


def read_answer(message: Message, body: bytes) -> Message:
    """Add what the answer to a fetch contains; an unreadable answer adds nothing."""
    try:
        return read_envelope(message, body)
    except Unreadable:
        return message


def addressed(request: Request) -> Message:
    """What the request line alone tells."""
    private = _PRIVATE_PATH.fullmatch(request.path)
    if request.method == "POST" and private:
        return Message("private", recipient_guid=private[1])
    if request.method == "POST" and request.path.rstrip("/") == "/receive/public":
        return Message("public")
    if fetch := _FETCH_PATH.fullmatch(request.path):
        return Message("fetch", guid=fetch[1])
    if request.path.startswith(_DISCOVERY_PREFIXES):
        return Message("discovery")
    return Message("other")


def read_envelope(message: Message, envelope: bytes) -> Message:
    """Add what a magic envelope and the entity in it tell, or raise `Unreadable`."""
    root = _parse(envelope)
    sender = _child(root, "sig").get("key_id", "")
    entity = _parse(_from_base64(_value(root, "data") or ""))
    return replace(
        message,
        entity=_local_name(entity),
        author=_value(entity, "author"),
        envelope_sender=_from_base64(sender).decode(errors="replace") or None,
        guid=_value(entity, "guid"),
        parent_guid=_value(entity, "parent_guid"),
        target_guid=_value(entity, "target_guid"),
    )


def decrypt(body: bytes, key: RSAPrivateKey) -> bytes:
    """Take the magic envelope out of an encrypted one, or raise `Unreadable`."""
    try:
        outer = json.loads(body)
        inner = json.loads(key.decrypt(base64.b64decode(outer["aes_key"]), PKCS1v15()))
        aes_key, vector = base64.b64decode(inner["key"]), base64.b64decode(inner["iv"])
        plain = _aes(aes_key, vector, base64.b64decode(outer["encrypted_magic_envelope"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        # OpenSSL gives random bytes rather than an error for a wrong key: they are no JSON.
        raise Unreadable("no encrypted envelope for this key") from error
    return plain


def _read_delivery(message: Message, body: bytes, find_key: KeyFinder) -> Message:
    if message.recipient_guid is None:
        return read_envelope(message, body)
    key = find_key(message.recipient_guid)
    if key is None:
        raise Unreadable("the recipient's key is not in the pool")
    return read_envelope(message, decrypt(body, key))


def _aes(key: bytes, vector: bytes, secret: bytes) -> bytes:
    decryptor = Cipher(AES(key), CBC(vector)).decryptor()
    unpadder = PKCS7(AES.block_size).unpadder()
    padded = decryptor.update(secret) + decryptor.finalize()
    return unpadder.update(padded) + unpadder.finalize()


def _parse(document: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("not well-formed XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("has a document type")
    return root


def _child(parent: etree._Element, name: str) -> etree._Element:
    for child in parent.iterchildren(tag=etree.Element):
        if _local_name(child) == name:
            return child
    raise Unreadable(f"has no element {name}")


def _value(parent: etree._Element, name: str) -> str | None:
    try:
        return str(_child(parent, name).xpath("string()")) or None
    except Unreadable:
        return None


def _local_name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _from_base64(text: str) -> bytes:
    # Both alphabets, with or without padding and line breaks: implementations differ in all three.
    compact = "".join(text.split()).rstrip("=").replace("+", "-").replace("/", "_")
    try:
        return base64.urlsafe_b64decode(compact + "=" * (-len(compact) % 4))
    except (binascii.Error, ValueError) as error:
        raise Unreadable("not base64") from error
