"""One run: a folder, four pods, and what became of each scenario."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Final

import pytest
from pluggy import HookRelay

from harness.driver.adapter import Adapter
from harness.driver.registry import adapter
from harness.errors import DiskFull, HarnessError
from harness.facts.identity import PodName
from harness.facts.snapshot import Snapshots
from harness.facts.steps import CriticalPath
from harness.facts.transcript import ScenarioResult, Transcript
from harness.federation import Federation
from harness.gate.ways import longest_way
from harness.plugin.concluding import Share, transcript_of
from harness.plugin.evidence import Evidence, doubt, gather, write_snapshots
from harness.report.folder import FULL, RunFolder
from harness.runtime import Runtime
from harness.runtime.choice import chosen, open_runtime
from harness.runtime.environment import key_pool
from harness.seeding import Seeded, restore, seeded
from harness.seeding.cache import Saved
from harness.settings import HarnessSettings

NOTHING: Final[Mapping[PodName, Mapping[str, str]]] = MappingProxyType({})


@dataclass(slots=True)
class Opened:
    """What a run has from its first scenario on."""

    folder: RunFolder
    runtime: Runtime
    federation: Federation
    saved: Saved


@dataclass(slots=True)
class Run:
    """A run of scenarios, or a worker's share of one; it opens with the first of them.

    Attributes:
        settings: What was asked for.
        hook: Tells other plugins.
        place: Where a worker's evidence goes; None for a whole run, which makes its folder itself.
        results: What became of each scenario so far.
        error: Our own trouble outside of any scenario.
        ended_by_option: Whether `-x` or its like, and nobody else, has interrupted the workers.
        side_by_side: How many workers have a federation; 0 if this process has it.
        shares: What workers have told of theirs.
        phases: How long each has taken, in seconds.
        path: The longest parts.
    """

    settings: HarnessSettings
    hook: HookRelay
    place: Path | None = None
    results: list[ScenarioResult] = field(default_factory=list)
    error: str = ""
    ended_by_option: bool = False
    side_by_side: int = 0
    shares: list[Share] = field(default_factory=list)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    phases: dict[str, float] = field(default_factory=dict)
    path: CriticalPath = field(default_factory=CriticalPath)
    _opened: Opened | None = None
    _runtime: Runtime | None = None
    _folder: RunFolder | None = None
    _past: int = 0
    _began: float | None = None
    _has_failed_to_open: bool = False
    _last: Snapshots | None = None

    @property
    def adapter(self) -> Adapter:
        """What drives the pods."""
        return adapter("reference")

    @property
    def federation(self) -> Federation:
        """The pods; they are up once a scenario has begun."""
        if self._opened is None:
            raise HarnessError("the federation was asked for before it was started")
        return self._opened.federation

    def begin(
        self,
        scenario: str,
        repetition: int = 1,
        changed: Mapping[PodName, Mapping[str, str]] = NOTHING,
    ) -> Seeded:
        """Bring the federation to the end of the common past.

        Args:
            scenario: What is going to be played.
            repetition: The how-manieth time, from 1; each has its own order of events.
            changed: Settings of single pods that are to be otherwise than usual.
        """
        with full_disk_is_told(self.settings):
            opened = self._opened = self._opened or self._open()
            opened.federation.order = self.settings.order + repetition - 1
            opened.federation.longest_settling = 0.0
            with self.phase("restore", part=scenario):
                opened.federation.configure(changed)
                seeded = restore(opened.federation, opened.saved)
        self._past = len(opened.federation.journal)
        self._began = perf_counter()
        self.hook.pytest_seedbed_phase(name="scenario", detail=scenario)
        return seeded

    @property
    def is_hopeless(self) -> bool:
        """Whether the federation did not come up: it would not for the next scenario either."""
        return self._has_failed_to_open

    def seconds(self, call: pytest.CallInfo[None]) -> float:
        """How long a scenario has played: also while its fixtures acted, after the restoring."""
        return call.duration if self._began is None else perf_counter() - self._began

    def note(self, result: ScenarioResult, place: int | None = None) -> None:
        """Keep what became of a scenario, in its place among the others, and let others know."""
        self.results.insert(len(self.results) if place is None else place, result)
        self.path.note("scenario", result.story, result.seconds)
        self.hook.pytest_seedbed_judged(result=result)

    def end(self, scenario: str) -> None:
        """Heal what the scenario has cut, and remember what the pods believed in the end."""
        self._began = None
        # After an interruption fixtures end when all is stopped: there is nothing left to heal.
        if self._opened is not None and self._runtime is not None:
            self._opened.federation.gate.reset()
            self._last = self._opened.federation.latest or self._last
            self._opened.federation.gate.wiretap.mark()  # tells what it could not write down
            self._note_path(self._opened.federation, scenario)

    def _note_path(self, federation: Federation, scenario: str) -> None:
        self.path.note("settle", scenario, federation.longest_settling)
        way = longest_way(federation.gate.wiretap.exchanges())
        if way is not None:
            self.path.note("message", str(way), way.seconds)

    def look_at(self, scenario: str) -> Evidence | None:
        """Keep what tells why a scenario failed."""
        if self._opened is None:
            return None
        federation = self._opened.federation
        if federation.latest is not None:
            write_snapshots(federation.latest, self._opened.folder.path, f"state-{scenario}")
        return gather(federation, self._past)

    def check_pods(self) -> None:
        """Raise if a pod asked a peer the unexpected or not the expected, died, or met an error."""
        if self._opened is not None:
            self._opened.federation.check_peers_to_the_end()
            self._opened.federation.check_pods()

    def left(self) -> tuple[str, ...]:
        """What had not arrived when the scenario last settled."""
        quiet = self._opened.federation.quiet if self._opened is not None else None
        return quiet.left if quiet is not None else ()

    def doubt(self) -> str:
        """Why the scenario may have overlooked something; empty if nothing speaks for it."""
        try:
            return doubt(self._opened.federation) if self._opened is not None else ""
        except HarnessError as error:  # the gate is gone, and with it what it knew
            return str(error)

    def close(self) -> None:
        """Write down what the pods believed in the end, and stop them."""
        if self._opened is not None:
            self._keep(self._opened)
        with self.phase("stop"):
            self.stop()

    def conclude(self, *, interrupted: bool) -> Transcript | None:
        """Stop the pods and write the reports; None if there was no scenario."""
        if self._has_nothing_to_say(interrupted=interrupted):
            return None
        folder = self._folder or RunFolder.create(self.settings.reports, "none")
        self.close()
        transcript = transcript_of(self, folder.path.name, interrupted=interrupted)
        folder.conclude(transcript)
        self.hook.pytest_seedbed_concluded(transcript=transcript, folder=folder.path)
        return transcript

    def _has_nothing_to_say(self, *, interrupted: bool) -> bool:
        """Whether no scenario was chosen; workers had a folder all the same."""
        if self.results or self._folder is None:
            return not self.results
        if not self.side_by_side or self.error or interrupted:
            return False
        self._folder.discard()
        return True

    def add(self, share: Share) -> None:
        """Take a worker's share down."""
        self.shares.append(share)
        self.error = self.error or share.error
        for step in share.path:
            self.path.note(step.kind, step.what, step.seconds)

    def need_folder(self) -> RunFolder:
        """The folder for the evidence, which is made when it is first needed."""
        if self._folder is None:
            name, _ = chosen(self.settings)
            self._folder = (
                RunFolder.at(self.place)
                if self.place is not None
                else RunFolder.create(self.settings.reports, name)
            )
        return self._folder

    def stop(self) -> None:
        """Stop the pods; twice is harmless."""
        if self._runtime is not None:
            self._runtime.stop()
        self._runtime = None

    @contextmanager
    def phase(self, name: str, detail: str = "", *, part: str = "") -> Iterator[None]:
        """Measure a phase, or the part of it that a scenario needs, and let others know of it."""
        self.hook.pytest_seedbed_phase(name=name, detail=detail)
        begun = perf_counter()
        try:
            yield
        finally:
            taken = perf_counter() - begun
            self.phases[name] = self.phases.get(name, 0.0) + taken
            if part:
                self.path.note(name, part, taken)

    def _open(self) -> Opened:
        self._has_failed_to_open = True
        opened = self._opening()
        self._has_failed_to_open = False
        return opened

    def _opening(self) -> Opened:
        name, why = chosen(self.settings)
        folder = self.need_folder()
        with self.phase("boot", f"{name}: {why}"):
            runtime = self._runtime = open_runtime(self.settings, folder.path, self._building)
            runtime.start()
        for pod, seconds in runtime.ready_after.items():
            self.path.note("boot", pod, seconds)
        federation = Federation(
            runtime,
            self.adapter,
            seed=self.settings.seed,
            settle_timeout=self.settings.settle_timeout,
            private_keys=key_pool(self.settings),
            peer_keys=key_pool(self.settings, "peer"),
        )
        with self.phase("seed", f"seed {self.settings.seed}"):
            saved = seeded(federation, self.settings)
        gc.freeze()  # what is there by now stays: it need not be looked through again and again
        return Opened(folder, runtime, federation, saved)

    def _building(self, step: str) -> None:
        self.hook.pytest_seedbed_phase(name="build", detail=step)

    def _keep(self, opened: Opened) -> None:
        path, federation = opened.folder.path, opened.federation
        if self._last is not None:
            write_snapshots(self._last, path, "state")
        if self.settings.keep:
            federation.copy_databases(path)


@contextmanager
def full_disk_is_told(settings: HarnessSettings) -> Iterator[None]:
    """Turn a full disk into an error that says which folders need room.

    Raises:
        DiskFull: If there is no space left.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        folders = (
            f"{settings.reports}, {settings.cache} or the system's folder for short-lived files"
        )
        raise DiskFull(f"no space left in {folders}: {error}") from error


RUN: Final = pytest.StashKey[Run]()
