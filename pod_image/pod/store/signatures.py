"""What authors signed, kept so that it can be passed on and exported unchanged."""

import json
from dataclasses import replace

from sqlalchemy import delete, insert, select, update

from pod.domain.entities import Comment, EventParticipation, Like, PollParticipation, Relayable
from pod.domain.identity import Guid
from pod.domain.people import Person
from pod.domain.ports import InteractionKind
from pod.store.content import ContentRows
from pod.store.schema import relayable_signatures

KINDS: dict[type[Relayable], InteractionKind] = {
    Comment: "comment",
    Like: "like",
    PollParticipation: "poll_participation",
    EventParticipation: "event_participation",
}
"""Which interactions are stored, and what they are called."""


class Signatures(ContentRows):
    """Author signatures of comments, likes, votes and answers."""

    def sign(self, entity: Relayable, signer: Person) -> None:
        """Keep `signed` and `author_signature` with the ID that signed (idempotent)."""
        values = {
            "entity": KINDS[type(entity)],
            "signer_id": signer.id,
            "author_signature": entity.author_signature,
            "signed": json.dumps(entity.signed, ensure_ascii=False),
        }
        table = relayable_signatures
        known = update(table).where(table.c.guid == entity.guid).values(values)
        if self._connection.execute(known).rowcount == 0:
            self._connection.execute(insert(table).values(guid=entity.guid, **values))

    def _as_signed(self, entity: Relayable) -> tuple[Relayable, Person] | None:
        """The interaction with what its signer signed, and under the ID of then."""
        table = relayable_signatures
        row = self._first(select(table).where(table.c.guid == entity.guid))
        if row is None:
            return None
        signer = self._people.get(row["signer_id"])
        signed = tuple((name, text) for name, text in json.loads(row["signed"]))
        signature = row["author_signature"]
        author = signer.diaspora_id
        return (
            replace(entity, author=author, author_signature=signature, signed=signed),
            signer,
        )

    def _remove_signature(self, guid: Guid) -> None:
        table = relayable_signatures
        self._connection.execute(delete(table).where(table.c.guid == guid))
