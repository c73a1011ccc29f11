"""Private conversations over a database connection."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from pod.domain import entities
from pod.domain.content import Conversation
from pod.domain.errors import NotFound
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Person
from pod.store import rows
from pod.store.people import People, person_of, select_people
from pod.store.prepared import Prepared, Row
from pod.store.schema import conversation_participants, conversations, messages, people


def _select_messages() -> Select[Any]:
    return (
        select_people()
        .add_columns(
            messages.c.guid.label("message_guid"),
            messages.c.text,
            messages.c.created_at.label("written_at"),
            conversations.c.guid.label("conversation_guid"),
        )
        .join(messages, messages.c.author_id == people.c.id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
    )


_MESSAGE = Prepared(_select_messages().where(messages.c.guid == bindparam("key")))
_MESSAGES_IN = Prepared(
    _select_messages()
    .where(messages.c.conversation_id == bindparam("key"))
    .order_by(messages.c.created_at, messages.c.id)
)
_PARTICIPANTS = Prepared(
    select_people()
    .join(conversation_participants, conversation_participants.c.person_id == people.c.id)
    .where(conversation_participants.c.conversation_id == bindparam("key"))
    .order_by(people.c.diaspora_id)
)
_WITH_PERSON = Prepared(
    select(conversations)
    .join(conversation_participants)
    .where(conversation_participants.c.person_id == bindparam("key"))
    .where(~conversation_participants.c.hidden)
    .order_by(conversations.c.created_at, conversations.c.guid)
)


class Conversations:
    """`pod.domain.ports.Conversations` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_guid(self, guid: Guid | str) -> Conversation | None:
        row = rows.first(self._connection, conversations, guid=guid)
        return None if row is None else self._conversation_of(row)

    def of(self, person: Person) -> tuple[Conversation, ...]:
        found = _WITH_PERSON.all(self._connection, key=person.id)
        return tuple(self._conversation_of(row) for row in found)

    def remove(self, conversation: Conversation) -> None:
        """Delete a conversation with its messages."""
        rows.remove(self._connection, conversations, id=conversation.id)

    def add(
        self,
        entity: entities.Conversation,
        author: Person,
        participants: tuple[Person, ...],
        *,
        hidden_from: Iterable[Person] = (),
    ) -> Conversation:
        hidden = {person.id for person in hidden_from}
        values = {"guid": entity.guid, "author_id": author.id, "subject": entity.subject}
        values["created_at"] = entity.created_at
        row_id = rows.add_with_id(self._connection, conversations, values)
        for person_id in sorted({author.id, *(person.id for person in participants)}):
            row = {"conversation_id": row_id, "person_id": person_id, "hidden": person_id in hidden}
            rows.add(self._connection, conversation_participants, row)
        found = self.by_guid(entity.guid)
        if found is None:
            raise NotFound(f"conversation {entity.guid} was not stored")
        return found

    def show(self, conversation: Conversation, person: Person) -> None:
        """Let a participant see the conversation (idempotent)."""
        which = {"conversation_id": conversation.id, "person_id": person.id}
        rows.change(self._connection, conversation_participants, {"hidden": False}, **which)

    def is_visible(self, conversation: Conversation, person: Person) -> bool:
        """Whether the person takes part in the conversation, and may see it."""
        which = {"conversation_id": conversation.id, "person_id": person.id, "hidden": False}
        return rows.exists(self._connection, conversation_participants, **which)

    def message(self, guid: Guid | str) -> tuple[entities.Message, Person] | None:
        row = _MESSAGE.first(self._connection, key=guid)
        return None if row is None else (_message_of(row), person_of(row))

    def add_message(
        self, entity: entities.Message, author: Person, conversation: Conversation
    ) -> None:
        values = {
            "guid": entity.guid,
            "conversation_id": conversation.id,
            "author_id": author.id,
            "text": entity.text,
            "created_at": entity.created_at,
        }
        rows.add(self._connection, messages, values)

    def messages(self, conversation: Conversation) -> tuple[entities.Message, ...]:
        found = _MESSAGES_IN.all(self._connection, key=conversation.id)
        return tuple(_message_of(row) for row in found)

    def entity(self, conversation: Conversation) -> entities.Conversation:
        row = rows.one(self._connection, conversations, id=conversation.id)
        return entities.Conversation(
            author=conversation.author.diaspora_id,
            guid=conversation.guid,
            subject=conversation.subject,
            created_at=row.created_at,
            participants=tuple(person.diaspora_id for person in conversation.participants),
            messages=self.messages(conversation),
        )

    def _conversation_of(self, row: Row) -> Conversation:
        found = _PARTICIPANTS.all(self._connection, key=row.id)
        participants = tuple(person_of(each) for each in found)
        return Conversation(
            id=row.id,
            guid=Guid(row.guid),
            author=People(self._connection).get(row.author_id),
            subject=row.subject,
            participants=participants,
        )


def _message_of(row: Row) -> entities.Message:
    return entities.Message(
        author=DiasporaId(row.diaspora_id),
        guid=Guid(row.message_guid),
        text=row.text,
        created_at=row.written_at,
        conversation_guid=Guid(row.conversation_guid),
    )
