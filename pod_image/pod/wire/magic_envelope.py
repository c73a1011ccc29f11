"""The magic envelope: a payload, its sender, and the sender's signature.

Opening has two steps, because the sender names the key: `parse` reads and checks everything but
the signature, the caller finds the sender's key, `Envelope.verify` checks the signature.

Source: federation protocol sections 3.1 to 3.3.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from binascii import a2b_base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from pod.domain.identity import DiasporaId, InvalidIdentity
from pod.wire.elements import MAX_BODY_BYTES, Node
from pod.wire.elements import parse as parse_xml
from pod.wire.errors import (
    BadSignature,
    InvalidEnvelope,
    MissingSignature,
    UnsupportedAlgorithm,
)

NAMESPACE = "http://salmon-protocol.org/ns/magic-env"
CONTENT_TYPE = "application/magic-envelope+xml"
DATA_TYPE = "application/xml"
ENCODING = "base64url"
ALGORITHM = "RSA-SHA256"

_ENV = f"{{{NAMESPACE}}}env"
_PARTS = {local: f"{{{NAMESPACE}}}{local}" for local in ("data", "encoding", "alg", "sig")}

# The constants are signed, too. Some drafts strip the final "=="; nobody deployed does.
_SIGNED_CONSTANTS = "." + ".".join(
    urlsafe_b64encode(text.encode()).decode() for text in (DATA_TYPE, ENCODING, ALGORITHM)
)
# The prefix must be literally `me`, or diaspora* cannot find the elements.
_DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<me:env xmlns:me="{NAMESPACE}">\n'
    f'  <me:data type="{DATA_TYPE}">%s</me:data>\n'
    f"  <me:encoding>{ENCODING}</me:encoding>\n"
    f"  <me:alg>{ALGORITHM}</me:alg>\n"
    '  <me:sig key_id="%s">%s</me:sig>\n'
    "</me:env>\n"
)
# Nearly every envelope is written like that, give or take white space. What matches can be read in
# one way only, by whatever parser, so none is asked: that would take longer than the signature.
_SPACE, _BASE64URL = "[ \t\r\n]*", "([A-Za-z0-9_-]+={0,2})"
_USUAL = re.compile(
    _SPACE.join(
        (
            r'(?:<\?xml version="1\.0"(?: encoding="(?:UTF-8|utf-8)")?\?>)?',
            f'<me:env xmlns:me="{re.escape(NAMESPACE)}">',
            f'<me:data type="{re.escape(DATA_TYPE)}">{_BASE64URL}</me:data>',
            f"<me:encoding>{ENCODING}</me:encoding>",
            f"<me:alg>{ALGORITHM}</me:alg>",
            f'<me:sig key_id="{_BASE64URL}">{_BASE64URL}</me:sig>',
            "</me:env>",
            "",
        )
    ).encode()
)
_TO_STANDARD = bytes.maketrans(b"-_+/", b"+/..")
"""From the alphabet of base64url; what is only in the other one becomes what is in neither."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope as it was read. Nothing in it is proved before `verify` returned."""

    sender: DiasporaId
    payload: bytes
    signature: bytes
    signing_string: str
    raw: bytes

    def verify(self, public_key: RSAPublicKey) -> None:
        """Check that the owner of the key sent this.

        Args:
            public_key: The key pinned for `sender`, never one from the message.

        Raises:
            BadSignature: If the signature was made with another key, or over something else.
        """
        try:
            public_key.verify(self.signature, self.signing_string.encode(), PKCS1v15(), SHA256())
        except InvalidSignature:
            raise BadSignature(f"envelope of {self.sender}: wrong signature") from None


def seal(payload: bytes, sender: DiasporaId, key: RSAPrivateKey) -> bytes:
    """Sign a payload and put it into an envelope.

    Args:
        payload: One entity as UTF-8 XML.
        sender: Who signs; not necessarily the author.
        key: The sender's key.
    """
    data = _encode(payload)
    signature = key.sign((data + _SIGNED_CONSTANTS).encode(), PKCS1v15(), SHA256())
    return (_DOCUMENT % (data, _encode(sender.encode()), _encode(signature))).encode()


