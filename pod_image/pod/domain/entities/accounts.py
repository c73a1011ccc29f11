"""The end of an account, and its move to a new name: two wire forms of one concept.

Source: federation protocol section 8.
"""

from __future__ import annotations

from dataclasses import dataclass

from pod.domain.entities.people import Profile
from pod.domain.identity import DiasporaId, Guid


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDeletion:
    """The author's account is closed."""

    author: DiasporaId


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMigration:
    """An account moved: the deployed form.

    Variant A is sent by the old identity and signed inside by the new one; variant B the other
    way round.
    """

    author: DiasporaId
    profile: Profile
    signature: str | None = None
    old_identity: DiasporaId | None = None
    remote_photo_path: str | None = None

    @property
    def new_id(self) -> DiasporaId:
        """Who the person is from now on."""
        return self.profile.author

    @property
    def is_variant_b(self) -> bool:
        """Whether the new identity sends the message."""
        return self.author == self.profile.author

    @property
    def old_id(self) -> DiasporaId:
        """Who the person was; variant A ignores `old_identity`."""
        return self.old_identity if self.is_variant_b and self.old_identity else self.author

    @property
    def signer(self) -> DiasporaId:
        """Whose key must have made `signature`: the identity that did not sign the envelope."""
        return self.old_id if self.is_variant_b else self.new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An identity with its key; on the wire only inside an account rename."""

    guid: Guid
    author: DiasporaId
    url: str
    profile: Profile
    exported_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRename:
    """An account moved: the form of the seed specification, sent by the old identity."""

    author: DiasporaId
    person: Person
    new_signature: str | None = None

    @property
    def old_id(self) -> DiasporaId:
        """Who the person was."""
        return self.author

    @property
    def new_id(self) -> DiasporaId:
        """Who the person is from now on."""
        return self.person.author
