"""A federation with the cast in it, and what to do to pods that die; for tests of runtimes."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from harness.driver.registry import adapter
from harness.errors import PodDied
from harness.facts.identity import PodName
from harness.facts.reference import Ref
from harness.facts.snapshot import AUTHORED, Snapshots
from harness.federation import Account, Federation
from harness.runtime import Runtime
from harness.runtime.environment import key_pool
from harness.runtime.joined import Joined
from harness.runtime.processes import Processes
from harness.seeding import Fixtures, restore, seeded
from harness.seeding.cache import Saved
from harness.settings import HarnessSettings

LATER = timedelta(hours=1)
"""By then, whatever could not be delivered to a dead pod is due again."""

_ENTITIES = {"post": "status_message"}


@dataclass(slots=True)
class Town:
    """Four pods, the cast, and what they have made."""

    federation: Federation
    saved: Saved
    people: dict[str, Account]
    fixtures: Fixtures
    begun_with: int = 0

    def begin(self) -> None:
        """Go back to the end of the common past."""
        past = restore(self.federation, self.saved)
        self.people, self.fixtures = dict(past.people), past.fixtures
        self.begun_with = self.federation.gate.wiretap.mark()

    @property
    def runtime(self) -> Runtime:
        return self.federation.runtime

    def doom(self, pod: PodName, point: str) -> None:
        """Let a pod die at a point, but not before what it is told now is accepted."""
        self.runtime.control[pod].crash_at(point)
        self.runtime.control[pod].freeze(frozen=True)

    def dies(self, pod: PodName) -> bool:
        """Let everybody work; whether the pod has died of it."""
        with suppress(PodDied, ConnectionError):
            self.runtime.control[pod].freeze(frozen=False)
            self.federation.settle()
        if isinstance(self.runtime, Processes):
            return pod not in self.runtime.pids()
        return pod not in self.runtime.running()

    def revive(self, pod: PodName) -> None:
        """Start a dead pod again, over what it left behind."""
        self.federation[pod].start()

    def in_the_end(self) -> Snapshots:
        """Let everything be tried again, and look."""
        self.federation.settle()
        self.federation.clock.advance(LATER)
        self.federation.settle()
        self.federation.clock.advance(LATER)
        return self.federation.settle()

    def never_committed(self, snapshots: Snapshots) -> list[str]:
        """What pods have told others of without having it themselves."""
        tapped = self.federation.gate.wiretap.exchanges(since=self.begun_with)
        return [
            f"{each.sender} sent {each.entity} {each.guid}"
            for each in tapped
            if each.is_delivery and each.entity in (*AUTHORED, *_ENTITIES.values()) and each.guid
            if not any(_has(snapshots, each.sender, kind, each.guid) for kind in AUTHORED)
        ]

    def copies(self, who: Account, post: Ref) -> Counter[str]:
        """How often a person sees each comment under a post."""
        return Counter(
            str(each["guid"]) for each in (who.view(post) or {"comments": []})["comments"]
        )


def _has(snapshots: Snapshots, sender: str, kind: str, guid: str) -> bool:
    return any(pod == sender and state.get(kind, guid) for pod, state in snapshots.items())


@contextmanager
def town(kind: str, settings: HarnessSettings, folder: Path) -> Iterator[Town]:
    """Four pods with a past, `joined` or `processes`."""
    runtime: Runtime = Joined(settings, folder) if kind == "joined" else Processes(settings, folder)
    runtime.start()
    try:
        federation = Federation(
            runtime,
            adapter("reference"),
            seed=settings.seed,
            settle_timeout=timedelta(seconds=60),
            private_keys=key_pool(settings),
        )
        saved = seeded(federation, settings)
        yield Town(federation, saved, {}, saved.fixtures)
    finally:
        runtime.stop()
