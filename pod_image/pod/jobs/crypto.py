"""Keys and signatures for the domain: `pod.domain.ports.Crypto` over `pod.wire`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TypeVar

from pod.domain.entities import AccountMigration, AccountRename, Entity, Relayable
from pod.domain.errors import Refused
from pod.domain.identity import DiasporaId
from pod.domain.people import Account
from pod.wire import entities, keys, magic_envelope, signatures
from pod.wire.errors import WireError

R = TypeVar("R", bound=Relayable)


class WireCrypto:
    """What the rules need of cryptography; what the wire layer refuses, they refuse.

    Private keys are the pod's own, or were checked by `public_key` when an archive brought them.
    """

    def sign_relayable(self, entity: R, private_key: str) -> R:
        with _refusing():
            return signatures.sign_relayable(entity, keys.load_own(private_key))

    def verify_relayable(self, entity: Relayable, public_key: str) -> None:
        with _refusing():
            signatures.verify_relayable(entity, keys.load_public(public_key))

    def seal(self, entity: AccountRename | AccountMigration, key: str, sender: DiasporaId) -> bytes:
        with _refusing():
            payload = entities.encode(entity)
            return magic_envelope.seal(payload, sender, keys.load_own(key))

    def open(self, envelope: bytes, public_key: str) -> Entity:
        """What is in a magic envelope, if that key signed it."""
        with _refusing():
            opened = magic_envelope.parse(envelope)
            opened.verify(keys.load_public(public_key))
            return entities.decode(opened.payload)

    def seal_for(self, payload: bytes, sender: Account) -> bytes:
        """A payload in an envelope of a local account."""
        key = keys.load_own(sender.private_key)
        return magic_envelope.seal(payload, sender.person.diaspora_id, key)

    def seal_entity(self, entity: Entity, sender: Account) -> bytes:
        """An entity in an envelope of a local account, for example to answer a fetch."""
        return self.seal_for(entities.encode(entity), sender)

    def sign_rename(self, old_id: DiasporaId, entity: AccountRename, private_key: str) -> str:
        with _refusing():
            person = entity.person
            public = keys.load_public(person.exported_key)
            private = keys.load_own(private_key)
            return signatures.sign_rename(old_id, person.author, person.guid, public, private)

    def verify_rename(self, entity: AccountRename) -> None:
        with _refusing():
            signatures.verify_rename(entity)

    def sign_migration(self, old_id: DiasporaId, new_id: DiasporaId, private_key: str) -> str:
        with _refusing():
            return signatures.sign_migration(old_id, new_id, keys.load_own(private_key))

    def verify_migration(self, entity: AccountMigration, public_key: str) -> None:
        with _refusing():
            signatures.verify_migration(entity, keys.load_public(public_key))

    def public_key(self, private_key: str, *, is_own: bool = False) -> str:
        load = keys.load_own if is_own else keys.load_private
        with _refusing():
            return keys.export_public(load(private_key).public_key())

    def canonical_key(self, public_key: str) -> str:
        with _refusing():
            return keys.export_public(keys.load_public(public_key))

    def fingerprint(self, public_key: str) -> str:
        with _refusing():
            return _fingerprint(public_key)


@lru_cache(maxsize=4096)
def _fingerprint(public_key: str) -> str:
    return keys.fingerprint(keys.load_public(public_key))


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except WireError as error:
        raise Refused(str(error)) from None
