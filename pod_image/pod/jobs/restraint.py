"""How much of other pods a message may have asked, whatever it says and leads to.

Otherwise a text full of links to texts full of links would make this pod a weapon, against itself
or a third pod. Source: federation protocol section 9 (row 20).
"""

from __future__ import annotations

import logging
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from pod.domain.attribution import MAX_MENTIONS
from pod.domain.errors import Later
from pod.domain.identity import DiasporaId

log = logging.getLogger(__name__)

MAX_LINKS = 10
MAX_NEEDED = 24
"""People and posts without which what was received, or linked to, cannot be judged."""

PER_HOST = 100
"""People and posts asked of one host in a minute of the pod's clock."""

NOBODY_FOR = timedelta(minutes=4)
"""How long somebody mentioned stays unfound: shorter than the first retry of a message."""

MAX_REMEMBERED = 10_000
PATIENCE_SECONDS = 30.0
"""How long one thread waits for another that fetches the same: as long as a request may take."""


@dataclass(slots=True)
class Budget:
    """What is left for one message, and everything that is fetched because of it."""

    mentions: int = MAX_MENTIONS
    links: int = MAX_LINKS
    needed: int = MAX_NEEDED

    def take_mentions(self, wanted: int) -> int:
        """How many of so many people may be looked up; they count as taken."""
        taken = min(wanted, self.mentions)
        self.mentions -= taken
        return taken

    def take_links(self, wanted: int) -> int:
        """How many of so many links may be followed; they count as taken."""
        taken = min(wanted, self.links)
        self.links -= taken
        return taken

    def take_needed(self, what: str) -> None:
        """Take one thing that a rule needs.

        Raises:
            Later: If there were too many.
        """
        if self.needed == 0:
            raise Later(f"{what}, and {MAX_NEEDED} other things were missing for one message")
        self.needed -= 1


_budget: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def one_message() -> Iterator[Budget]:
    """The budget of the message, or of a user's act, that is handled now; a new one if none is."""
    current = _budget.get()
    if current is not None:
        yield current
        return
    budget = Budget()
    token = _budget.set(budget)
    try:
        yield budget
    finally:
        _budget.reset(token)


class Restraint:
    """What all threads of a pod remember together: whom they asked lately, and for what now."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._minute: datetime | None = None
        self._asked: Counter[str] = Counter()
        self._nobody: OrderedDict[DiasporaId, datetime] = OrderedDict()
        self._fetched: set[tuple[str, str]] = set()

    def ask(self, host: str, now: datetime) -> None:
        """Count that a host is going to be asked because of what somebody sent.

        Raises:
            Later: If that happens too often.
        """
        minute = now.replace(second=0, microsecond=0)
        with self._lock:
            if minute != self._minute or len(self._asked) > MAX_REMEMBERED:
                self._minute = minute
                self._asked.clear()
            self._asked[host] += 1
            if self._asked[host] > PER_HOST:
                too_often = f"{host} was asked {PER_HOST} times within a minute"
                log.info("event=ignored reason=%s", too_often)
                raise Later(too_often)

    def is_nobody(self, diaspora_id: DiasporaId, now: datetime) -> bool:
        """Whether somebody was looked up in vain a short time ago."""
        with self._lock:
            then = self._nobody.get(diaspora_id)
        return then is not None and then <= now < then + NOBODY_FOR

    def found_nobody(self, diaspora_id: DiasporaId, now: datetime) -> None:
        """Remember that somebody was looked up in vain; the oldest such memory makes room."""
        with self._lock:
            self._nobody[diaspora_id] = now
            self._nobody.move_to_end(diaspora_id)
            if len(self._nobody) > MAX_REMEMBERED:
                self._nobody.popitem(last=False)

    def forget(self) -> None:
        """Remember nobody: the database was restored, and time begins again where it was."""
        with self._lock:
            self._minute = None
            self._asked.clear()
            self._nobody.clear()

    @contextmanager
    def fetching(self, type_: str, guid: str) -> Iterator[bool]:
        """Fetch something that no other thread is fetching.

        Yields:
            Whether it is to be fetched: no, if another thread has just tried that.

        Raises:
            Later: If the other thread takes too long; it may even wait for this one.
        """
        key = (type_, guid)
        with self._lock:
            is_first = key not in self._fetched
            if not self._lock.wait_for(lambda: key not in self._fetched, PATIENCE_SECONDS):
                raise Later(f"{type_} {guid} is being fetched already")
            if is_first:
                self._fetched.add(key)
        try:
            yield is_first
        finally:
            if is_first:
                with self._lock:
                    self._fetched.discard(key)
                    self._lock.notify_all()
