"""What authors signed, kept so that it can be passed on and exported unchanged."""

import json
from dataclasses import replace

from pod.domain.entities import Comment, EventParticipation, Like, PollParticipation, Relayable
from pod.domain.identity import Guid
from pod.domain.people import Person
from pod.domain.ports import InteractionKind
from pod.store import rows
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
        if rows.change(self._connection, table, values, guid=entity.guid) == 0:
            rows.add(self._connection, table, {"guid": entity.guid, **values})

    def _as_signed(self, entity: Relayable) -> tuple[Relayable, Person] | None:
        """The interaction with what its signer signed, and under the ID of then."""
        row = self._one(relayable_signatures, guid=entity.guid)
        if row is None:
            return None
        signer = self._people.get(row.signer_id)
        signed = tuple((name, text) for name, text in json.loads(row.signed))
        signature = row.author_signature
        author = signer.diaspora_id
        return (
            replace(entity, author=author, author_signature=signature, signed=signed),
            signer,
        )

    def _remove_signature(self, guid: Guid) -> None:
        rows.remove(self._connection, relayable_signatures, guid=guid)
