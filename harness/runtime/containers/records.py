"""What the gate in a container has recorded: exchanges and mail, copied to the harness."""

import threading
from bisect import bisect_right
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from harness.errors import GateFailed
from harness.gate import Wiretap
from harness.gate.mailbox import Letter, Mailbox
from harness.gate.notation import exchange_of, letter_of
from harness.runtime.clock import VirtualClock
from harness.runtime.containers.gate_control import GateControl
from harness.runtime.ready import wait_until

_COPYING: Final = timedelta(seconds=0.5)


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
