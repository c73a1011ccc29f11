"""The archive: what a person takes along from one home pod to the next, as values.

How it is written as JSON is the matter of `pod.wire.archive`. Besides what the seed specification
lists (section 3), it carries the aspects of limited posts, photos that belong to no post, and the
private conversations, and the GUIDs of participations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pod.domain.entities import (
    Conversation,
    Message,
    Photo,
    Profile,
    Relayable,
    Reshare,
    StatusMessage,
)
from pod.domain.identity import DiasporaId, Guid

VERSION = "2.0"

SETTINGS = (
    "language",
    "disable_mail",
    "show_community_spotlight",
    "auto_follow_back",
    "auto_follow_back_aspect",
)
"""The settings of an account that an archive carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """Enough of a person to stand for them until they are discovered."""

    diaspora_id: DiasporaId
    guid: Guid | None = None
    public_key: str | None = None
    moved_to: DiasporaId | None = None
    """Who the person is now, if the exporting pod knows of a move. Only a hint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPost:
    """Enough of somebody else's post to stand for it until it is fetched."""

    guid: Guid
    author: DiasporaId
    type: Literal["status_message", "reshare"] = "status_message"
    public: bool = True
    poll_guid: Guid | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedContact:
    """A contact of the owner: `sharing` is the other side's wish, `receiving` the owner's."""

    person: KnownPerson
    name: str | None = None
    sharing: bool
    receiving: bool
    aspects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPost:
    """A post of the owner's, and who gets it: people and aspects, or everybody on some pods."""

    entity: StatusMessage | Reshare
    audience: tuple[DiasporaId, ...] = ()
    aspects: tuple[str, ...] = ()
    pods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedConversation:
    """A private conversation that the owner takes part in; the messages are of all participants."""

    entity: Conversation
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Everything an archive holds. `broken` names items that cannot be read, and why."""

    username: str
    email: str
    private_key: str = field(repr=False)
    profile: Profile
    settings: Mapping[str, object] = field(default_factory=dict)
    aspects: tuple[str, ...] = ()
    contacts: tuple[ArchivedContact, ...] = ()
    followed_tags: tuple[str, ...] = ()
    blocks: tuple[DiasporaId, ...] = ()
    posts: tuple[ArchivedPost, ...] = ()
    photos: tuple[Photo, ...] = ()
    relayables: tuple[Relayable, ...] = ()
    subscriptions: tuple[Guid, ...] = ()
    participations: Mapping[Guid, Guid] = field(default_factory=dict)
    """GUIDs of the participations by those of the posts subscribed to, as far as told."""
    conversations: tuple[ArchivedConversation, ...] = ()
    others_relayables: tuple[Relayable, ...] = ()
    others: tuple[KnownPerson, ...] = ()
    others_posts: tuple[KnownPost, ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def owner(self) -> DiasporaId:
        """Whose archive it is: the ID that moves."""
        return self.profile.author

    def people(self) -> dict[DiasporaId, KnownPerson]:
        """Everybody named in the archive but the owner, with what it tells about them."""
        told = (*self.others, *(contact.person for contact in self.contacts))
        people = {
            diaspora_id: KnownPerson(diaspora_id=diaspora_id) for diaspora_id in self._named()
        }
        people.update((person.diaspora_id, person) for person in told)
        people.pop(self.owner, None)
        return people

    def _named(self) -> Iterator[DiasporaId]:
        yield from self.blocks
        yield from (relayable.author for relayable in self.others_relayables)
        yield from (post.author for post in self.others_posts)
        for post in self.posts:
            yield from post.audience
            if isinstance(post.entity, Reshare) and post.entity.root_author is not None:
                yield post.entity.root_author
        for conversation in self.conversations:
            yield from conversation.entity.participants
            yield from (message.author for message in conversation.messages)
