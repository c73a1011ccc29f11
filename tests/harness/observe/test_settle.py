"""Counting twice, on plain gauges."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from harness.errors import NotSettled
from harness.facts.gauge import Gauge
from harness.facts.identity import PodName
from harness.facts.journal import Journal
from harness.observe.settle import agree, settle
from harness.runtime import Runtime

Round = dict[PodName, Gauge]


def gauge(*, queued: int = 0, in_flight: int = 0, sent: int = 0, sleeping: int = 0) -> Gauge:
    return Gauge(
        queued=queued, in_flight=in_flight, sleeping=sleeping, sent=sent, received=0, abandoned=0
    )


class Rounds:
    """Pods whose gauges were written down beforehand; the last round repeats."""

    def __init__(
        self, rounds: Sequence[Round], parked: int = 0, passed: Sequence[int] = ()
    ) -> None:
        self._rounds = list(rounds)
        self._passed = list(passed)
        self.read = 0
        wiretap = SimpleNamespace(in_flight=0, mark=self._mark)
        self.gate = SimpleNamespace(parked=parked, wiretap=wiretap)

    def _mark(self) -> int:
        return self._passed.pop(0) if self._passed else 9

    def let_work(self, timeout: timedelta) -> Round:
        del timeout
        self.read += 1
        return self._rounds.pop(0) if len(self._rounds) > 1 else self._rounds[0]


def as_runtime(rounds: Rounds) -> Runtime:
    return cast(Runtime, rounds)


def test_one_quiet_round_is_not_enough() -> None:
    rounds = Rounds([{"pod1": gauge(sent=1)}])
    settle(as_runtime(rounds), timedelta(seconds=1))
    assert rounds.read == 2


def test_a_message_that_hopped_behind_the_reader_is_waited_for() -> None:
    quiet: Round = {"pod1": gauge(sent=1)}
    later: Round = {"pod1": gauge(sent=2)}
    rounds = Rounds([quiet, later, later])
    assert settle(as_runtime(rounds), timedelta(seconds=1)).gauges == later
    assert rounds.read == 3


def test_a_gauge_that_says_nothing_moves_while_the_gate_sees_messages_is_not_believed() -> None:
    rounds = Rounds([{"pod1": gauge(sent=1)}], passed=[6, 7, 8])
    settle(as_runtime(rounds), timedelta(seconds=1))
    assert rounds.read == 5


@pytest.mark.parametrize("busy", [gauge(queued=1), gauge(in_flight=1)])
def test_work_that_is_due_is_never_quiet(busy: Gauge) -> None:
    assert not agree({"pod1": busy}, {"pod1": busy})


def test_a_pod_that_vanished_between_two_rounds_is_no_proof() -> None:
    assert not agree({"pod1": gauge(), "pod2": gauge()}, {"pod1": gauge()})


def test_what_sleeps_or_is_parked_is_reported_and_not_waited_for() -> None:
    rounds = Rounds([{"pod1": gauge(sleeping=2), "pod2": gauge()}], parked=3)
    quiet = settle(as_runtime(rounds), timedelta(seconds=1))
    assert (quiet.sleeping, quiet.parked) == ({"pod1": 2}, 3)
    assert quiet.left == ("pod1: 2 due later", "gate: 3 held")


def test_giving_up_names_each_gauge_and_the_last_acts() -> None:
    journal = Journal()
    journal.add("carol@pod1.test", "post", {}, at=datetime(2026, 1, 5, tzinfo=UTC))
    rounds = Rounds([{"pod1": gauge(queued=1), "pod2": gauge(sent=4)}])
    with pytest.raises(NotSettled) as failure:
        settle(as_runtime(rounds), timedelta(0), journal.tail())
    assert failure.value.what.splitlines() == [
        "after 0 s messages still move",
        "  pod1: queued=1 in_flight=0 sleeping=0 sent=0 received=0 abandoned=0",
        "  pod2: queued=0 in_flight=0 sleeping=0 sent=4 received=0 abandoned=0",
        "  act 1: carol@pod1.test post",
    ]
