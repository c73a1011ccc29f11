"""Comments, likes and votes over a database connection."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Column,
    RowMapping,
    Select,
    Subquery,
    Table,
    and_,
    case,
    delete,
    func,
    insert,
    select,
    union,
)

from pod.domain.content import Interaction, Post
from pod.domain.entities import Comment, Like, PollParticipation, Relayable
from pod.domain.errors import Conflict, NotFound
from pod.domain.identity import Guid
from pod.domain.people import Person
from pod.domain.ports import InteractionKind
from pod.store.participations import Participations
from pod.store.schema import comments, likes, mentions, poll_answers, poll_participations, polls
from pod.store.schema import posts as posts_table
from pod.store.signatures import KINDS, Signatures

_TABLES = {"comment": comments, "like": likes, "poll_participation": poll_participations}
_ORDER: tuple[InteractionKind, ...] = ("comment", "like", "poll_participation")


def _columns(table: Table, *names: str) -> list[Column[Any]]:
    return [table.columns[name] for name in names]


def _comments() -> Subquery[Any]:
    """Every comment, with what an entity and its root need."""
    return (
        select(comments, comments.c.post_id.label("root_id"), posts_table.c.guid.label("parent"))
        .join(posts_table, comments.c.post_id == posts_table.c.id)
        .subquery()
    )


def _likes() -> Subquery[Any]:
    """Every like, of posts and of comments."""
    return (
        select(
            *_columns(likes, "id", "guid", "author_id", "positive"),
            func.coalesce(likes.c.post_id, comments.c.post_id).label("root_id"),
            func.coalesce(posts_table.c.guid, comments.c.guid).label("parent"),
            case((likes.c.post_id.is_(None), "Comment"), else_="Post").label("parent_type"),
        )
        .select_from(likes)
        .outerjoin(posts_table, likes.c.post_id == posts_table.c.id)
        .outerjoin(comments, likes.c.comment_id == comments.c.id)
        .subquery()
    )


def _votes() -> Subquery[Any]:
    """Every vote."""
    return (
        select(
            *_columns(poll_participations, "id", "guid", "author_id"),
            polls.c.post_id.label("root_id"),
            polls.c.guid.label("parent"),
            poll_answers.c.guid.label("answer"),
        )
        .join(polls, poll_participations.c.poll_id == polls.c.id)
        .join(poll_answers, poll_participations.c.poll_answer_id == poll_answers.c.id)
        .subquery()
    )


_STORED: dict[InteractionKind, Subquery[Any]] = {
    "comment": _comments(),
    "like": _likes(),
    "poll_participation": _votes(),
}


class Interactions(Participations, Signatures):
    """`pod.domain.ports.Interactions` over one connection."""

    def find(self, entity: InteractionKind, guid: Guid | str) -> Interaction | None:
        row = self._first(select(_STORED[entity]).where(_STORED[entity].c.guid == guid))
        return None if row is None else self._as_interaction(entity, row)

    def entity(self, interaction: Interaction) -> Relayable:
        """The interaction as an entity of today's author, without a signature."""
        stored = _STORED[interaction.entity]
        row = self._first(select(stored).where(stored.c.id == interaction.id))
        if row is None:
            raise NotFound(f"{interaction.entity} {interaction.guid} is not here any more")
        return self._as_entity(interaction.entity, row)

    def signed(self, entity: InteractionKind, guid: Guid | str) -> tuple[Relayable, Person] | None:
        """The interaction exactly as its signer signed it, for relaying and export."""
        row = self._first(select(_STORED[entity]).where(_STORED[entity].c.guid == guid))
        return None if row is None else self._as_signed(self._as_entity(entity, row))

    def add(self, entity: Comment | Like | PollParticipation, author: Person, root: Post) -> None:
        """Store an interaction; the GUID must be new here.

        Raises:
            Conflict: If the author liked the target or voted in the poll before.
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
        self._connection.execute(insert(_TABLES[KINDS[type(entity)]]).values(values))

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
        chosen = and_(
            polls.c.guid == entity.parent_guid, poll_answers.c.guid == entity.poll_answer_guid
        )
        columns = _columns(poll_answers, "id", "poll_id")
        query = select(*columns).join(polls).where(chosen)
        row = self._first(query)
        if row is None:
            raise NotFound(f"poll {entity.parent_guid} has no answer {entity.poll_answer_guid}")
        return {"poll_answer_id": row["id"], "poll_id": row["poll_id"]}

    def existing_like(self, author: Person, entity: Like) -> Interaction | None:
        stored = _STORED["like"]
        same = and_(
            stored.c.author_id == author.id,
            stored.c.parent == entity.parent_guid,
            stored.c.parent_type == entity.parent_type,
        )
        row = self._first(select(stored).where(same))
        return None if row is None else self._as_interaction("like", row)

    def existing_vote(self, author: Person, root: Post) -> Interaction | None:
        stored = _STORED["poll_participation"]
        same = and_(stored.c.author_id == author.id, stored.c.root_id == root.id)
        row = self._first(select(stored).where(same))
        return None if row is None else self._as_interaction("poll_participation", row)

    def remove(self, interaction: Interaction) -> None:
        """Delete it, its signature, and (a comment) the likes on it."""
        self._remove_signature(interaction.guid)
        if interaction.entity == "comment":
            for guid in self._likes_on(interaction):
                self._remove_signature(guid)
        table = _TABLES[interaction.entity]
        self._connection.execute(delete(table).where(table.c.id == interaction.id))

    def _likes_on(self, comment: Interaction) -> tuple[Guid, ...]:
        query = select(likes.c.guid).where(likes.c.comment_id == comment.id)
        return tuple(Guid(row["guid"]) for row in self._rows(query))

    def on(self, post: Post) -> tuple[Relayable, ...]:
        """Comments, likes (of the post and of its comments) and votes, oldest first."""
        return tuple(
            self._as_entity(kind, row)
            for kind in _ORDER
            for row in self._rows(_ordered(kind, _STORED[kind].c.root_id == post.id))
        )

    def by_author(self, author: Person) -> tuple[tuple[Relayable, Post], ...]:
        found: list[tuple[Relayable, Post]] = []
        for kind in _ORDER:
            for row in self._rows(_ordered(kind, _STORED[kind].c.author_id == author.id)):
                root = self._as_interaction(kind, row).root
                found.append((self._as_entity(kind, row), root))
        return tuple(found)

    def authors_on(self, post: Post) -> tuple[Person, ...]:
        """Everybody who commented, liked or voted on the post or on its comments."""
        each = (
            select(stored.c.author_id).where(stored.c.root_id == post.id)
            for stored in _STORED.values()
        )
        ids = sorted(self._connection.scalars(union(*each)))
        return tuple(self._people.get(person_id) for person_id in ids)

    def mention(self, people: Iterable[Person], *, comment: Guid) -> None:
        found = self.find("comment", comment)
        if found is None:
            raise NotFound(f"comment {comment} is not known here")
        known = {person.id for person in self.mentioned(comment)}
        for person_id in dict.fromkeys(person.id for person in people):
            if person_id not in known:
                row = {"comment_id": found.id, "person_id": person_id}
                self._connection.execute(insert(mentions).values(row))

    def mentioned(self, comment: Guid) -> tuple[Person, ...]:
        """The people whom a comment mentions."""
        query = select(mentions.c.person_id).join(comments).where(comments.c.guid == comment)
        return tuple(self._people.get(row["person_id"]) for row in self._rows(query))

    def _as_interaction(self, kind: InteractionKind, row: RowMapping) -> Interaction:
        root = self._post(posts_table.c.id == row["root_id"])
        if root is None:
            raise NotFound(f"{kind} {row['guid']} hangs on a post that is not here")
        author = self._people.get(row["author_id"])
        return Interaction(
            id=row["id"], entity=kind, guid=Guid(row["guid"]), author=author, root=root
        )

    def _as_entity(self, kind: InteractionKind, row: RowMapping) -> Relayable:
        author = self._people.get(row["author_id"]).diaspora_id
        named: dict[str, Any] = {
            "author": author,
            "guid": Guid(row["guid"]),
            "parent_guid": Guid(row["parent"]),
        }
        match kind:
            case "comment":
                return Comment(**named, text=row["text"], created_at=row["created_at"])
            case "like":
                return Like(**named, parent_type=row["parent_type"], positive=row["positive"])
            case "poll_participation":
                return PollParticipation(**named, poll_answer_guid=Guid(row["answer"]))


def _ordered(kind: InteractionKind, condition: Any) -> Select[Any]:  # noqa: ANN401 - an SQL expression
    stored = _STORED[kind]
    return select(stored).where(condition).order_by(stored.c.id)
