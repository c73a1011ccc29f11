"""Mail to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pod.store import rows
from pod.store.queues import Queue
from pod.store.schema import mails


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to one person."""

    id: int
    recipient: str
    subject: str
    text: str
    attempts: int


class Mails(Queue):
    """Mail, queued with the change it tells of."""

    table = mails
    state = mails.c.state

    def add(self, recipient: str, subject: str, text: str, now: datetime) -> None:
        """Queue a mail."""
        self._insert(recipient=recipient, subject=subject, text=text, state="queued", due_at=now)

    def claim(self, now: datetime, at_most: int) -> Mail | None:
        """Take the next mail to send."""
        row_id = self._claim(now, at_most)
        if row_id is None:
            return None
        row = rows.one(self._connection, mails, id=row_id)
        return Mail(**{name: getattr(row, name) for name in Mail.__dataclass_fields__})

    def finish(self, row_id: int) -> None:
        """The mail server has it."""
        self._change(row_id, {"state": "done"})

    def abandon(self, row_id: int) -> None:
        """The last attempt failed."""
        self._change(row_id, {"state": "abandoned"})
