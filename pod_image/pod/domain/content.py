"""What this pod stores of posts and of what hangs on them, as far as rules ask for it.

The full content is read back as entities (`pod.domain.entities`); these values carry the local row
ids and the people behind it.
"""

from dataclasses import dataclass
from typing import Literal

from pod.domain.identity import Guid
from pod.domain.people import Person

PostKind = Literal["status_message", "reshare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A status message or a reshare that this pod holds."""

    id: int
    guid: Guid
    kind: PostKind
    author: Person
    public: bool
    stub: bool = False
    root_guid: Guid | None = None
    root_author: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """A stored comment, like, vote or answer, and the post at the root of its thread."""

    id: int
    entity: Literal["comment", "like", "poll_participation", "event_participation"]
    guid: Guid
    author: Person
    root: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A private conversation and the people in it, its author included."""

    id: int
    guid: Guid
    author: Person
    subject: str
    participants: tuple[Person, ...]
