"""Whom this pod knows: people, their local accounts, and the relations between them.

Values as the store gives them out. `id` fields are local row ids: they never leave the pod.
"""

from dataclasses import dataclass
from typing import Literal

from pod.domain.identity import DiasporaId, Guid

AccountState = Literal["open", "locked", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Anyone known, local or remote.

    `public_key` is PEM text, pinned at first discovery. `pod_url` is the origin of the home pod,
    with a trailing slash. `account_id` is set when the person's account is (or was) on this pod.
    """

    id: int
    diaspora_id: DiasporaId
    guid: Guid
    public_key: str
    pod_url: str
    closed: bool = False
    stub: bool = False
    account_id: int | None = None

    @property
    def is_local(self) -> bool:
        """Whether this pod is the person's home, now or formerly."""
        return self.account_id is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A log-in on this pod, and the person it belongs to. `private_key` is PEM text."""

    id: int
    person: Person
    username: str
    email: str
    private_key: str
    state: AccountState
    language: str = "en"
    disable_mail: bool = False
    show_community_spotlight: bool = False
    auto_follow_back: bool = False
    auto_follow_back_aspect: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A directed relation of a local account to a person.

    `sharing`: the person shares with the account. `receiving`: the account shares with the person.
    """

    id: int
    account_id: int
    person: Person
    sharing: bool
    receiving: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """A named group of an account's contacts."""

    id: int
    account_id: int
    name: str
    position: int
