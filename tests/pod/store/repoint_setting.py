"""An account, something to refer to, and two people of whom one becomes the other."""

from typing import Any

from sqlalchemy import Table, insert, select

from pod.domain.people import Person
from pod.store import schema
from pod.store.unit_of_work import UnitOfWork
from tests.pod.rooms import NOW, add_account, add_person

Row = dict[str, Any]


class Setting:
    """An account bob, a post of his with a poll and a comment, and two people: old and new."""

    def __init__(self, work: UnitOfWork, *, local: bool = False) -> None:
        self.work = work
        self.account = add_account(work, "bob", 0)
        self.bob = self.account.person
        self.old: Person
        self.new: Person
        if local:
            self.old = add_account(work, "carol", 1).person
            self.new = add_account(work, "christy", 2).person
        else:
            self.old = add_person(work, "carol@pod2.test", 0)
            self.new = add_person(work, "christy@pod3.test", 1)
        self.post = self.add(
            schema.posts, guid="post" * 4, kind="status_message", author_id=self.bob.id, public=True
        )
        self.comment = self.add(
            schema.comments, guid="comm" * 4, author_id=self.bob.id, post_id=self.post, text="hello"
        )
        self.poll = self.add(schema.polls, guid="poll" * 4, post_id=self.post, question="?")
        self.answer = self.add(
            schema.poll_answers, guid="answ" * 4, poll_id=self.poll, answer="yes", position=0
        )
        self.event = self.add(
            schema.events, guid="even" * 4, post_id=self.post, summary="Party", start_at=NOW
        )
        self.talk = self.add(
            schema.conversations,
            guid="talk" * 4,
            author_id=self.bob.id,
            subject="s",
            created_at=NOW,
        )

    def add(self, table: Table, **values: object) -> int:
        statement = insert(table).values(**values).returning(table.c.id)
        row_id: int = self.work.connection.execute(statement).scalar_one()
        return row_id

    def rows(self, table: Table, *names: str) -> list[tuple[Any, ...]]:
        columns = [table.c[name] for name in names]
        query = select(*columns).order_by(table.c.id)
        return [tuple(row) for row in self.work.connection.execute(query)]

    def repoint(self) -> None:
        self.work.migrations.repoint(self.old, self.new)

    def shared(self, name: str) -> Row:
        """What two rows that collide in that table have in common, but for GUIDs."""
        post = {"post_id": self.post}
        rows: dict[str, Row] = {
            "contacts": {"account_id": self.account.id},
            "blocks": {"account_id": self.account.id},
            "posts": {"kind": "reshare", "public": True, "root_guid": "post" * 4},
            "post_audience": post,
            "mentions": post,
            "likes": post,
            "participations": post,
            "poll_participations": {"poll_id": self.poll, "poll_answer_id": self.answer},
            "event_participations": {"event_id": self.event, "status": "accepted"},
            "conversation_participants": {"conversation_id": self.talk},
            "notifications": {
                "account_id": self.account.id,
                "kind": "liked",
                "target_guid": "post" * 4,
                "created_at": NOW,
            },
        }
        return rows[name]
