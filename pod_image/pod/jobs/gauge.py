"""How much there is to do: what has to be zero before a pod is quiet."""

from __future__ import annotations

import time
from typing import TypedDict

from pod.jobs.context import Context
from pod.store.due import unfinished
from pod.store.schema import iso


class Gauge(TypedDict):
    """The gauge of the control API."""

    queued: int
    in_flight: int
    sleeping: int
    sleeping_until: str | None
    sent: int
    received: int
    abandoned: int


def gauge(context: Context) -> Gauge:
    """Read the gauge, all of it at one moment."""
    with context.work() as work:
        at = context.clock.now()
        counts = unfinished(work, at)
        totals = work.totals.all()
        until = counts.sleeping_until
        # Looked at after the rows: what has ended there since is counted here.
        in_flight = max(counts.running, context.lingering)
        return Gauge(
            queued=counts.queued,
            in_flight=in_flight,
            sleeping=counts.sleeping,
            sleeping_until=None if until is None else iso(until),
            sent=totals.get("sent", 0),
            received=totals.get("received", 0),
            abandoned=totals.get("abandoned", 0),
        )


def quiet(context: Context, timeout_seconds: float) -> Gauge:
    """The gauge as soon as nothing is queued or in flight, or when the time is over.

    Where no threads work, waiting would not change anything: the gauge as it is.
    """
    end = time.monotonic() + timeout_seconds
    while True:
        count = context.bell.count
        now = gauge(context)
        remaining = end - time.monotonic()
        if now["queued"] + now["in_flight"] == 0 or remaining <= 0 or not context.has_workers:
            return now
        context.bell.wait(count, remaining)


def wait_until_none_in_flight(context: Context, timeout_seconds: float) -> bool:
    """Wait until nobody works on anything any more; False if that takes too long."""
    end = time.monotonic() + timeout_seconds
    while True:
        count = context.bell.count
        remaining = end - time.monotonic()
        if gauge(context)["in_flight"] == 0:
            return True
        if remaining <= 0 or not context.has_workers:
            return False
        context.bell.wait(count, remaining)
