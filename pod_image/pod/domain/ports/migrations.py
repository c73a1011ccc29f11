"""Port to the records of account migrations, deletions and retractions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol, get_args

from pod.domain.identity import DiasporaId
from pod.domain.people import Person

WireForm = Literal["account_rename", "account_migration"]
WIRE_FORMS: Final[tuple[WireForm, ...]] = get_args(WireForm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """The record of one account migration. `envelope` is verbatim: what is served and answered.

    `second_envelope` says the same in the other form; only the two homes keep it, to tell pods that
    do not understand the first.
    """

    old: Person
    new: Person
    form: WireForm
    envelope: bytes
    originated_here: bool
    completed_at: datetime | None = None
    second_envelope: bytes | None = None

    @property
    def envelopes(self) -> Mapping[WireForm, bytes]:
        """What tells of it, by form; the form in which it was told first comes first."""
        first: dict[WireForm, bytes] = {self.form: self.envelope}
        if self.second_envelope is None:
            return first
        return first | {other_form(self.form): self.second_envelope}


def other_form(form: WireForm) -> WireForm:
    """The form that is not this one."""
    return "account_migration" if form == "account_rename" else "account_rename"


class Migrations(Protocol):
    """Records that are kept for good."""

    def of(self, old: Person) -> Migration | None: ...
    def by_old_id(self, old_id: DiasporaId) -> Migration | None: ...
    def to(self, new: Person) -> tuple[Migration, ...]:
        """The migrations that ended directly at this person, oldest first."""
        ...

    def add(self, migration: Migration, now: datetime) -> None: ...
    def add_second(self, old: Person, envelope: bytes) -> None:
        """Keep the message that tells of a known move in the other form."""
        ...

    def complete(self, old: Person, now: datetime) -> None: ...
    def repoint(self, old: Person, new: Person) -> None:
        """Make every reference to `old`, but history, a reference to `new`; collisions merge.

        Contacts and aspects are united, a block wins over a contact, comments of both stay;
        elsewhere the target's row wins. No self-contact, self-block or doubled participant remains.
        """
        ...

    def move_photos(self, author: Person, path: str) -> None:
        """Say that the files of all the author's photos are at this path now."""
        ...

    def hold(
        self, old_id: DiasporaId, new_id: DiasporaId, envelope: bytes, due_at: datetime
    ) -> None:
        """Keep a message that cannot be applied yet, to try again at that time (idempotent)."""
        ...

    def alias(self, old_id: DiasporaId) -> Person | None: ...
    def alias_envelope(self, old_id: DiasporaId) -> bytes | None: ...
    def add_alias(self, old_id: DiasporaId, new: Person, envelope: bytes) -> None: ...
    def may_reply(self, old: Person, pod_url: str, now: datetime) -> bool:
        """Whether this pod may be answered again; remembers that it was (once an hour)."""
        ...

    def record_deletion(self, person: Person, now: datetime) -> None: ...
    def is_deleted(self, person: Person) -> bool: ...
    def record_retraction(
        self, target_type: str, target_guid: str, author: Person | None, now: datetime
    ) -> None: ...
    def is_retracted(self, target_type: str, guid: str) -> bool:
        """Whether there is a tombstone; posts of both kinds have that of a `Post`."""
        ...


class Completions(Protocol):
    """Stubs that stand for people and posts until the real ones can be had."""

    def add(
        self,
        kind: Literal["person", "post"],
        subject: str,
        at: DiasporaId,
        due_at: datetime,
        account_id: int | None = None,
    ) -> None:
        """Plan the first attempt to get the real one from the pod of `at` (idempotent)."""
        ...
