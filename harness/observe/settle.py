"""Waits until nothing can move any more.

Termination is detected by counting twice: the federation is quiet when two rounds in a row find
nothing due anywhere and the same running totals, and the gate has seen nothing pass in between:
that does not rest on the word of a pod. One round is not enough, since a message can hop behind the
reader's back. What sleeps until a later time, and what the gate holds, does not move by
itself: it is reported, not waited for.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from harness.errors import NotSettled
from harness.facts.gauge import Gauge
from harness.facts.identity import PodName
from harness.facts.journal import Act
from harness.runtime import Runtime

Gauges = Mapping[PodName, Gauge]

JOURNAL_LINES: Final = 10


@dataclass(frozen=True, slots=True)
class Quiet:
    """A settled federation.

    Attributes:
        gauges: The last reading of each running pod.
        parked: How many messages the gate holds.
    """

    gauges: Gauges
    parked: int

    @property
    def sleeping(self) -> dict[PodName, int]:
        """How many things each pod will do later, where there are any."""
        return {pod: gauge.sleeping for pod, gauge in self.gauges.items() if gauge.sleeping}

    @property
    def left(self) -> tuple[str, ...]:
        """What has not arrived, and does not by itself: to be told of with the outcome."""
        told = [
            f"{pod}: {number} {what}"
            for pod, gauge in self.gauges.items()
            for number, what in ((gauge.sleeping, "due later"), (gauge.abandoned, "abandoned"))
            if number
        ]
        return (*told, *([f"gate: {self.parked} held"] if self.parked else ()))


def settle(runtime: Runtime, timeout: timedelta, latest: Iterable[Act] = ()) -> Quiet:
    """Let the pods work until nothing moves.

    Args:
        runtime: The pods.
        timeout: When to give up.
        latest: What was done last, for the message if this fails.

    Raises:
        NotSettled: If something still moves when the time is over.
    """
    deadline = time.monotonic() + timeout.total_seconds()
    before: Gauges | None = None
    seen_before = 0
    while True:
        left = timedelta(seconds=max(deadline - time.monotonic(), 0.001))
        now, seen = runtime.let_work(left), runtime.gate.wiretap.mark()
        is_silent = seen == seen_before and not runtime.gate.wiretap.in_flight
        if before is not None and is_silent and agree(before, now):
            return Quiet(now, runtime.gate.parked)
        if time.monotonic() >= deadline:
            raise NotSettled(describe(now, runtime.gate.parked, timeout, latest))
        before, seen_before = now, seen


def agree(before: Gauges, now: Gauges) -> bool:
    """Whether two rounds prove that nothing moved between them, and nothing is due."""
    rounds = (before, now)
    return all(gauge.is_quiet for gauges in rounds for gauge in gauges.values()) and (
        {pod: gauge.totals for pod, gauge in before.items()}
        == {pod: gauge.totals for pod, gauge in now.items()}
    )


def describe(gauges: Gauges, parked: int, timeout: timedelta, latest: Iterable[Act]) -> str:
    """What still moves, pod by pod, and what was done last."""
    lines = [f"after {timeout.total_seconds():g} s messages still move"]
    lines += [f"  {pod}: {gauge}" for pod, gauge in gauges.items()]
    lines += [f"  gate: {parked} parked"] if parked else []
    lines += [f"  act {act.n}: {act.actor} {act.verb}" for act in tuple(latest)[-JOURNAL_LINES:]]
    return "\n".join(lines)
