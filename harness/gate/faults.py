"""Handles of the faults in force: each ends itself when its `with` block is left."""

from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Self

from harness.facts.identity import Party
from harness.gate.cuts import Links
from harness.gate.decode import Route
from harness.gate.http import Response
from harness.gate.judgement import Judgement
from harness.gate.rules import ActiveRule

Lock = AbstractContextManager[object]


class Fault:
    """A rule in force."""

    def __init__(
        self, lock: Lock, active: ActiveRule, remove: Callable[[ActiveRule], None]
    ) -> None:
        self.active = active
        self._lock = lock
        self._remove = remove

    def end(self) -> None:
        """Let such messages pass again; ending twice is harmless."""
        with self._lock:
            self._remove(self.active)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.end()


class Hold(Fault):
    """A rule in force that keeps messages, and the messages it keeps."""

    def __init__(
        self,
        lock: Lock,
        active: ActiveRule,
        remove: Callable[[ActiveRule], None],
        let_go: Callable[[Judgement], None],
    ) -> None:
        super().__init__(lock, active, remove)
        self._let_go = let_go
        self._queue: deque[Judgement] = deque()

    @property
    def parked(self) -> int:
        """How many messages it keeps."""
        return len(self._queue)

    def park(self, judgement: Judgement) -> None:
        """Keep one more message; the gate calls this under its lock."""
        self._queue.append(judgement)

    def release(self) -> None:
        """Deliver what is kept, in the order in which it came, and hold nothing from then on.

        A message that comes meanwhile is kept and delivered last, so that none overtakes another.
        """
        while (parked := self._next()) is not None:
            self._let_go(parked)

    def end(self) -> None:
        """The same as `release`."""
        self.release()

    def discard(self) -> None:
        """Drop what is kept; the gate calls this under its lock."""
        self._queue.clear()

    def _next(self) -> Judgement | None:
        with self._lock:
            if self._queue:
                return self._queue.popleft()
            self._remove(self.active)
            return None


class Cut:
    """Links that are cut until they are healed."""

    def __init__(self, links: Links, heal: Callable[["Cut"], None]) -> None:
        self.links = links
        self._heal = heal

    def heal(self) -> None:
        """Mend these links; other cuts stay as they are."""
        self._heal(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.heal()


class Garbage:
    """What is asked of a pod is answered with rubbish until it is ended."""

    def __init__(
        self, pod: Party, routes: frozenset[Route], body: bytes, end: Callable[["Garbage"], None]
    ) -> None:
        self._pod = pod
        self._routes = routes
        self._body = body
        self._end = end

    def concerns(self, recipient: Party, route: Route) -> bool:
        """Whether a request meets it."""
        return recipient == self._pod and route in self._routes

    @property
    def answer(self) -> Response:
        """What is answered: a success, by the looks of it."""
        length = str(len(self._body))
        return Response(200, (("Content-Type", _ANY), ("Content-Length", length)), self._body)

    def end(self) -> None:
        """Let the pod answer for itself again."""
        self._end(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.end()


_ANY = "application/octet-stream"
