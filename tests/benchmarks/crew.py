"""Four people on one pod who write to four on another, all at once."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from harness.driver.adapter import Draft
from harness.driver.registry import adapter
from harness.facts.identity import PodName
from harness.federation import Account, Federation
from harness.gate.http import Request
from harness.runtime.choice import open_runtime
from harness.settings import HarnessSettings
from tests.benchmarks.measuring import seconds
from tests.benchmarks.spent import ALL, TARGET

WRITERS: Final = 4
BYSTANDERS: Final = ("first", "second")
"""They take the first two test keys of their pod; the second is larger than those that follow."""
PATIENCE: Final = timedelta(seconds=60)
SENDER: Final[PodName] = "pod3"
RECEIVER: Final[PodName] = "pod1"
PLAIN: Final = "pod.app:create_core"
TEXT: Final = (
    "Plain words of ordinary length, with a #tag and a link: https://link.example.org/.\n" * 3
)
NAMES: Final = {"post": "public posts", "message": "private messages"}

Spent = Mapping[str, Mapping[str, float]]
"""Seconds of processor time by process, and by kind of work."""


class Crew:
    """Four people who write, and what they write into or to whom."""

    def __init__(self, federation: Federation) -> None:
        self.federation = federation
        self.written: Counter[str] = Counter()
        for pod in (SENDER, RECEIVER):
            for name in BYSTANDERS:
                federation[pod].sign_up(name)
        self.writers = [self._writer(number) for number in range(WRITERS)]
        federation.settle()
        self._conversations = [
            writer.message(reader, "How are you?") for writer, reader in self.writers
        ]
        federation.settle()

    def _writer(self, number: int) -> tuple[Account, Account]:
        writer = self.federation[SENDER].sign_up(f"writer{number}")
        reader = self.federation[RECEIVER].sign_up(f"reader{number}")
        writer.share(reader, "friends")
        reader.share(writer, "friends")
        return writer, reader

    def write(self, kind: str, count: int) -> float:
        """Have so many messages written and received.

        Returns:
            How many seconds it took.
        """
        control = self.federation.runtime.control[RECEIVER]
        before = control.gauge().received
        work = [self._deeds(kind, index, count // WRITERS) for index in range(WRITERS)]
        taken = seconds(lambda: self._all_at_once(work))
        self._need(count, control.gauge().received - before, kind)
        self.written[kind] += count
        return taken

    def check(self) -> None:
        """Count what the recipients' pod believes to have been said to its people."""
        rows = self.federation.runtime.control[RECEIVER].state()["rows"]
        found = Counter(kind for kind, _, fields in rows if fields.get("text") == TEXT)
        for kind, count in self.written.items():
            self._need(count, found[kind], kind)

    def _deeds(self, kind: str, index: int, count: int) -> list[Callable[[], object]]:
        """Prepared beforehand: numbering acts is the harness's work, and for one thread."""
        writer, verbs = self.writers[index][0], self.federation.adapter
        login = writer.login
        if login is None:
            raise RuntimeError(f"{writer} is not logged in")
        acts = [
            login.during(self.federation.acting.next_headers(writer.diaspora_id)[1])
            for _ in range(count)
        ]
        if kind == "post":
            draft = Draft(text=TEXT, aspects=None)
            return [partial(verbs.post, act, draft) for act in acts]
        return [partial(verbs.reply, act, self._conversations[index], TEXT) for act in acts]

    def _all_at_once(self, work: list[list[Callable[[], object]]]) -> None:
        with ThreadPoolExecutor(WRITERS) as threads:
            for _ in threads.map(lambda deeds: [deed() for deed in deeds], work):
                continue  # raises what was refused
        for pod in (SENDER, RECEIVER):
            self.federation.runtime.control[pod].quiet(PATIENCE)

    def _need(self, count: int, found: int, kind: str) -> None:
        if found != count:
            raise RuntimeError(f"of {count} {NAMES[kind]} {found} have arrived")

    def spent(self) -> Spent:
        """What pods, gate and harness have spent so far; the pods must be accounting ones."""
        runtime = self.federation.runtime
        found = {
            str(pod): json.loads(runtime.send(pod, Request("GET", TARGET)).body)
            for pod in (SENDER, RECEIVER)
        }
        threads = {thread.name: thread.ident for thread in threading.enumerate()}
        gate = time.clock_gettime(time.pthread_getcpuclockid(threads["gate"] or 0))
        return found | {"gate": {ALL: gate}, "writers": {ALL: time.process_time() - gate}}


@contextmanager
def crew(factory: str) -> Iterator[Crew]:
    """Four pods made by that factory, and the people."""
    settings = HarnessSettings.read({}, federation="processes", pod_factory=factory)
    with tempfile.TemporaryDirectory(prefix="seedbed-benchmark-") as folder:
        runtime = open_runtime(settings, Path(folder))
        try:
            runtime.start()
            yield Crew(
                Federation(
                    runtime,
                    adapter("reference"),
                    seed=settings.seed,
                    settle_timeout=settings.settle_timeout,
                )
            )
        finally:
            runtime.stop()
