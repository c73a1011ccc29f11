"""Comments, likes, votes and answers to invitations over a database connection."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select, union

from pod.domain.content import Interaction, Post
from pod.domain.entities import Comment, EventParticipation, Like, PollParticipation, Relayable
from pod.domain.errors import Conflict, NotFound
from pod.domain.identity import Guid
from pod.domain.people import Person
from pod.domain.ports import InteractionKind
from pod.store import rows
from pod.store.participations import Participations
from pod.store.prepared import Prepared, Row
from pod.store.schema import comments, events, likes, mentions, poll_answers, polls
from pod.store.signatures import KINDS, Signatures
from pod.store.stored_interactions import STORED, TABLES, as_entity, columns

_AUTHORS_ON = Prepared(
    union(
        *(
            select(stored.c.author_id).where(stored.c.root_id == bindparam("root_id"))
            for stored in STORED.values()
        )
    )
)
_COMMENTS = STORED["comment"]
_MENTIONING = Prepared(
    select(_COMMENTS)
    .join(mentions, mentions.c.comment_id == _COMMENTS.c.id)
    .where(mentions.c.person_id == bindparam("person"))
    .order_by(_COMMENTS.c.id)
)
_MENTIONED_IN = Prepared(
    select(mentions.c.person_id).join(comments).where(comments.c.guid == bindparam("guid"))
)
_ANSWER_IN = Prepared(
    select(*columns(poll_answers, "id", "poll_id"))
    .join(polls)
    .where(polls.c.guid == bindparam("poll"), poll_answers.c.guid == bindparam("answer"))
)


class Interactions(Participations, Signatures):
    """`pod.domain.ports.Interactions` over one connection."""

    def find(self, entity: InteractionKind, guid: Guid | str) -> Interaction | None:
        row = self._one(STORED[entity], guid=guid)
        return None if row is None else self._as_interaction(entity, row)

    def entity(self, interaction: Interaction) -> Relayable:
        """The interaction as an entity of today's author, without a signature."""
        row = self._one(STORED[interaction.entity], id=interaction.id)
        if row is None:
            raise NotFound(f"{interaction.entity} {interaction.guid} is not here any more")
        return self._as_entity(interaction.entity, row)

    def signed(self, entity: InteractionKind, guid: Guid | str) -> tuple[Relayable, Person] | None:
        """The interaction exactly as its signer signed it, for relaying and export."""
        row = self._one(STORED[entity], guid=guid)
        return None if row is None else self._as_signed(self._as_entity(entity, row))

    def add(self, entity: Relayable, author: Person, root: Post) -> None:
        """Store an interaction; the GUID must be new here.

        Raises:
            Conflict: If the author liked the target, voted or answered before.
            NotFound: If the comment that is liked, or the answer that is voted for, is not here.
        """
        values: dict[str, Any] = {"guid": entity.guid, "author_id": author.id}
        match entity:
            case Comment():
                values |= {"post_id": root.id, "text": entity.text}
                values["created_at"] = entity.created_at
            case Like():
                values |= self._like_columns(entity, author, root)
            case PollParticipation():
                values |= self._vote_columns(entity, author, root)
            case EventParticipation():
                values |= self._answer_columns(entity, author, root)
        rows.add(self._connection, TABLES[KINDS[type(entity)]], values)

    def _like_columns(self, entity: Like, author: Person, root: Post) -> dict[str, Any]:
        if self.existing_like(author, entity) is not None:
            raise Conflict(f"{author.diaspora_id} likes {entity.parent_guid} already")
        if entity.parent_type == "Post":
            return {"post_id": root.id, "positive": entity.positive}
        comment = self.find("comment", entity.parent_guid)
        if comment is None:
            raise NotFound(f"comment {entity.parent_guid} is not known here")
        return {"comment_id": comment.id, "positive": entity.positive}

    def _vote_columns(
        self, entity: PollParticipation, author: Person, root: Post
    ) -> dict[str, Any]:
        if self.existing_vote(author, root) is not None:
            raise Conflict(f"{author.diaspora_id} voted in poll {entity.parent_guid} already")
        which = {"poll": entity.parent_guid, "answer": entity.poll_answer_guid}
        row = _ANSWER_IN.first(self._connection, **which)
        if row is None:
            raise NotFound(f"poll {entity.parent_guid} has no answer {entity.poll_answer_guid}")
        return {"poll_answer_id": row.id, "poll_id": row.poll_id}

    def _answer_columns(
        self, entity: EventParticipation, author: Person, root: Post
    ) -> dict[str, Any]:
        if self.existing_answer(author, root) is not None:
            raise Conflict(f"{author.diaspora_id} answered event {entity.parent_guid} already")
        event = self._one(events, guid=entity.parent_guid)
        if event is None:
            raise NotFound(f"event {entity.parent_guid} is not known here")
        return {"event_id": event.id, "status": entity.status}

    def existing_like(self, author: Person, entity: Like) -> Interaction | None:
        row = self._one(
            STORED["like"],
            author_id=author.id,
            parent=entity.parent_guid,
            parent_type=entity.parent_type,
        )
        return None if row is None else self._as_interaction("like", row)

    def existing_vote(self, author: Person, root: Post) -> Interaction | None:
        return self._of_author_on("poll_participation", author, root)

    def existing_answer(self, author: Person, root: Post) -> Interaction | None:
        """The author's answer to the invitation that a post is."""
        return self._of_author_on("event_participation", author, root)

    def _of_author_on(
        self, kind: InteractionKind, author: Person, root: Post
    ) -> Interaction | None:
        row = self._one(STORED[kind], author_id=author.id, root_id=root.id)
        return None if row is None else self._as_interaction(kind, row)

    def remove(self, interaction: Interaction) -> None:
        """Delete it, its signature, and (a comment) the likes on it."""
        self._remove_signature(interaction.guid)
        if interaction.entity == "comment":
            for guid in self._likes_on(interaction):
                self._remove_signature(guid)
        rows.remove(self._connection, TABLES[interaction.entity], id=interaction.id)

    def _likes_on(self, comment: Interaction) -> tuple[Guid, ...]:
        return tuple(Guid(row.guid) for row in self._all(likes, comment_id=comment.id))

    def on(self, post: Post) -> tuple[Relayable, ...]:
        """Comments, likes (also of comments), votes and answers, oldest first."""
        return tuple(
            self._as_entity(kind, row)
            for kind in STORED
            for row in self._all(STORED[kind], root_id=post.id)
        )

    def by_author(self, author: Person) -> tuple[tuple[Relayable, Post], ...]:
        found: list[tuple[Relayable, Post]] = []
        for kind in STORED:
            for row in self._all(STORED[kind], author_id=author.id):
                root = self._as_interaction(kind, row).root
                found.append((self._as_entity(kind, row), root))
        return tuple(found)

    def authors_on(self, post: Post) -> tuple[Person, ...]:
        """Everybody who commented, liked, voted or answered on the post or on its comments."""
        ids = sorted(_AUTHORS_ON.scalars(self._connection, root_id=post.id))
        return tuple(self._people.get(person_id) for person_id in ids)

    def mention(self, people: Iterable[Person], *, comment: Guid) -> None:
        found = self.find("comment", comment)
        if found is None:
            raise NotFound(f"comment {comment} is not known here")
        known = {person.id for person in self.mentioned(comment)}
        for person_id in dict.fromkeys(person.id for person in people):
            if person_id not in known:
                row = {"comment_id": found.id, "person_id": person_id}
                rows.add(self._connection, mentions, row)

    def mentioned(self, comment: Guid) -> tuple[Person, ...]:
        """The people whom a comment mentions."""
        ids = _MENTIONED_IN.scalars(self._connection, guid=comment)
        return tuple(self._people.get(person_id) for person_id in ids)

    def mentioning(self, person: Person) -> tuple[Interaction, ...]:
        """The comments that mention a person."""
        found = _MENTIONING.all(self._connection, person=person.id)
        return tuple(self._as_interaction("comment", row) for row in found)

    def _as_interaction(self, kind: InteractionKind, row: Row) -> Interaction:
        root = self._post(id=row.root_id)
        if root is None:
            raise NotFound(f"{kind} {row.guid} hangs on a post that is not here")
        author = self._people.get(row.author_id)
        return Interaction(id=row.id, entity=kind, guid=Guid(row.guid), author=author, root=root)

    def _as_entity(self, kind: InteractionKind, row: Row) -> Relayable:
        return as_entity(kind, row, self._people.get(row.author_id).diaspora_id)
