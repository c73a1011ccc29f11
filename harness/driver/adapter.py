"""What an implementation must be told how to do, to be driven by scenarios.

What an adapter can do is what it implements: the optional abilities are protocols of their own, and
`isinstance` tells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from harness.driver.login import Login
from harness.facts.identity import DiasporaId
from harness.facts.reference import Ref

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Poll:
    """A question with answers to choose from."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Location:
    """A place on earth."""

    address: str
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Invitation:
    """An event to which people are invited; the times are ISO text in UTC."""

    summary: str
    start: str
    end: str | None = None
    location: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A status message that is about to be posted.

    Attributes:
        text: What it says.
        aspects: Whom it is for; None means public.
        photos: Photos posted before, that belong to it.
        location: Where it was written.
        poll: What it asks.
        invitation: To what it invites.
        embed: The address of what is to be previewed.
    """

    text: str
    aspects: tuple[str, ...] | None = None
    photos: tuple[Ref, ...] = ()
    location: Location | None = None
    poll: Poll | None = None
    invitation: Invitation | None = None
    embed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Who signs up."""

    username: str
    email: str
    password: str = field(repr=False)


class Adapter(Protocol):
    """The verbs of one implementation; each that makes an entity returns its `Ref`."""

    name: str

    def sign_up(self, visitor: Login, who: Newcomer) -> Login:
        """Make an account; a visitor is a login of nobody."""
        ...

    def log_in(self, visitor: Login, username: str, password: str) -> Login: ...
    def look_up(self, me: Login, what: str) -> Ref | DiasporaId | None:
        """Search for an ID, an address or a link: a person, a post, or nothing."""
        ...

    def profile(self, me: Login) -> View: ...
    def edit_profile(self, me: Login, fields: Mapping[str, object]) -> None: ...
    def add_aspect(self, me: Login, name: str) -> None: ...
    def aspects(self, me: Login) -> Sequence[View]: ...
    def share(self, me: Login, other: DiasporaId, aspects: Sequence[str]) -> None:
        """Have the person in exactly these aspects."""
        ...

    def unshare(self, me: Login, other: DiasporaId) -> None: ...
    def contacts(self, me: Login) -> Sequence[View]: ...
    def block(self, me: Login, other: DiasporaId) -> None: ...
    def unblock(self, me: Login, other: DiasporaId) -> None: ...
    def follow_tag(self, me: Login, tag: str) -> None: ...
    def photo(self, me: Login, image: bytes, type_: str, text: str) -> Ref: ...
    def post(self, me: Login, draft: Draft) -> Ref: ...
    def comment(self, me: Login, on: Ref, text: str) -> Ref: ...
    def like(self, me: Login, on: Ref) -> Ref: ...
    def unlike(self, me: Login, on: Ref) -> None: ...
    def vote(self, me: Login, on: Ref, answer: str) -> Ref: ...
    def answer(self, me: Login, on: Ref, status: str) -> Ref:
        """Answer an invitation: accepted, declined or tentative."""
        ...

    def reshare(self, me: Login, of: Ref) -> Ref: ...
    def participate(self, me: Login, on: Ref) -> None: ...
    def converse(
        self, me: Login, to: Sequence[DiasporaId], subject: str, text: str
    ) -> tuple[Ref, Ref]:
        """Start a conversation: it, and its first message."""
        ...

    def reply(self, me: Login, conversation: Ref, text: str) -> Ref: ...
    def retract(self, me: Login, what: Ref) -> None: ...
    def view(self, me: Login, what: Ref) -> View | None:
        """A post or conversation as the person sees it; None if the person does not."""
        ...

    def person(self, me: Login, who: DiasporaId) -> View: ...
    def stream(self, me: Login) -> Sequence[View]: ...
    def conversations(self, me: Login) -> Sequence[View]: ...
    def notifications(self, me: Login) -> Sequence[View]: ...
    def delete_account(self, me: Login, password: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Import:
    """An archive that a pod has accepted for import, and what it says about it.

    Attributes:
        guid: Its name on that pod.
        old_id: Whose archive it is.
        username: The name the person had.
        username_available: Whether that name is free here.
        email: The person's mail address, from the archive.
    """

    guid: str
    old_id: DiasporaId
    username: str
    username_available: bool
    email: str


@runtime_checkable
class CanMigrate(Protocol):
    """The implementation lets people take their identity to another pod."""

    def export_archive(self, me: Login) -> bytes: ...
    def upload_archive(self, visitor: Login, archive: bytes) -> Import: ...
    def confirm_import(self, visitor: Login, guid: str, who: Newcomer) -> str:
        """Choose a name and schedule the import; returns what the person is told."""
        ...

    def import_status(self, visitor: Login, guid: str) -> View: ...
    def abort_import(self, visitor: Login, guid: str) -> None: ...


@runtime_checkable
class CanCountPending(Protocol):
    """The implementation's pods can say how much they have left to do."""

    counts_pending: bool
