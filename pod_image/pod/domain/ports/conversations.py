"""Port to private conversations."""

from collections.abc import Iterable
from typing import Protocol

import pod.domain.entities as entities
from pod.domain.content import Conversation
from pod.domain.identity import Guid
from pod.domain.people import Person


class Conversations(Protocol):
    """Conversations and their messages."""

    def by_guid(self, guid: Guid | str) -> Conversation | None: ...
    def remove(self, conversation: Conversation) -> None: ...
    def of(self, person: Person) -> tuple[Conversation, ...]:
        """Those that the person takes part in and may see."""
        ...

    def show(self, conversation: Conversation, person: Person) -> None:
        """Let a participant see the conversation (idempotent)."""
        ...

    def is_visible(self, conversation: Conversation, person: Person) -> bool:
        """Whether the person takes part in the conversation, and may see it."""
        ...

    def add(
        self,
        entity: entities.Conversation,
        author: Person,
        participants: tuple[Person, ...],
        *,
        hidden_from: Iterable[Person] = (),
    ) -> Conversation:
        """Store a conversation without its messages; the GUID must be new here.

        Participants from whom it is hidden see it after `show`.
        """
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
