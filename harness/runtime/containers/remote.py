"""The gate in a container, as scenarios hold it: the same calls, sent to its control API."""

import json
import threading
from bisect import bisect_right
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from harness.errors import GateFailed
from harness.facts.identity import POD_HOSTS
from harness.gate import Gate, KeyRing, Wiretap
from harness.gate.cuts import Links
from harness.gate.faults import Cut, Fault, Hold
from harness.gate.http import Request
from harness.gate.mailbox import Letter, Mailbox
from harness.gate.notation import (
    exchange_of,
    letter_of,
    links_as_json,
    rule_as_json,
    rule_of,
)
from harness.gate.rules import ActiveRule, Rule
from harness.gate.server import CONTROL_HOST
from harness.runtime.clock import VirtualClock
from harness.runtime.local_http import Address, ask
from harness.runtime.ready import wait_until

_PATIENCE: Final = timedelta(minutes=2)  # releasing delivers all that is held
_COPYING: Final = timedelta(seconds=0.5)


class GateControl:
    """Speaks to the control API; silent until it is told where that is."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.address: Address | None = None

    def call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 (JSON)
        """Ask something of the gate.

        Raises:
            GateFailed: If it does not answer, or will not.
        """
        if self.address is None:
            raise GateFailed("the gate was asked for something before it was started")
        headers = (("Authorization", f"Bearer {self._token}"),)
        content = b"" if body is None else json.dumps(body).encode()
        try:
            request = Request(method, path, headers, content)
            answer = ask(self.address, CONTROL_HOST, request, _PATIENCE)
        except ConnectionError as error:
            raise GateFailed(f"the gate is gone: {error}", "Look at gate.log") from error
        if answer.status != 200:
            text = answer.body[:300].decode(errors="replace").strip()
            raise GateFailed(f"the gate answers {method} {path} {answer.status}: {text}")
        return json.loads(answer.body)


class RememberingClock(VirtualClock):
    """Knows when it was in the federation at any time of the wall clock."""

    def __init__(self) -> None:
        super().__init__()
        self._changes = [(datetime.min.replace(tzinfo=UTC), self.now)]

    def tick(self) -> datetime:
        """The time of the next act."""
        now = super().tick()
        self._note(now)
        return now

    def turn_to(self, now: datetime) -> None:
        """Let it be that time."""
        super().turn_to(now)
        self._note(now)

    def at(self, wall: datetime) -> datetime:
        """When it was in the federation."""
        return self._changes[bisect_right(self._changes, wall, key=lambda each: each[0]) - 1][1]

    def _note(self, now: datetime) -> None:
        self._changes.append((datetime.now(UTC), now))


class RemoteWiretap(Wiretap):
    """Copies the record of the gate: all the time, and at once when somebody asks."""

    def __init__(self, path: Path, clock: RememberingClock, control: GateControl) -> None:
        super().__init__(path, virtual_now=lambda: clock.now)
        self._clock = clock
        self._control = control
        self._pulling = threading.Lock()
        self._over = threading.Event()
        self._copier = threading.Thread(target=self._copy, name="wiretap", daemon=True)

    def start(self) -> None:
        """Begin to copy, so that a run which is killed leaves what it saw."""
        self._copier.start()

    def pull(self) -> None:
        """Copy what is new."""
        with self._pulling:
            if self._over.is_set() or self._control.address is None:
                return
            known = super().mark()
            for document in self._control.call("GET", f"/exchanges?since={known}"):
                at = datetime.fromisoformat(document["at"])
                self.record(exchange_of(document, self._clock.at(at)))

    def mark(self) -> int:
        """The number of the latest exchange, to be given as `since` later."""
        self.pull()
        return super().mark()

    @property
    def in_flight(self) -> int:
        """How many exchanges have begun and not ended."""
        return int(self._control.call("GET", "/state")["in_flight"])

    def wait_until_idle(self, timeout: timedelta) -> bool:
        """Wait until nothing is in flight; False if something still is when the time is over."""
        return wait_until(lambda: self.in_flight == 0, timeout=timeout)

    def close(self) -> None:
        """Copy no more; what was copied can still be asked for."""
        with self._pulling:
            self._over.set()
        super().close()

    def _copy(self) -> None:
        with suppress(GateFailed):  # whoever asks it next is told
            while not self._over.wait(_COPYING.total_seconds()):
                self.pull()


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

    def reset(self) -> None:
        """End all faults, drop what is parked, and forget whose keys are whose."""
        self._control.call("POST", "/reset")

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


class RemoteMailbox(Mailbox):
    """The mail that has come to the gate's container."""

    def __init__(self, control: GateControl) -> None:
        super().__init__()
        self._control = control
        self._is_over = False

    def letters(self, since: int = 0) -> tuple[Letter, ...]:
        """What has arrived, as it came."""
        if not self._is_over:
            known = len(super().letters())
            for document in self._control.call("GET", f"/letters?since={known}"):
                self.put(letter_of(document))
        return super().letters(since)

    def forget(self) -> None:
        """Forget what has arrived."""
        self._control.call("DELETE", "/letters")
        super().forget()

    def close(self) -> None:
        """Take what has arrived and ask no more."""
        self.letters()
        self._is_over = True
