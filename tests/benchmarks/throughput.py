"""Messages a second, from pod3 to pod1 through the gate, written by four people at once.

Each writes by the API of the users, as fast as the pod answers; measured from the first request
until both pods have nothing left to do, and counted in what the recipients' pod then believes.
Floor: for each message the bare RSA operations, and one row committed by SQLite on each side, as
durably as pods commit. Then the same with pods that keep account of their processor time.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from functools import partial
from statistics import median
from typing import Final

from tabulate import tabulate

from tests.benchmarks import floors, record
from tests.benchmarks.crew import NAMES, PLAIN, RECEIVER, SENDER, TEXT, WRITERS, Spent, crew
from tests.benchmarks.measuring import interleaved, seconds
from tests.benchmarks.spent import ALL, COMMITS_BY_THE_CLOCK, FACTORY

MESSAGES: Final = 300
ROUNDS: Final = 3

RSA: Final[Mapping[str, Mapping[str, int]]] = {
    "post": {"sign": 1, "verify": 1},
    "message": {"sign": 1, "encrypt": 1, "decrypt": 1, "verify": 1},
}
"""What each kind of message needs at least."""


class Floor:
    """The least for one message: bare RSA, and a row committed on each side."""

    def __init__(self, stack: ExitStack) -> None:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="seedbed-benchmark-"))
        self._keys = floors.Keys()
        self._databases = [
            stack.enter_context(closing(sqlite3.connect(f"{folder}/{pod}", isolation_level=None)))
            for pod in (SENDER, RECEIVER)
        ]
        for database in self._databases:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=NORMAL")
            database.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, text TEXT)")

    def pass_on(self, kind: str, count: int) -> float:
        """How many seconds so many messages take."""
        operations = {name: count * number for name, number in RSA[kind].items()}
        return self._keys.seconds(operations) + seconds(lambda: self._commit(count))

    def _commit(self, count: int) -> None:
        for _ in range(count):
            for database in self._databases:
                database.execute("BEGIN IMMEDIATE")
                database.execute("INSERT INTO messages (text) VALUES (?)", (TEXT,))
                database.execute("COMMIT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Messages a second: the medians of the rounds."""

    what: str
    messages: int
    rounds: int
    rate: float
    floor: float
    ratio: float
    accounting: float


def burst(messages: int) -> int:
    """How many are written in a round: as many by each."""
    return messages // (ROUNDS * WRITERS) * WRITERS


def measured(messages: int) -> tuple[dict[str, list[float]], dict[str, Spent]]:
    """The seconds of all bursts; and what the accounting ones have spent a message."""
    count = burst(messages)
    with ExitStack() as stack:
        floor, plain = Floor(stack), stack.enter_context(crew(PLAIN))
        actions: dict[str, Callable[[], float]] = {}
        for kind in RSA:
            plain.write(kind, 2 * WRITERS)  # fills caches
            actions[kind] = partial(plain.write, kind, count)
            actions[f"{kind}, floor"] = partial(floor.pass_on, kind, count)
        times = {name: list(taken) for name, taken in interleaved(actions, ROUNDS).items()}
        plain.check()
    spent: dict[str, Spent] = {}
    with crew(FACTORY) as accounting:
        for kind in RSA:
            accounting.write(kind, 2 * WRITERS)
            before = accounting.spent()
            times[f"{kind}, accounting"] = [accounting.write(kind, count) for _ in range(ROUNDS)]
            spent[kind] = _each(before, accounting.spent(), count * ROUNDS)
        accounting.check()
    return times, spent


def _each(before: Spent, after: Spent, count: int) -> Spent:
    """What one message has cost."""
    return {
        who: {kind: (taken - before[who].get(kind, 0.0)) / count for kind, taken in kinds.items()}
        for who, kinds in after.items()
    }


def rates(times: Mapping[str, list[float]], messages: int) -> list[Rate]:
    """Sum up the bursts."""
    count = burst(messages)
    return [
        Rate(
            what=NAMES[kind],
            messages=count * ROUNDS,
            rounds=ROUNDS,
            rate=round(count / median(times[kind]), 1),
            floor=round(count / median(times[f"{kind}, floor"]), 1),
            ratio=round(median(times[kind]) / median(times[f"{kind}, floor"]), 1),
            accounting=round(count / median(times[f"{kind}, accounting"]), 1),
        )
        for kind in RSA
    ]


def shares(spent: Spent) -> list[tuple[str, ...]]:
    """Where the processor time of a message goes, the largest kind first, both pods together."""
    pods = [dict(spent[pod]) for pod in (SENDER, RECEIVER)]
    commits = [kinds.pop(COMMITS_BY_THE_CLOCK) for kinds in pods]
    totals = [kinds.pop(ALL) for kinds in pods]
    for kinds, total in zip(pods, totals, strict=True):
        kinds["rules, queues, all else"] = total - sum(kinds.values())
    names = sorted(pods[0], key=lambda name: -sum(kinds[name] for kinds in pods))
    columns = [
        [_share(kinds[name], total) for name in names]
        for kinds, total in zip(pods, totals, strict=True)
    ]
    return [
        *zip(names, *columns, strict=True),
        (ALL, *map(_time, totals)),
        (COMMITS_BY_THE_CLOCK, *map(_time, commits)),
        *((f"all of the {who}", _time(spent[who][ALL])) for who in ("gate", "writers")),
    ]


def _time(taken: float) -> str:
    return f"{taken * 1000:.2f} ms"


def _share(part: float, whole: float) -> str:
    return f"{_time(part)}, {part / whole:.0%}"


def main() -> None:
    """Measure, print, and add a line to the history."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES, help=f"default: {MESSAGES}")
    wanted = parser.parse_args().messages
    if not burst(wanted):
        parser.error(f"--messages {wanted}: {ROUNDS * WRITERS} at least, one by each in each round")
    times, spent = measured(wanted)
    found = rates(times, wanted)
    print(tabulate(map(asdict, found), headers="keys"))  # noqa: T201 - a program's result
    for kind, costs in spent.items():
        heads = (f"one of the {NAMES[kind]}", f"{SENDER}, sends", f"{RECEIVER}, receives")
        print("\n" + tabulate(shares(costs), heads))  # noqa: T201 - as above
    milliseconds = [
        {"what": NAMES[kind], "milliseconds": _milliseconds(costs)} for kind, costs in spent.items()
    ]
    record.append("throughput", [*map(asdict, found), *milliseconds])


def _milliseconds(spent: Spent) -> dict[str, dict[str, float]]:
    return {
        who: {kind: round(taken * 1000, 3) for kind, taken in kinds.items()}
        for who, kinds in spent.items()
    }


if __name__ == "__main__":
    main()
