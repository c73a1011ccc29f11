"""What people tell about themselves and to each other: profiles, contacts, conversations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pod.domain.identity import DiasporaId, Guid


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
