"""What is measured of our wire layer, and the bare operations of OpenSSL that bound it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from pod.domain.entities import Comment, StatusMessage
from pod.domain.identity import DiasporaId, Guid
from pod.wire import encrypted_envelope, entities, keys, magic_envelope, signatures

ALICE = DiasporaId("alice@pod-a.example.org")
TEXT = (
    "Plain words in a post of ordinary length, with a #tag and a https://link.example.org/.\n" * 3
)

_SIGNED, _KEY_JSON = b"x" * 500, b"x" * 86

Operation = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to measure: how we do it, and the bare operation that bounds it."""

    name: str
    ours: Operation
    bound: Operation


def _post() -> StatusMessage:
    return StatusMessage(
        author=ALICE,
        guid=Guid("c3893bf029e7013487753131731751e9"),
        created_at=datetime(2026, 1, 1, 12, tzinfo=UTC),
        public=True,
        text=TEXT,
    )


def _comment() -> Comment:
    return Comment(
        author=ALICE,
        guid=Guid("6c241a3029f8013487763131731751e9"),
        parent_guid=Guid("c3893bf029e7013487753131731751e9"),
        text=TEXT,
        created_at=datetime(2026, 1, 1, 12, tzinfo=UTC),
    )


class _Ours:
    """Messages made and read with one key, which is the sender's and the recipient's."""

    def __init__(self, pem: str) -> None:
        self.key = keys.load_private(pem)
        self.public = self.key.public_key()
        self.made = _post()
        self.envelope = self.make()
        self.body = self.wrap()
        self.payload = entities.encode(self.sign())

    def make(self) -> bytes:
        return magic_envelope.seal(entities.encode(self.made), ALICE, self.key)

    def wrap(self) -> bytes:
        return encrypted_envelope.wrap(self.envelope, self.public)

    def make_private(self) -> bytes:
        return encrypted_envelope.wrap(self.make(), self.public)

    def read(self) -> object:
        return self._opened(self.envelope)

    def receive(self) -> object:
        return self._opened(encrypted_envelope.unwrap(self.body, self.key))

    def _opened(self, envelope: bytes) -> object:
        opened = magic_envelope.parse(envelope)
        opened.verify(self.public)
        return entities.decode(opened.payload)

    def sign(self) -> Comment:
        return signatures.sign_relayable(_comment(), self.key)

    def check(self) -> None:
        entity = entities.decode(self.payload)
        if not isinstance(entity, Comment):
            raise TypeError("a comment was written and something else read")
        signatures.verify_relayable(entity, self.public)


class _Bare:
    """The same without anything around RSA."""

    def __init__(self, pem: str) -> None:
        self.key = keys.load_private(pem)
        self.public = self.key.public_key()
        self.signature = self.sign()
        self.block = self.encrypt()

    def sign(self) -> bytes:
        return self.key.sign(_SIGNED, PKCS1v15(), SHA256())

    def verify(self) -> None:
        self.public.verify(self.signature, _SIGNED, PKCS1v15(), SHA256())

    def encrypt(self) -> bytes:
        return self.public.encrypt(_KEY_JSON, PKCS1v15())

    def sign_and_encrypt(self) -> None:
        self.sign()
        self.encrypt()

    def decrypt_and_verify(self) -> None:
        self.key.decrypt(self.block, PKCS1v15())
        self.verify()


def lines(pem: str) -> Mapping[str, Line]:
    """Everything to measure with one key, by name.

    Args:
        pem: The private key, used for sender and recipient.
    """
    ours, bare = _Ours(pem), _Bare(pem)
    found = (
        Line("public post, made and signed", ours.make, bare.sign),
        Line("public post, read and verified", ours.read, bare.verify),
        Line("envelope, encrypted", ours.wrap, bare.encrypt),
        Line("private post, made", ours.make_private, bare.sign_and_encrypt),
        Line("private post, received", ours.receive, bare.decrypt_and_verify),
        Line("comment, signed", ours.sign, bare.sign),
        Line("comment, signature checked", ours.check, bare.verify),
    )
    return {line.name: line for line in found}
