"""The gate in a container, as scenarios hold it: the same calls, sent to its control API."""

import base64
import threading

from harness.errors import GateFailed
from harness.facts.identity import POD_HOSTS, Party, PeerName
from harness.gate import Gate, KeyRing
from harness.gate.cuts import Links
from harness.gate.decode import Route, addressed
from harness.gate.faults import Cut, Fault, Garbage, Hold
from harness.gate.guests import Guest
from harness.gate.http import Request
from harness.gate.judgement import Judgement
from harness.gate.notation import (
    links_as_json,
    request_as_json,
    response_of,
    rule_as_json,
    rule_of,
)
from harness.gate.rules import ActiveRule, Rule
from harness.runtime.containers.gate_control import GateControl
from harness.runtime.containers.hosting import Host
from harness.runtime.containers.records import RemoteWiretap


class RemoteHold(Hold):
    """A rule that holds messages in the gate's container."""

    def __init__(self, active: ActiveRule, number: int, control: GateControl) -> None:
        super().__init__(threading.Lock(), active, lambda _: None, lambda _: None)
        self._path = f"/faults/{number}"
        self._control = control

    @property
    def parked(self) -> int:
        """How many messages it keeps."""
        return int(self._control.call("GET", self._path)["parked"])

    def release(self) -> None:
        """Deliver what is kept, in order, and hold nothing from then on."""
        self._control.call("DELETE", self._path)


class RemoteGate(Gate):
    """All traffic between the containers, the faults that befall it, and the record of it."""

    def __init__(self, tap: RemoteWiretap, control: GateControl) -> None:
        super().__init__({host: pod for pod, host in POD_HOSTS.items()}, tap, KeyRing())
        self._control = control
        self._host = Host(self.guest, control)

    def impose(self, rule: Rule) -> Fault:
        """Put any rule but a hold in force."""
        if rule.action == "hold":
            return super().impose(rule)  # says why not
        number = self._put(rule)
        return Fault(threading.Lock(), ActiveRule(rule), lambda _: self._end(number))

    def hold(self, rule: Rule) -> Hold:
        """Put a rule that holds messages in force."""
        return RemoteHold(ActiveRule(rule), self._put(rule), self._control)

    def sever(self, links: Links) -> Cut:
        """Cut any set of directed links."""
        number = int(self._control.call("POST", "/cuts", links_as_json(links))["id"])
        return Cut(links, lambda _: self._end(number))

    def garbling(self, pod: Party, body: bytes, *routes: Route) -> Garbage:
        """Answer what is asked of a pod (discovery, fetches, or these) with these bytes instead."""
        document = {"pod": pod, "body": base64.b64encode(body).decode(), "routes": list(routes)}
        number = int(self._control.call("POST", "/garbage", document)["id"])
        noted = self.imposed.garbage(pod)
        return Garbage(noted, frozenset(routes), body, lambda _: self._end(number))

    def welcome(self, name: PeerName, guest: Guest) -> None:
        """Let a scripted peer answer for its host, until the gate is reset."""
        super().welcome(name, guest)
        self._host.begin()
        self._control.call("PUT", f"/guests/{name}")

    def carry(self, sender: Party, host: str, request: Request) -> Judgement:
        """Let a guest make a request of a pod."""
        document = {"sender": sender, "host": host, "request": request_as_json(request)}
        judged = self._control.call("POST", "/carry", document)
        return Judgement(
            sender,
            host,
            self.hosts.get(host),
            request,
            addressed(request),
            judged["verdict"],
            response_of(judged["answer"]),
            judged["reason"],
        )

    def close(self) -> None:
        """Answer for guests no more."""
        self._host.end()

    def reset(self) -> None:
        """End all faults, drop what is parked, and forget whose keys are whose."""
        self._control.call("POST", "/reset")
        super().reset()

    @property
    def parked(self) -> int:
        """How many messages are held at the gate."""
        return int(self._control.call("GET", "/state")["parked"])

    def _put(self, rule: Rule) -> int:
        document = rule_as_json(rule)
        if rule_of(document) != rule:
            raise GateFailed(f"the rule {rule} cannot be told to a gate in a container")
        return int(self._control.call("POST", "/rules", document)["id"])

    def _end(self, number: int) -> None:
        self._control.call("DELETE", f"/faults/{number}")
