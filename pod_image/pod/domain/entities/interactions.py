"""What refers to something posted earlier: relayables, participations, retractions.

A relayable has `signed`, what its author signed: pairs of element name and raw text, in document
order. Verification and passing it on unchanged need nothing else. It is empty for one just made
here; then the fields themselves, in their order, are what counts.

Source: federation protocol sections 4.6, 4.7, 4.11 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pod.domain.identity import DiasporaId, Guid


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """An answer to a post."""

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
class Retraction:
    """The target shall disappear. The author element proves nothing; the sender counts."""

    author: DiasporaId
    target_guid: Guid
    target_type: str
