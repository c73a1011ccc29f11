"""Who subscribed to which post."""

from sqlalchemy import bindparam, select

from pod.domain.content import Post
from pod.domain.identity import Guid
from pod.domain.people import Person
from pod.store import rows
from pod.store.content import ContentRows
from pod.store.prepared import Prepared
from pod.store.schema import participations, posts

_PARTICIPATED = Prepared(
    select(posts, participations.c.guid.label("participation"))
    .join(participations, participations.c.post_id == posts.c.id)
    .where(participations.c.author_id == bindparam("author_id"))
    .order_by(participations.c.id)
)


class Participations(ContentRows):
    """The participations of local and remote people."""

    def participate(self, author: Person, post: Post, guid: Guid) -> bool:
        """Subscribe a person to a post; False if subscribed before."""
        if self.participation(author, post) is not None:
            return False
        values = {"guid": guid, "author_id": author.id, "post_id": post.id}
        rows.add(self._connection, participations, values)
        return True

    def leave(self, author: Person, post: Post) -> Guid | None:
        guid = self.participation(author, post)
        if guid is not None:
            rows.remove(self._connection, participations, guid=guid)
        return guid

    def participation(self, author: Person, post: Post) -> Guid | None:
        row = self._one(participations, author_id=author.id, post_id=post.id)
        return None if row is None else Guid(row.guid)

    def subscription(self, guid: Guid | str) -> tuple[Person, Post] | None:
        """Whose participation this is, and in what."""
        row = self._one(participations, guid=guid)
        post = None if row is None else self._post(id=row.post_id)
        if row is None or post is None:
            return None
        return self._people.get(row.author_id), post

    def participants(self, post: Post) -> tuple[Person, ...]:
        found = self._all(participations, post_id=post.id)
        return tuple(self._people.get(row.author_id) for row in found)

    def participated(self, author: Person) -> tuple[tuple[Guid, Post], ...]:
        found = _PARTICIPATED.all(self._connection, author_id=author.id)
        return tuple((Guid(row.participation), self._as_post(row)) for row in found)
