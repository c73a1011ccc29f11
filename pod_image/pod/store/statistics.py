"""How much is on this pod, for NodeInfo."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, Table, func, select

from pod.store.prepared import Prepared
from pod.store.schema import accounts, comments, posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What local people have written."""

    local_posts: int
    local_comments: int


def statistics(connection: Connection) -> Statistics:
    """Count what people of this pod have written, former ones included."""
    return Statistics(
        local_posts=_written_here(connection, posts),
        local_comments=_written_here(connection, comments),
    )


def _written_here(connection: Connection, table: Table) -> int:
    return int(_count(table).scalar(connection))


@cache
def _count(table: Table) -> Prepared:
    query = select(func.count()).select_from(
        table.join(accounts, accounts.c.person_id == table.c.author_id)
    )
    return Prepared(query)
