"""The federated entities as values.

Field names are the element names of the wire, field order is the order in which the elements are sent;
repeated nested entities have a plural name (`photos` for `photo`). How a value is checked when it comes
from another pod is the matter of `pod.wire`; here are only the values themselves.

Source: federation protocol section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeAlias

from pod.domain.identity import DiasporaId, Guid


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place; coordinates stay the text they came as."""

    address: str = ""
    lat: str
    lng: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PollAnswer:
    """One choice of a poll."""

    guid: Guid
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A question with at least two answers, part of a post."""

    guid: Guid
    question: str
    poll_answers: tuple[PollAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    """The one link to preview, or the wish that nothing be previewed."""

    url: str | None = None
    title: str | None = None
    description: str | None = None
    image: str | None = None
    nothing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A date to which people are invited, part of a post."""

    author: DiasporaId
    guid: Guid
    edited_at: datetime | None = None
    summary: str
    description: str | None = None
    start: datetime
    end: datetime | None = None
    all_day: bool = False
    timezone: str | None = None
    location: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture; the file itself stays on its author's pod, at path + name."""

    guid: Guid
    author: DiasporaId
    public: bool = False
    created_at: datetime | None = None
    edited_at: datetime | None = None
    remote_photo_path: str
    remote_photo_name: str
    text: str | None = None
    status_message_guid: Guid | None = None
    height: int | None = None
    width: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusMessage:
    """A post that someone wrote."""

    author: DiasporaId
    guid: Guid
    created_at: datetime | None = None
    public: bool = False
    provider_display_name: str | None = None
    text: str = ""
    edited_at: datetime | None = None
    photos: tuple[Photo, ...] = ()
    location: Location | None = None
    poll: Poll | None = None
    event: Event | None = None
    embed: Embed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reshare:
    """A post that points to someone else's public post; without root if that was deleted."""

    author: DiasporaId
    guid: Guid
    created_at: datetime | None = None
    root_author: DiasporaId | None = None
    root_guid: Guid | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """An answer to a post.

    `signed` holds what the author signed, as (element name, raw text) in document order; it is empty
    for a comment just made here. The other relayables have it, too.
    """

    author: DiasporaId
    guid: Guid
    parent_guid: Guid
    text: str
    created_at: datetime | None = None
    edited_at: datetime | None = None
    author_signature: str | None = None
    signed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """Approval of a post or a comment; disapproval if not positive."""

    author: DiasporaId
    guid: Guid
    parent_guid: Guid
    parent_type: str
    positive: bool = True
    author_signature: str | None = None
    signed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollParticipation:
    """A vote; the parent is the poll."""

    author: DiasporaId
    guid: Guid
    parent_guid: Guid
    poll_answer_guid: Guid
    author_signature: str | None = None
    signed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventParticipation:
    """An answer to an invitation: accepted, declined or tentative; the parent is the event."""

    author: DiasporaId
    guid: Guid
    parent_guid: Guid
    status: str
    edited_at: datetime | None = None
    author_signature: str | None = None
    signed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """The wish to be sent what happens to a post. No relayable, despite its parent."""

    author: DiasporaId
    guid: Guid
    parent_guid: Guid
    parent_type: str = "Post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The author tells the recipient whether he shares with them."""

    author: DiasporaId
    recipient: DiasporaId
    following: bool = True
    sharing: bool = True
    blocking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a person says about themselves; it replaces everything said before."""

    author: DiasporaId
    edited_at: datetime | None = None
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    image_url: str | None = None
    image_url_medium: str | None = None
    image_url_small: str | None = None
    bio: str | None = None
    birthday: date | None = None
    gender: str | None = None
    location: str | None = None
    searchable: bool = True
    public: bool = False
    nsfw: bool = False
    tag_string: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One contribution to a conversation."""

    author: DiasporaId
    guid: Guid
    text: str
    created_at: datetime | None = None
    edited_at: datetime | None = None
    conversation_guid: Guid


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A private talk; the participants include the author."""

    author: DiasporaId
    guid: Guid
    subject: str
    created_at: datetime | None = None
    participants: tuple[DiasporaId, ...]
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraction:
    """The target shall disappear. The author element proves nothing; the sender counts."""

    author: DiasporaId
    target_guid: Guid
    target_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDeletion:
    """The author's account is closed."""

    author: DiasporaId


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMigration:
    """An account moved: the deployed form.

    Variant A is sent by the old identity and signed inside by the new one; variant B the other way round.
    Source: federation protocol section 8.1.
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
    """An account moved: the form of the seed specification, sent by the old identity.

    Source: federation protocol sections 8.4 and 8.5.
    """

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


Relayable: TypeAlias = Comment | Like | PollParticipation | EventParticipation
Part: TypeAlias = Location | PollAnswer | Poll | Embed | Person
"""What travels only inside an entity."""
Entity: TypeAlias = (
    StatusMessage
    | Reshare
    | Photo
    | Event
    | Relayable
    | Participation
    | Contact
    | Profile
    | Conversation
    | Message
    | Retraction
    | AccountDeletion
    | AccountMigration
    | AccountRename
)
"""What may be sent on its own."""

RELAYABLES = (Comment, Like, PollParticipation, EventParticipation)

ENTITY_NAMES: Mapping[str, type[Entity | Part]] = MappingProxyType(
    {
        "status_message": StatusMessage,
        "photo": Photo,
        "location": Location,
        "poll": Poll,
        "poll_answer": PollAnswer,
        "embed": Embed,
        "event": Event,
        "reshare": Reshare,
        "comment": Comment,
        "like": Like,
        "poll_participation": PollParticipation,
        "event_participation": EventParticipation,
        "participation": Participation,
        "contact": Contact,
        "profile": Profile,
        "conversation": Conversation,
        "message": Message,
        "retraction": Retraction,
        "account_deletion": AccountDeletion,
        "account_migration": AccountMigration,
        "account_rename": AccountRename,
        "person": Person,
    }
)
"""Every entity by its element name; parts are included although they are not sent on their own."""
