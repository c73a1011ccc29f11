"""Ports to people and accounts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from pod.domain.entities import Profile
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Account, AccountState, Person


class People(Protocol):
    """Persons and profiles."""

    def get(self, person_id: int) -> Person: ...
    def by_id(self, diaspora_id: DiasporaId) -> Person | None: ...
    def by_guid(self, guid: Guid | str) -> Person | None: ...
    def by_key(self, public_key: str) -> Person | None:
        """Somebody whose key is this one, in the form in which this pod keeps keys."""
        ...

    def need(self, diaspora_id: DiasporaId) -> Person:
        """The person of that ID; for an old ID of which only the new one is known, the new one.

        Raises:
            PersonMissing: If this pod does not know the ID.
        """
        ...

    def newest(self, person: Person) -> Person:
        """The end of the person's chain of account migrations, as known here (at most 5 links)."""
        ...

    def add(self, person: Person, profile: Profile, now: datetime) -> Person:
        """Store a person (its `id` is ignored); the GUID must be new to this pod.

        Raises:
            Conflict: If the GUID belongs to another ID.
        """
        ...

    def complete(self, person: Person, profile: Profile) -> Person:
        """Replace a stub by what discovery found; GUID and key must equal the stub's.

        Raises:
            Conflict: If they differ.
        """
        ...

    def close(self, person: Person) -> None:
        """Mark closed and empty the profile (every field cleared, not searchable)."""
        ...

    def unmention(self, person: Person) -> None:
        """Delete every mention of the person; the texts keep their words."""
        ...

    def profile(self, person: Person) -> Profile: ...
    def set_profile(self, person: Person, profile: Profile) -> None: ...
    def pods(self, people: Iterable[Person]) -> tuple[str, ...]:
        """The remote pods (URLs, sorted, each once) that are home to these people."""
        ...


class Accounts(Protocol):
    """Log-ins on this pod."""

    def get(self, account_id: int) -> Account: ...
    def by_username(self, username: str) -> Account | None: ...
    def by_person(self, person: Person) -> Account | None: ...
    def by_guid(self, guid: Guid) -> Account | None: ...
    def by_token(self, token: str) -> Account | None: ...
    def by_email(self, email: str) -> Account | None: ...
    def local(self, people: Iterable[Person]) -> tuple[Account, ...]:
        """The accounts of those among `people` who live here and are open or locked."""
        ...

    def add(
        self,
        person: Person,
        profile: Profile,
        *,
        credentials: Mapping[str, str],
        state: AccountState,
        now: datetime,
    ) -> Account:
        """Store person and account; `credentials` = email, password_hash, private_key.

        Raises:
            NameTaken: If the username is or was in use.
        """
        ...

    def set_state(self, account: Account, state: AccountState) -> None: ...
    def update(self, account: Account, settings: Mapping[str, object]) -> None:
        """Change settings: email, language, disable_mail, auto_follow_back, …."""
        ...

    def password_hash(self, account: Account) -> str: ...
    def open_session(self, account: Account, token: str) -> None: ...
    def close_session(self, token: str) -> None: ...
    def clear(self, account: Account) -> None:
        """Delete the private data of an account that leaves; row, username and key stay."""
        ...

    def next_key_position(self) -> int:
        """Hand out the next position of the pool of test keys, once."""
        ...

    def count(self) -> int: ...
