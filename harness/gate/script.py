"""What a scripted peer has been told to expect and to answer; it expects nothing else.

Strict in both directions: a request that was not declared is answered 404, and kept for `check` to
complain about; one that was declared and never came is complained about in the end.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from harness.facts.identity import Party
from harness.gate.decode import Message, Unreadable, addressed, decrypt, read_envelope
from harness.gate.http import Headers, Pace, Request, Response

PATIENCE: Final = timedelta(seconds=30)
"""How long a pod waits for an answer (federation protocol, section 9, row 6)."""

LONGEST_WAIT: Final = timedelta(seconds=1)
"""However long an answer is said to take, where time passes by itself it takes no longer."""

Answering = Callable[[Request], "Answer"]


class UndeclaredRequest(AssertionError):
    """A pod asked a scripted peer for something that the scenario did not expect."""


class RequestNeverMade(AssertionError):
    """No pod asked a scripted peer for something that the scenario did expect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drip:
    """How slowly an answer comes.

    Attributes:
        every: How much time passes between two pieces.
        octets: How many octets a piece has.
        part: What is slow; all of it, or the body alone.
    """

    every: timedelta
    octets: int = 1
    part: Literal["all", "body"] = "all"

    def slowed(self, response: Response) -> Response:
        """The same response, octet by octet, at this pace."""
        # The connection is closed after octets, and who reuses connections has to know that.
        told = replace(response, headers=(*response.headers, ("Connection", "close")))
        raw = told.octets if response.raw is None else response.raw
        begin = raw.find(b"\r\n\r\n") + 4 if self.part == "body" else 0
        return replace(told, raw=raw, pace=Pace(self.octets, self.every.total_seconds(), begin))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a scripted peer answers.

    Attributes:
        body: Text, or octets.
        status: The status code.
        type: The content type.
        headers: More headers.
        raw: Octets that are sent instead of a well-formed response.
        after: How long it takes until it begins. What takes longer than pods wait never comes.
        drip: How slowly it comes then; all at once, if that is not said.
    """

    body: str | bytes = b""
    status: int = 200
    type: str = "text/plain; charset=utf-8"
    headers: Headers = ()
    raw: bytes | None = None
    after: timedelta = timedelta()
    drip: Drip | None = None

    @classmethod
    def redirect(cls, to: str, status: int = 302) -> "Answer":
        """The advice to ask elsewhere."""
        return cls(status=status, headers=(("Location", to),))

    @property
    def response(self) -> Response:
        """As it is sent."""
        body = self.body.encode() if isinstance(self.body, str) else self.body
        own = (("Content-Type", self.type), ("Content-Length", str(len(body))))
        response = Response(self.status, (*own, *self.headers), body, self.raw)
        return self.drip.slowed(response) if self.drip else response


NEVER: Final = Answer(after=PATIENCE * 2)
"""No answer at all."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that a pod has brought.

    Attributes:
        sender: Which pod.
        message: What it says.
        envelope: The magic envelope; empty if it cannot be read.
    """

    sender: Party
    message: Message
    envelope: bytes = field(repr=False)


@dataclass(slots=True, eq=False)
class Declared:
    """A kind of request that is expected; its answers are given in turn, the last for good.

    One that is optional may as well never be made.
    """

    what: str
    matches: Callable[[Request, Message], bool]
    answers: deque[Answer | Answering]
    times: int = 0
    is_optional: bool = False

    def __repr__(self) -> str:
        return f"<{self.what}, {self.times} times>"

    def next_answer(self) -> Answer | Answering:
        """The answer to one more such request."""
        self.times += 1
        return self.answers.popleft() if len(self.answers) > 1 else self.answers[0]


class Script:
    """The requests that a peer expects, and those that came; safe to use from several threads."""

    def __init__(self, host: str, wait: Callable[[timedelta], None] | None) -> None:
        """Expect nothing.

        Args:
            host: The peer's host, for messages.
            wait: Lets so much time pass; None where no time passes by itself.
        """
        self.host = host
        self._wait = wait
        self._declared: list[Declared] = []
        self._undeclared: list[str] = []
        self._deliveries: list[Delivery] = []
        self._keys: dict[str, RSAPrivateKey] = {}
        self._lock = threading.Lock()

    def declare(self, declared: Declared) -> Declared:
        """Expect such requests from now on; what was declared last goes first."""
        with self._lock:
            self._declared.insert(0, declared)
        return declared

    def read_with(self, guid: str, key: RSAPrivateKey) -> None:
        """Open what is addressed to this GUID with this key."""
        self._keys[guid] = key

    def private_key(self, guid: str) -> RSAPrivateKey | None:
        """The key of a person here."""
        return self._keys.get(guid)

    def answer(self, sender: Party, request: Request) -> Response:
        """Answer as declared; raises `TimeoutError` if that takes too long."""
        delivery = self._delivered(sender, request)
        with self._lock:
            found = self._expected(sender, request, delivery.message)
            answer = found.next_answer() if found else Answer(status=404)
            if found and delivery.message.is_delivery:
                self._deliveries.append(delivery)
        if not isinstance(answer, Answer):
            answer = answer(request)
        if answer.after >= PATIENCE:
            raise TimeoutError(f"{self.host} gives no answer")
        if answer.after and self._wait is not None:
            self._wait(min(answer.after, LONGEST_WAIT))
        return self._paced(answer.response, PATIENCE - answer.after)

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """The messages that came and were expected, in their order."""
        with self._lock:
            return tuple(self._deliveries)

    @property
    def undeclared(self) -> tuple[str, ...]:
        """The requests that nobody expected, in their order."""
        with self._lock:
            return tuple(self._undeclared)

    def never_made(self) -> Iterator[str]:
        """What was declared and has not been asked for."""
        with self._lock:
            unused = (each for each in self._declared if not (each.times or each.is_optional))
            yield from (each.what for each in unused)

    def check(self) -> None:
        """Raise `UndeclaredRequest` if there was one."""
        if found := self.undeclared:
            raise UndeclaredRequest(f"{self.host} did not expect: {'; '.join(found)}")

    def check_to_the_end(self) -> None:
        """Raise, too, if something that was expected was never asked for.

        Raises:
            UndeclaredRequest: If there was one.
            RequestNeverMade: If one that is not optional was not made.
        """
        self.check()
        if missed := tuple(self.never_made()):
            raise RequestNeverMade(f"{self.host} was never asked for: {'; '.join(missed)}")

    def _expected(self, sender: Party, request: Request, message: Message) -> Declared | None:
        for declared in self._declared:
            if declared.matches(request, message):
                return declared
        said = f" ({message.entity or 'unreadable'})" if message.is_delivery else ""
        self._undeclared.append(f"{request.method} {request.target}{said} from {sender}")
        return None

    def _paced(self, response: Response, patience: timedelta) -> Response:
        """The response as slow as can be: what a pod would not wait for never comes to its end.

        Where time passes by itself, the pieces come faster, so that a scenario need not wait.
        """
        if response.pace is None or response.raw is None:
            return response
        seconds = response.pace.takes(response.raw)
        comes = seconds < patience.total_seconds()
        if self._wait is not None:
            faster = min(1.0, LONGEST_WAIT.total_seconds() / seconds) if seconds else 1.0
            pace = replace(response.pace, seconds=response.pace.seconds * faster)
            return replace(response, raw=response.raw if comes else response.raw[:-1], pace=pace)
        if not comes:
            raise TimeoutError(f"{self.host} answers too slowly")
        return replace(response, pace=None)

    def _delivered(self, sender: Party, request: Request) -> Delivery:
        message = addressed(request)
        if not message.is_delivery:
            return Delivery(sender, message, b"")
        try:
            envelope = self._opened(message, request.body)
            return Delivery(sender, read_envelope(message, envelope), envelope)
        except Unreadable:
            return Delivery(sender, replace(message, is_opaque=True), b"")

    def _opened(self, message: Message, body: bytes) -> bytes:
        if message.recipient_guid is None:
            return body
        key = self.private_key(message.recipient_guid)
        if key is None:
            raise Unreadable(f"nobody of {self.host} has that GUID")
        return decrypt(body, key)
