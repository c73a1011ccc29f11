"""What the repositories of posts and interactions share: rows to values."""

from sqlalchemy import Connection, FromClause

from pod.domain.content import Post
from pod.domain.identity import Guid
from pod.store import rows
from pod.store.people import People
from pod.store.prepared import Row
from pod.store.schema import posts


class ContentRows:
    """Reads posts and the people behind them, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._people = People(connection)

    def _all(self, source: FromClause, **equal: object) -> tuple[Row, ...]:
        """The rows with these values, in the order in which they came."""
        return tuple(rows.find(self._connection, source, **equal))

    def _one(self, source: FromClause, **equal: object) -> Row | None:
        return rows.first(self._connection, source, **equal)

    def _posts(self, **equal: object) -> tuple[Post, ...]:
        """The posts with these values, in the order in which they came."""
        return tuple(self._as_post(row) for row in self._all(posts, **equal))

    def _post(self, **equal: object) -> Post | None:
        row = self._one(posts, **equal)
        return None if row is None else self._as_post(row)

    def _as_post(self, row: Row) -> Post:
        root_author = row.root_author_id
        return Post(
            id=row.id,
            guid=Guid(row.guid),
            kind=row.kind,
            author=self._people.get(row.author_id),
            public=row.public,
            stub=row.stub,
            root_guid=Guid(row.root_guid) if row.root_guid else None,
            root_author=self._people.get(root_author) if root_author else None,
        )
