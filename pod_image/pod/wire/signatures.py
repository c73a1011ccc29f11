"""Signatures inside entities: of a relayable's author, and of the other identity of a move.

All are RSA PKCS#1 v1.5 with SHA-256, in standard base64.

Source: federation protocol sections 5.3, 8.1 and 8.5.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TypeVar, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from pod.domain.entities import AccountMigration, AccountRename, Relayable
from pod.domain.identity import DiasporaId, Guid
from pod.wire.entities import from_node, signed_pairs, to_node
from pod.wire.errors import BadSignature, MissingSignature
from pod.wire.keys import fingerprint, load_public

AnyRelayable = TypeVar("AnyRelayable", bound=Relayable)


def author_signing_string(entity: Relayable) -> str:
    """What the author of a relayable signs: the values in order; nothing in them is escaped."""
    return ";".join(text for _, text in signed_pairs(entity))


def sign_relayable(entity: AnyRelayable, private_key: RSAPrivateKey) -> AnyRelayable:
    """Sign a relayable of a local author.

    Returns:
        The entity as every reader of the signed form will see it, with `signed` and
        `author_signature`.

    Raises:
        InvalidEntity: If the entity would not be accepted by others.
    """
    # Reading back what will be written makes fields and signed text agree, whatever was in them.
    unsigned = replace(entity, signed=(), author_signature=None)
    canonical = from_node(to_node(unsigned))
    signed = cast(AnyRelayable, canonical)
    signature = _sign(author_signing_string(signed), private_key)
    return replace(signed, author_signature=signature)


def verify_relayable(entity: Relayable, public_key: RSAPublicKey) -> None:
    """Check that the author made a relayable.

    Args:
        entity: As it came; the raw text is verified, not what it was understood as.
        public_key: The author's pinned key.

    Raises:
        MissingSignature: If there is no signature.
        BadSignature: If it was made with another key, or over something else.
    """
    what = f"{type(entity).__name__} {entity.guid} of {entity.author}"
    _verify(entity.author_signature, author_signing_string(entity), public_key, what)


def migration_signing_string(old_id: DiasporaId, new_id: DiasporaId) -> str:
    """What the second identity of an account migration signs."""
    return f"AccountMigration:{old_id}:{new_id}"


def sign_migration(old_id: DiasporaId, new_id: DiasporaId, key: RSAPrivateKey) -> str:
    """Make the signature inside an account migration.

    Args:
        old_id: Who the person was.
        new_id: Who the person is.
        key: The new identity's if the old one sends the message (A), else the old one's (B).
    """
    return _sign(migration_signing_string(old_id, new_id), key)


def verify_migration(entity: AccountMigration, key: RSAPublicKey) -> None:
    """Check that the identity that did not send an account migration agrees with it.

    Args:
        entity: The migration, in either variant.
        key: The pinned key of `entity.signer`: the new identity in variant A, the old in B.

    Raises:
        MissingSignature: If there is no signature.
        BadSignature: If it was made with another key, or for other identities.
    """
    string = migration_signing_string(entity.old_id, entity.new_id)
    _verify(entity.signature, string, key, f"AccountMigration of {entity.old_id}")


def rename_signing_string(
    old_id: DiasporaId, new_id: DiasporaId, person_guid: Guid, public_key: RSAPublicKey
) -> str:
    """What the new identity of an account rename signs; no part can contain the separator."""
    return ";".join(("AccountRename", old_id, new_id, person_guid, fingerprint(public_key)))


def sign_rename(
    old_id: DiasporaId,
    new_id: DiasporaId,
    person_guid: Guid,
    public_key: RSAPublicKey,
    private_key: RSAPrivateKey,
) -> str:
    """Make the `new_signature` of an account rename with the new identity's key."""
    return _sign(rename_signing_string(old_id, new_id, person_guid, public_key), private_key)


def verify_rename(entity: AccountRename) -> None:
    """Check that the owner of the new key agrees with an account rename.

    This says nothing about whose key it is: that it belongs to the new ID must be discovered.

    Raises:
        MissingSignature: If the rename has the seed's form, without such a signature.
        BadSignature: If it was made with another key, or for something else.
        InvalidKey: If the exported key is not one.
    """
    person = entity.person
    key = load_public(person.exported_key)
    string = rename_signing_string(entity.old_id, entity.new_id, person.guid, key)
    _verify(entity.new_signature, string, key, f"AccountRename of {entity.old_id}")


def _sign(string: str, key: RSAPrivateKey) -> str:
    return b64encode(key.sign(string.encode(), PKCS1v15(), SHA256())).decode()


def _verify(signature: str | None, string: str, key: RSAPublicKey, what: str) -> None:
    # Line breaks inside are tolerated, as everywhere in the deployed software; base64url is not.
    text = "".join((signature or "").split())
    if not text:
        raise MissingSignature(f"{what}: has no signature")
    try:
        key.verify(b64decode(text, validate=True), string.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        raise BadSignature(f"{what}: wrong signature") from None
