"""Guests of a gate in a container: they are at home in the harness, and asked there.

The harness fetches each question and brings the answer; whoever asked waits for it meanwhile.
"""

import threading
from collections import deque
from datetime import timedelta
from itertools import count
from typing import Any, Final, Literal

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from harness.facts.identity import Party, PeerName
from harness.gate.http import Request, Response
from harness.gate.notation import Json, request_as_json, response_of

Kind = Literal["answer", "key"]

_PATIENCE: Final = timedelta(minutes=1)


class Visit:
    """A question to a guest."""

    def __init__(self, number: int, kind: Kind, question: Json) -> None:
        self.document: Json = {"id": number, "kind": kind, **question}
        self._answered = threading.Event()
        self._answer: Any = None

    def end(self, answer: Any) -> None:  # noqa: ANN401 (JSON)
        """Bring the answer."""
        self._answer = answer
        self._answered.set()

    def wait(self) -> Any:  # noqa: ANN401 (JSON)
        """The answer; raises `OSError` if none comes."""
        if not self._answered.wait(_PATIENCE.total_seconds()):
            raise TimeoutError("the harness does not answer for its guest")
        return self._answer


class Visits:
    """The questions that the harness has to answer; safe to use from several threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._numbers = count(1)
        self._new: deque[Visit] = deque()
        self._open: dict[int, Visit] = {}

    def ask(self, kind: Kind, question: Json) -> Any:  # noqa: ANN401 (JSON)
        """Ask something, and wait for the answer."""
        with self._changed:
            visit = Visit(next(self._numbers), kind, question)
            self._open[visit.document["id"]] = visit
            self._new.append(visit)
            self._changed.notify_all()
        return visit.wait()

    def fetch(self, timeout: timedelta) -> list[Json]:
        """What has been asked and not been fetched; waits for the first."""
        with self._changed:
            self._changed.wait_for(lambda: self._new, timeout.total_seconds())
            fetched = [visit.document for visit in self._new]
            self._new.clear()
            return fetched

    def end(self, number: int, answer: Any) -> None:  # noqa: ANN401 (JSON)
        """Bring an answer."""
        with self._changed:
            visit = self._open.pop(number)
        visit.end(answer)


class AbsentGuest:
    """A guest who is in the harness."""

    def __init__(self, name: PeerName, visits: Visits) -> None:
        self._name = name
        self._visits = visits
        self._keys: dict[str, str | None] = {}

    def answer(self, sender: Party, request: Request) -> Response:
        """What it answers; raises `OSError` if it gives no answer."""
        question = {"guest": self._name, "sender": sender, "request": request_as_json(request)}
        answer = self._visits.ask("answer", question)
        if "error" in answer:
            raise ConnectionError(answer["error"])
        return response_of(answer)

    def private_key(self, guid: str) -> RSAPrivateKey | None:
        """The key of one of its people."""
        if guid not in self._keys:
            self._keys[guid] = self._visits.ask("key", {"guest": self._name, "guid": guid})
        pem = self._keys[guid]
        key = load_pem_private_key(pem.encode(), None) if pem else None
        return key if isinstance(key, RSAPrivateKey) else None
