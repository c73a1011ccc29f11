"""What people post, with what may be inside: photos, places, polls, events, previews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
