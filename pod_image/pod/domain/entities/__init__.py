"""The federated entities as values.

Field names are the element names of the wire, field order is the order in which elements are sent;
repeated nested entities have a plural name (`photos` for `photo`). How a value is checked when it
comes from another pod is the matter of `pod.wire`; here are only the values themselves.

Source: federation protocol section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from pod.domain.entities.accounts import AccountDeletion, AccountMigration, AccountRename, Person
from pod.domain.entities.interactions import (
    Comment,
    EventParticipation,
    Like,
    Participation,
    PollParticipation,
    Retraction,
)
from pod.domain.entities.people import Contact, Conversation, Message, Profile
from pod.domain.entities.posts import (
    Embed,
    Event,
    Location,
    Photo,
    Poll,
    PollAnswer,
    Reshare,
    StatusMessage,
)

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

__all__ = [
    "ENTITY_NAMES",
    "RELAYABLES",
    "AccountDeletion",
    "AccountMigration",
    "AccountRename",
    "Comment",
    "Contact",
    "Conversation",
    "Embed",
    "Entity",
    "Event",
    "EventParticipation",
    "Like",
    "Location",
    "Message",
    "Part",
    "Participation",
    "Person",
    "Photo",
    "Poll",
    "PollAnswer",
    "PollParticipation",
    "Profile",
    "Relayable",
    "Reshare",
    "Retraction",
    "StatusMessage",
]
