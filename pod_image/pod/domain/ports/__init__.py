"""What the domain needs from the world, as protocols; `pod.store` and `pod.wire` provide it."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from pod.domain.entities import AccountMigration, AccountRename, Entity, Relayable
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Account
from pod.domain.ports.conversations import Conversations
from pod.domain.ports.delivery import Condition, Mails, Notifications, Outbox
from pod.domain.ports.migrations import (
    WIRE_FORMS,
    Completions,
    Migration,
    Migrations,
    WireForm,
    other_form,
)
from pod.domain.ports.people import Accounts, People
from pod.domain.ports.posts import InteractionKind, Interactions, Posts
from pod.domain.ports.sharing import Sharing

__all__ = [
    "WIRE_FORMS",
    "Accounts",
    "Completions",
    "Condition",
    "Conversations",
    "Crypto",
    "Ids",
    "InteractionKind",
    "Interactions",
    "Mails",
    "Migration",
    "Migrations",
    "Notifications",
    "Outbox",
    "People",
    "Policy",
    "Posts",
    "Sharing",
    "WireForm",
    "Work",
    "other_form",
]

R = TypeVar("R", bound=Relayable)


class Crypto(Protocol):
    """Keys and signatures; pure computation. Keys are PEM text."""

    def sign_relayable(self, entity: R, private_key: str) -> R: ...
    def verify_relayable(self, entity: Relayable, public_key: str) -> None:
        """Raises `Refused` if the author's signature is missing or wrong."""
        ...

    def seal(self, entity: AccountRename | AccountMigration, key: str, sender: DiasporaId) -> bytes:
        """A magic envelope with the entity, signed with a private key that need not be local."""
        ...

    def open(self, envelope: bytes, public_key: str) -> Entity:
        """What is in a magic envelope. Raises `Refused` if that key did not sign it."""
        ...

    def sign_rename(self, old_id: DiasporaId, entity: AccountRename, private_key: str) -> str: ...
    def verify_rename(self, entity: AccountRename) -> None: ...
    def sign_migration(self, old_id: DiasporaId, new_id: DiasporaId, private_key: str) -> str: ...
    def verify_migration(self, entity: AccountMigration, public_key: str) -> None: ...
    def public_key(self, private_key: str, *, is_own: bool = False) -> str:
        """The public half as PEM. Raises `Refused` for an unusable key.

        Args:
            private_key: The whole key.
            is_own: Whether this pod has made it, so that its numbers need no check.
        """
        ...

    def canonical_key(self, public_key: str) -> str:
        """The key as this pod keeps it. Raises `Refused` for an unusable one."""
        ...

    def fingerprint(self, public_key: str) -> str:
        """SHA-256 of the key itself, hex: equal for equal keys in any encoding."""
        ...


class Ids(Protocol):
    """New GUIDs; reproducible in test mode."""

    def guid(self, *about: str) -> Guid:
        """A new GUID; `about` says for what, e.g. `("comment",)`, `("poll_answer", "2")`."""
        ...


class Policy(Protocol):
    """The podmin's choices that rules depend on."""

    @property
    def host(self) -> str: ...
    @property
    def url(self) -> str:
        """Origin of this pod with a trailing slash."""
        ...

    @property
    def emitted_forms(self) -> tuple[WireForm, ...]:
        """How moves to this pod are announced: the usual form first; none if it knows none."""
        ...

    @property
    def emit_new_signature(self) -> bool: ...
    @property
    def require_new_signature(self) -> bool: ...
    @property
    def relay_to_new_home(self) -> bool: ...


class Work(Protocol):
    """One unit of work: everything below it commits together or not at all."""

    @property
    def people(self) -> People: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def sharing(self) -> Sharing: ...
    @property
    def posts(self) -> Posts: ...
    @property
    def interactions(self) -> Interactions: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def migrations(self) -> Migrations: ...
    @property
    def completions(self) -> Completions: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def mails(self) -> Mails: ...
    @property
    def notifications(self) -> Notifications: ...
    @property
    def crypto(self) -> Crypto: ...
    @property
    def ids(self) -> Ids: ...
    @property
    def policy(self) -> Policy: ...
    @property
    def now(self) -> datetime:
        """The pod's clock (or, in test mode, the time the acting user's request carries)."""
        ...

    def part(self) -> AbstractContextManager[None]:
        """A part of the unit that is undone alone if it fails.

        Raises `Conflict` if it contradicts what is stored.
        """
        ...

    def need_account(self, account: Account) -> Account:
        """Read the account again inside this unit of work."""
        ...
