"""Port to private conversations."""

from typing import Protocol

import pod.domain.entities as entities
from pod.domain.content import Conversation
from pod.domain.identity import Guid
from pod.domain.people import Person


class Conversations(Protocol):
    """Conversations and their messages."""

    def by_guid(self, guid: Guid | str) -> Conversation | None: ...
    def remove(self, conversation: Conversation) -> None: ...
    def of(self, person: Person) -> tuple[Conversation, ...]: ...
    def add(
        self,
        entity: entities.Conversation,
        author: Person,
        participants: tuple[Person, ...],
    ) -> Conversation:
        """Store a conversation without its messages; the GUID must be new here."""
        ...

    def message(self, guid: Guid | str) -> tuple[entities.Message, Person] | None: ...
    def add_message(
        self, entity: entities.Message, author: Person, conversation: Conversation
    ) -> None: ...
    def messages(self, conversation: Conversation) -> tuple[entities.Message, ...]:
        """Oldest first."""
        ...

    def entity(self, conversation: Conversation) -> entities.Conversation:
        """The conversation with all its messages and participants, by today's IDs."""
        ...
