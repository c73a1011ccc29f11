"""The gate: what scenarios tell it, and how it judges what passes. Carriers bring the traffic.

A carrier (`proxy`, `inline`) hands each request to `Gate.carry`, or, if it has to wait without
blocking, to `judge` and `finish`. It attaches itself, so that the gate can deliver on its own what
was held, and ask a pod for an hCard.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from time import perf_counter
from typing import Final

from harness.errors import GateFailed
from harness.facts.identity import PodName
from harness.gate import cuts
from harness.gate.decode import HCARD_PATH, Route, addressed, read, read_answer
from harness.gate.faults import Cut, Fault, Garbage, Hold
from harness.gate.http import Headers, Request, Response
from harness.gate.judgement import Judgement
from harness.gate.keys import KeyRing
from harness.gate.rules import Action, Decision, Rule, RuleBook, named
from harness.gate.wiretap import Exchange, Verdict, Wiretap

Deliver = Callable[[PodName, Request], Response]
Entities = str | Iterable[str] | None

_VERDICTS: Final[dict[Action, Verdict]] = {
    "pass": "passed",
    "lose": "lost",
    "refuse": "refused",
    "hold": "parked",
}
_ANSWERS: Final[dict[Action, int]] = {"lose": 202, "refuse": 503, "hold": 202}


class Gate:
    """All traffic between the pods, the faults that befall it, and the record of it.

    A fault is in force from the call on, until it is ended or its `with` block is left. Safe to use
    from several threads.
    """

    def __init__(self, hosts: Mapping[str, PodName], wiretap: Wiretap, keys: KeyRing) -> None:
        """Set up a gate without faults.

        Args:
            hosts: Which host belongs to which pod.
            wiretap: Records every exchange.
            keys: Opens private messages.
        """
        self.hosts = dict(hosts)
        self.wiretap = wiretap
        self._keys = keys
        self._book = RuleBook()
        self._holds: list[Hold] = []
        self._cuts: list[Cut] = []
        self._garbage: list[Garbage] = []
        self._lock = threading.RLock()
        self._deliver: Deliver | None = None

    # What scenarios say

    def losing(
        self,
        entity: Entities = None,
        *,
        to: PodName | None = None,
        sender: PodName | None = None,
        nth: int | None = None,
    ) -> Fault:
        """Acknowledge such messages and drop them; the sender will not try again."""
        return self.impose(Rule("lose", named(entity), sender, to, nth))

    def refusing(
        self,
        entity: Entities = None,
        *,
        to: PodName | None = None,
        sender: PodName | None = None,
        nth: int | None = None,
    ) -> Fault:
        """Answer such messages with 503; the sender will try again later."""
        return self.impose(Rule("refuse", named(entity), sender, to, nth))

    def holding(
        self,
        entity: Entities = None,
        *,
        to: PodName | None = None,
        sender: PodName | None = None,
        nth: int | None = None,
    ) -> Hold:
        """Acknowledge such messages and keep them until the hold is released or left."""
        return self.hold(Rule("hold", named(entity), sender, to, nth))

    def impose(self, rule: Rule) -> Fault:
        """Put any rule but a hold in force; a `pass` rule makes an exception from older ones."""
        if rule.action == "hold":
            raise GateFailed("a hold was imposed as a plain rule", "Use Gate.holding")
        with self._lock:
            return Fault(self._lock, self._book.add(rule), self._book.remove)

    def hold(self, rule: Rule) -> Hold:
        """Put a rule that holds messages in force."""
        with self._lock:
            hold = Hold(self._lock, self._book.add(rule), self._book.remove, self._let_go)
            self._holds.append(hold)
        return hold

    def put_in_force(self, rule: Rule) -> Fault:
        """Put any rule in force."""
        return self.hold(rule) if rule.action == "hold" else self.impose(rule)

    def isolate(self, pod: PodName) -> Cut:
        """Let nothing get to a pod or away from it."""
        return self.sever(cuts.around(pod))

    def cut(self, a: PodName, b: PodName, *, one_way: bool = False) -> Cut:
        """Let nothing get from one pod to the other, or only not from `a` to `b`."""
        return self.sever(cuts.one_way(a, b) if one_way else cuts.between(a, b))

    def sever(self, links: cuts.Links) -> Cut:
        """Cut any set of directed links."""
        with self._lock:
            cut = Cut(links, self._heal)
            self._cuts.append(cut)
        return cut

    def garbling(self, pod: PodName, body: bytes, *routes: Route) -> Garbage:
        """Answer what is asked of a pod (discovery, fetches, or these) with these bytes instead."""
        asked = frozenset[Route](routes or ("discovery", "fetch"))
        with self._lock:
            garbage = Garbage(pod, asked, body, self._clean)
            self._garbage.append(garbage)
        return garbage

    def reset(self) -> None:
        """End all faults, drop what is parked, and forget whose keys are whose."""
        with self._lock:
            self._book, self._cuts, holds = RuleBook(), [], self._holds
            self._holds, self._garbage = [], []
            for hold in holds:
                hold.discard()
        self._keys.forget()

    @property
    def parked(self) -> int:
        """How many messages are held at the gate."""
        with self._lock:
            return sum(hold.parked for hold in self._holds)

    # What carriers do

    def attach(self, deliver: Deliver) -> None:
        """Make known how to reach a pod; `deliver` raises `OSError` if it cannot be reached."""
        self._deliver = deliver

    def carry(self, sender: PodName, host: str, request: Request) -> Judgement:
        """Judge a request, forward it if it may pass, and record what happened."""
        with self.wiretap.travelling():
            started = perf_counter()
            judgement = self.judge(sender, host, request)
            if judgement.answer is None:
                judgement = self._forwarded(judgement)
            self.finish(judgement, started)
            return judgement

    def deliver(self, pod: PodName, request: Request) -> Response:
        """Give a request to a pod, past all rules, or raise `OSError`."""
        if self._deliver is None:
            raise GateFailed("the gate has no carrier", "Attach one before traffic begins")
        return self._deliver(pod, request)

    def judge(self, sender: PodName, host: str, request: Request) -> Judgement:
        """Understand a request and decide what happens to it. May ask a pod for an hCard."""
        recipient = self.hosts.get(host)
        if recipient is None:
            unknown = Judgement(sender, host, None, request, addressed(request))
            return unknown.failed(f"no pod is called {host}")
        if request.is_oversized:
            oversized = Judgement(sender, host, recipient, request, addressed(request))
            return oversized.failed("the body is larger than the gate carries", 413)
        message = read(request, lambda guid: self._keys.private_key(recipient, guid, self._hcard))
        judgement = Judgement(sender, host, recipient, request, message)
        with self._lock:
            if self._is_cut(sender, recipient):
                return judgement.failed(f"{sender} is cut off from {recipient}")
            for garbage in self._garbage:
                if garbage.concerns(recipient, message.route):
                    return replace(judgement, verdict="garbled", answer=garbage.answer)
            return self._obey(judgement, self._book.decide(sender, recipient, message))

    def finish(self, judgement: Judgement, started: float) -> None:
        """Record how a request ended, and learn from the answer.

        Args:
            judgement: With the answer that the sender is given.
            started: What `time.perf_counter` said when it began.
        """
        answer = judgement.answer
        if answer and answer.status == 200 and judgement.verdict == "passed":
            judgement = self._learn(judgement, answer)
        self.wiretap.record(self._record(judgement, started))

    def _obey(self, judgement: Judgement, decision: Decision) -> Judgement:
        if not decision.is_certain:
            return replace(judgement, verdict="unknown")
        if decision.action == "pass":
            return judgement
        for hold in self._holds:
            if hold.active is decision.by:
                hold.park(judgement)
        answer = Response.of_the_gate(_ANSWERS[decision.action])
        return replace(judgement, verdict=_VERDICTS[decision.action], answer=answer)

    def _learn(self, judgement: Judgement, answer: Response) -> Judgement:
        if judgement.message.route == "fetch":
            return replace(judgement, message=read_answer(judgement.message, answer.body))
        hcard = HCARD_PATH.fullmatch(judgement.request.path)
        if hcard and judgement.recipient:
            self._keys.learn(judgement.recipient, hcard[1], answer.body)
        return judgement

    def _record(self, judgement: Judgement, started: float) -> Exchange:
        request, answer = judgement.request, judgement.answer
        return Exchange(
            at=self.wiretap.now(),
            virtual_at=self.wiretap.virtual_now(),
            sender=judgement.sender,
            recipient=judgement.recipient,
            host=judgement.host,
            method=request.method,
            path=request.target,
            **asdict(judgement.message),
            status=answer.status if answer else None,
            verdict=judgement.verdict,
            reason=judgement.reason,
            request_bytes=len(request.body),
            response_bytes=len(answer.body) if answer else 0,
            duration_ms=round((perf_counter() - started) * 1000, 3),
        )

    def _let_go(self, parked: Judgement) -> None:
        with self.wiretap.travelling():
            started = perf_counter()
            self.finish(self._delivered(parked), started)

    def _forwarded(self, judgement: Judgement) -> Judgement:
        try:
            return judgement.answered(self.deliver(judgement.to, judgement.request))
        except OSError as error:
            return judgement.unreachable(error)

    def _delivered(self, parked: Judgement) -> Judgement:
        if self._is_cut(parked.sender, parked.to):
            return parked.failed(f"{parked.sender} is cut off from {parked.to}")
        return self._forwarded(replace(parked, verdict="released", answer=None))

    def _is_cut(self, sender: PodName, recipient: PodName) -> bool:
        with self._lock:
            return any((sender, recipient) in cut.links for cut in self._cuts)

    def _heal(self, cut: Cut) -> None:
        with self._lock:
            self._cuts = [other for other in self._cuts if other is not cut]

    def _clean(self, garbage: Garbage) -> None:
        with self._lock:
            self._garbage = [other for other in self._garbage if other is not garbage]

    def _hcard(self, pod: PodName, guid: str) -> bytes:
        host = next(host for host, name in self.hosts.items() if name == pod)
        headers: Headers = (("Host", host), ("Accept", "text/html"))
        return self.deliver(pod, Request("GET", f"/hcard/users/{guid}", headers)).body