def parse(body: bytes) -> Envelope:
    """Read an envelope; everything is checked but the signature.

    Any prefix for the namespace is read, only `me` is written.

    Raises:
        TooLarge: If there is too much of it.
        InvalidXml: If it is no XML.
        UnsupportedAlgorithm: If type, encoding or algorithm is not the only one there is.
        MissingSignature: If there is no signature, or an empty one.
        InvalidEnvelope: If anything else is wrong.
    """
    usual = _USUAL.fullmatch(body) if len(body) <= MAX_BODY_BYTES else None
    if usual is not None:
        data, key_id, signature = usual.groups()
        return _envelope(_named(key_id.decode()), data.decode(), signature.decode(), body)
    return _parse_any(body)


def _parse_any(body: bytes) -> Envelope:
    """Read an envelope in whatever form it has; see `parse`."""
    root = parse_xml(body, "envelope")
    if root.name != _ENV:
        raise InvalidEnvelope(f"envelope: the root is {root.name[:80]!r}, expected me:env")
    parts: dict[str, list[Node]] = {}
    for child in root.children:
        parts.setdefault(child.name, []).append(child)
    data = _only(parts, "data")
    _check_constants(parts, data)
    if _PARTS["sig"] not in parts:
        raise MissingSignature("envelope: me:sig is missing")
    sig = _only(parts, "sig")
    sender = _sender(sig)
    if not sig.text:
        raise MissingSignature(f"envelope of {sender}: the signature is empty")
    return _envelope(sender, data.text, sig.text, body)


def _envelope(sender: DiasporaId, data: str, signature: str, body: bytes) -> Envelope:
    payload = _decode(data, "me:data")
    return Envelope(sender, payload, _decode(signature, "me:sig"), data + _SIGNED_CONSTANTS, body)


def _only(parts: Mapping[str, Sequence[Node]], local: str) -> Node:
    found = parts.get(_PARTS[local], ())
    if len(found) != 1:
        raise InvalidEnvelope(f"envelope: {len(found)} elements me:{local}, expected one")
    if found[0].children:
        raise InvalidEnvelope(f"envelope: me:{local} has elements inside")
    return found[0]


def _check_constants(parts: Mapping[str, Sequence[Node]], data: Node) -> None:
    """Compare what the document says, never assume it: the constants are what was signed."""
    stated = (
        ("type", data.attribute("type"), DATA_TYPE),
        ("encoding", _only(parts, "encoding").text, ENCODING),
        ("algorithm", _only(parts, "alg").text, ALGORITHM),
    )
    for what, found, expected in stated:
        if found != expected:
            raise UnsupportedAlgorithm(f"envelope: {what} must be {expected}")


def _sender(sig: Node) -> DiasporaId:
    key_id = sig.attribute("key_id")
    if key_id is None:
        raise InvalidEnvelope("envelope: me:sig has no key_id")
    return _named(key_id)


@lru_cache(maxsize=4096)
def _named(key_id: str) -> DiasporaId:
    """Who is meant; the same few people send again and again."""
    try:
        return DiasporaId(_decode(key_id, "key_id").decode())
    except (UnicodeDecodeError, InvalidIdentity):
        raise InvalidEnvelope("envelope: key_id is no diaspora ID") from None


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).decode()


def _decode(text: str, what: str) -> bytes:
    """Decode what `_encode` would have written, and nothing else.

    The signature is over the canonical form, so anything else must not pass: no foreign characters,
    no missing padding, no padding after a whole group and no spare bits in the last one. The latter
    two the decoder tolerates.
    """
    try:
        data = a2b_base64(text.encode("ascii").translate(_TO_STANDARD), strict_mode=True)
    except ValueError:
        raise _not_canonical(what) from None
    spare = len(data) % 3
    is_as_long = len(text) == (len(data) + 2) // 3 * 4
    if not is_as_long or (spare and _encode(data[-spare:]) != text[-4:]):
        raise _not_canonical(what)
    return data


def _not_canonical(what: str) -> InvalidEnvelope:
    return InvalidEnvelope(f"envelope: {what} is not canonical base64url")
