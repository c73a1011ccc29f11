"""Private conversations over a database connection."""

from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select

from pod.domain import entities
from pod.domain.content import Conversation
from pod.domain.errors import NotFound
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Person
from pod.store.people import People, person_of, select_people
from pod.store.schema import conversation_participants, conversations, messages, people


class Conversations:
    """`pod.domain.ports.Conversations` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_guid(self, guid: Guid | str) -> Conversation | None:
        query = select(conversations).where(conversations.c.guid == guid)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else self._conversation_of(row)

    def of(self, person: Person) -> tuple[Conversation, ...]:
        query = (
            select(conversations)
            .join(conversation_participants)
            .where(conversation_participants.c.person_id == person.id)
            .order_by(conversations.c.created_at, conversations.c.guid)
        )
        rows = self._connection.execute(query).all()
        return tuple(self._conversation_of(row) for row in rows)

    def remove(self, conversation: Conversation) -> None:
        """Delete a conversation with its messages."""
        table = conversations
        self._connection.execute(delete(table).where(table.c.id == conversation.id))

    def add(
        self,
        entity: entities.Conversation,
        author: Person,
        participants: tuple[Person, ...],
    ) -> Conversation:
        row_id = self._connection.execute(
            insert(conversations)
            .values(
                guid=entity.guid,
                author_id=author.id,
                subject=entity.subject,
                created_at=entity.created_at,
            )
            .returning(conversations.c.id)
        ).scalar_one()
        for person_id in sorted({author.id, *(person.id for person in participants)}):
            self._connection.execute(
                insert(conversation_participants).values(
                    conversation_id=row_id, person_id=person_id
                )
            )
        found = self.by_guid(entity.guid)
        if found is None:
            raise NotFound(f"conversation {entity.guid} was not stored")
        return found

    def message(self, guid: Guid | str) -> tuple[entities.Message, Person] | None:
        row = self._connection.execute(
            _select_messages().where(messages.c.guid == guid)
        ).one_or_none()
        return None if row is None else (_message_of(row), person_of(row))

    def add_message(
        self, entity: entities.Message, author: Person, conversation: Conversation
    ) -> None:
        self._connection.execute(
            insert(messages).values(
                guid=entity.guid,
                conversation_id=conversation.id,
                author_id=author.id,
                text=entity.text,
                created_at=entity.created_at,
            )
        )

    def messages(self, conversation: Conversation) -> tuple[entities.Message, ...]:
        query = _select_messages().where(messages.c.conversation_id == conversation.id)
        rows = self._connection.execute(query.order_by(messages.c.created_at, messages.c.id))
        return tuple(_message_of(row) for row in rows)

    def entity(self, conversation: Conversation) -> entities.Conversation:
        query = select(conversations.c.created_at).where(conversations.c.id == conversation.id)
        return entities.Conversation(
            author=conversation.author.diaspora_id,
            guid=conversation.guid,
            subject=conversation.subject,
            created_at=self._connection.execute(query).scalar_one(),
            participants=tuple(person.diaspora_id for person in conversation.participants),
            messages=self.messages(conversation),
        )

    def _conversation_of(self, row: Row[Any]) -> Conversation:
        query = (
            select_people()
            .join(conversation_participants, conversation_participants.c.person_id == people.c.id)
            .where(conversation_participants.c.conversation_id == row.id)
            .order_by(people.c.diaspora_id)
        )
        participants = tuple(person_of(found) for found in self._connection.execute(query))
        return Conversation(
            id=row.id,
            guid=Guid(row.guid),
            author=People(self._connection).get(row.author_id),
            subject=row.subject,
            participants=participants,
        )


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


def _message_of(row: Row[Any]) -> entities.Message:
    return entities.Message(
        author=DiasporaId(row.diaspora_id),
        guid=Guid(row.message_guid),
        text=row.text,
        created_at=row.written_at,
        conversation_guid=Guid(row.conversation_guid),
    )
