"""The gate: what scenarios tell it, and how it judges what passes. Carriers bring the traffic.

A carrier (`proxy`, `inline`) hands each request to `Gate.carry`, or, if it has to wait without
blocking, to `judge` and `finish`. It attaches itself, so that the gate can deliver on its own what
was held, and ask a pod for an hCard.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from functools import partial
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from harness.errors import GateFailed
from harness.facts.identity import PEER_HOSTS, Party, PeerName, PodName
from harness.gate import cuts
from harness.gate.decode import HCARD_PATH, Route, addressed, read, read_answer
from harness.gate.faults import Cut, Fault, Garbage, Hold
from harness.gate.guests import Guest
from harness.gate.http import Headers, Request, Response
from harness.gate.imposed import Imposed
from harness.gate.judgement import ANSWERS, VERDICTS, Judgement
from harness.gate.keys import KeyRing
from harness.gate.links import pod_named
from harness.gate.rules import Decision, Rule, RuleBook, named
from harness.gate.wiretap import Exchange, Wiretap

Deliver = Callable[[Party, Request], Response]
Entities = str | Iterable[str] | None


class Gate:
    """All traffic between the pods, the faults that befall it, and the record of it.

    A fault is in force from the call on, until it is ended or its `with` block is left. Safe to use
    from several threads.
    """

    def __init__(self, hosts: Mapping[str, Party], wiretap: Wiretap, keys: KeyRing) -> None:
        """Set up a gate without faults.

        Args:
            hosts: Which host belongs to which pod.
            wiretap: Records every exchange.
            keys: Opens private messages.
        """
        self.hosts = dict(hosts)
        self.wiretap = wiretap
        self.imposed = Imposed(wiretap)
        self._keys = keys
        self._book = RuleBook()
        self._holds: list[Hold] = []
        self._cuts: list[Cut] = []
        self._garbage: list[Garbage] = []
        self._guests: dict[Party, Guest] = {}
        self._lock = threading.RLock()
        self._deliver: Deliver | None = None

    # What scenarios say

    def losing(
        self,
        entity: Entities = None,
        *,
        to: Party | None = None,
        sender: Party | None = None,
        nth: int | None = None,
    ) -> Fault:
        """Acknowledge such messages and drop them; the sender will not try again."""
        return self.impose(self.imposed.rule(Rule("lose", named(entity), sender, to, nth)))

    def refusing(
        self,
        entity: Entities = None,
        *,
        to: Party | None = None,
        sender: Party | None = None,
        nth: int | None = None,
    ) -> Fault:
        """Answer such messages with 503; the sender will try again later."""
        return self.impose(self.imposed.rule(Rule("refuse", named(entity), sender, to, nth)))

    def holding(
        self,
        entity: Entities = None,
        *,
        to: Party | None = None,
        sender: Party | None = None,
        nth: int | None = None,
    ) -> Hold:
        """Acknowledge such messages and keep them until the hold is released or left."""
        return self.hold(self.imposed.rule(Rule("hold", named(entity), sender, to, nth)))

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
        return self.sever(self.imposed.links(cuts.around(pod_named(pod))))

    def cut(self, a: PodName, b: PodName, *, one_way: bool = False) -> Cut:
        """Let nothing get from one pod to the other, or only not from `a` to `b`."""
        a, b = pod_named(a), pod_named(b)
        links = cuts.one_way(a, b) if one_way else cuts.between(a, b)
        return self.sever(self.imposed.links(links))

    def sever(self, links: cuts.Links) -> Cut:
        """Cut any set of directed links."""
        with self._lock:
            cut = Cut(links, self._heal)
            self._cuts.append(cut)
        return cut

    def garbling(self, pod: Party, body: bytes, *routes: Route) -> Garbage:
        """Answer what is asked of a pod (discovery, fetches, or these) with these bytes instead."""
        asked = frozenset[Route](routes or ("discovery", "fetch"))
        with self._lock:
            garbage = Garbage(self.imposed.garbage(pod), asked, body, self._clean)
            self._garbage.append(garbage)
        return garbage

    def welcome(self, name: PeerName, guest: Guest) -> None:
        """Let a scripted peer answer for its host, until the gate is reset."""
        with self._lock:
            self._guests[name] = guest
            self.hosts |= {host: peer for host, peer in PEER_HOSTS.items() if peer == name}

    def reset(self) -> None:
        """End all faults, drop what is parked, see guests out, forget whose keys are whose."""
        with self._lock:
            self._book, self._cuts, holds = RuleBook(), [], self._holds
            self._holds, self._garbage = [], []
            for hold in holds:
                hold.discard()
            self.hosts = {host: of for host, of in self.hosts.items() if of not in self._guests}
            self._guests = {}
            self.imposed.forget()
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

    def carry(self, sender: Party, host: str, request: Request) -> Judgement:
        """Judge a request, forward it if it may pass, and record what happened."""
        with self.wiretap.travelling():
            started = perf_counter()
            judgement = self.judge(sender, host, request)
            if judgement.answer is None:
                judgement = self._forwarded(judgement)
            self.finish(judgement, started)
            return judgement

    def guest(self, party: Party) -> Guest | None:
        """The scripted peer of that name, if it is one and is here."""
        return self._guests.get(party)

    def deliver(self, pod: Party, request: Request) -> Response:
        """Give a request to a pod, past all rules, or raise `OSError`."""
        if self._deliver is None:
            raise GateFailed("the gate has no carrier", "Attach one before traffic begins")
        return self._deliver(pod, request)

    def judge(self, sender: Party, host: str, request: Request) -> Judgement:
        """Understand a request and decide what happens to it. May ask a pod for an hCard."""
        recipient = self.hosts.get(host)
        if recipient is None:
            unknown = Judgement(sender, host, None, request, addressed(request))
            return unknown.failed(f"no pod is called {host}")
        if request.is_oversized:
            oversized = Judgement(sender, host, recipient, request, addressed(request))
            return oversized.failed("the body is larger than the gate carries", 413)
        message = read(request, partial(self._private_key, recipient))
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
        answer = Response.of_the_gate(ANSWERS[decision.action])
        return replace(judgement, verdict=VERDICTS[decision.action], answer=answer)

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
            response_bytes=answer.size if answer else 0,
            duration_ms=round((perf_counter() - started) * 1000, 3),
        )

    def _let_go(self, parked: Judgement) -> None:
        with self.wiretap.travelling():
            started = perf_counter()
            self.finish(self._delivered(parked), started)

    def _forwarded(self, judgement: Judgement) -> Judgement:
        try:
            if (guest := self.guest(judgement.to)) is not None:
                return judgement.answered(guest.answer(judgement.sender, judgement.request))
            return judgement.answered(self.deliver(judgement.to, judgement.request))
        except OSError as error:
            return judgement.unreachable(error)

    def _delivered(self, parked: Judgement) -> Judgement:
        if self._is_cut(parked.sender, parked.to):
            return parked.failed(f"{parked.sender} is cut off from {parked.to}")
        return self._forwarded(replace(parked, verdict="released", answer=None))

    def _is_cut(self, sender: Party, recipient: Party) -> bool:
        with self._lock:
            return any((sender, recipient) in cut.links for cut in self._cuts)

    def _heal(self, cut: Cut) -> None:
        with self._lock:
            self._cuts = [other for other in self._cuts if other is not cut]

    def _clean(self, garbage: Garbage) -> None:
        with self._lock:
            self._garbage = [other for other in self._garbage if other is not garbage]

    def _private_key(self, recipient: Party, guid: str) -> RSAPrivateKey | None:
        if (guest := self.guest(recipient)) is not None:  # it would notice a request
            return guest.private_key(guid)
        return self._keys.private_key(recipient, guid, self._hcard)

    def _hcard(self, pod: Party, guid: str) -> bytes:
        host = next(host for host, name in self.hosts.items() if name == pod)
        headers: Headers = (("Host", host), ("Accept", "text/html"))
        return self.deliver(pod, Request("GET", f"/hcard/users/{guid}", headers)).body
