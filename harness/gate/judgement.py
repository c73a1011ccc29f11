"""What the gate makes of one request: who, to whom, what it says, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from harness.errors import GateFailed
from harness.facts.identity import Party
from harness.gate.decode import Message
from harness.gate.http import BAD_GATEWAY, Request, Response
from harness.gate.rules import Action
from harness.gate.wiretap import Verdict

VERDICTS: Final[Mapping[Action, Verdict]] = {
    "pass": "passed",
    "lose": "lost",
    "refuse": "refused",
    "hold": "parked",
}
"""What the wiretap says where a rule was obeyed."""

ANSWERS: Final[Mapping[Action, int]] = {"lose": 202, "refuse": 503, "hold": 202}
"""What the gate answers itself then."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One request, understood and decided upon.

    Attributes:
        sender: The pod it comes from.
        host: The host it asks for.
        recipient: The pod of that host; None if there is none.
        request: The request itself.
        message: What it says.
        verdict: What the wiretap will say.
        answer: The gate's own answer; None means that the request is to be forwarded.
        reason: Why it failed, if it did.
    """

    sender: Party
    host: str
    recipient: Party | None
    request: Request
    message: Message
    verdict: Verdict = "passed"
    answer: Response | None = None
    reason: str | None = None

    @property
    def to(self) -> Party:
        """The recipient of a request that has one."""
        if self.recipient is None:
            raise GateFailed(f"a request for {self.host}, which is no pod, was to be forwarded")
        return self.recipient

    @property
    def to_send(self) -> Response:
        """What the sender is answered, now that everything is done."""
        if self.answer is None:
            raise GateFailed(f"a request of {self.sender} to {self.host} was left unanswered")
        return self.answer

    def answered(self, response: Response) -> "Judgement":
        """The same request, with what the recipient answered."""
        return replace(self, answer=response)

    def unreachable(self, error: OSError) -> "Judgement":
        """The same request, whose recipient gave no answer."""
        return self.failed(f"{self.recipient} is unreachable: {error}")

    def failed(self, reason: str, status: int = BAD_GATEWAY) -> "Judgement":
        """The same request, which nobody could be given, for that reason."""
        answer = Response.of_the_gate(status, f"gate: {reason}\n")
        return replace(self, verdict="failed", answer=answer, reason=reason)
