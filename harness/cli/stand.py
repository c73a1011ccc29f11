"""Four seeded pods that stay up, reachable by a browser."""

import os
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from harness.driver.registry import adapter
from harness.facts.snapshot import short
from harness.federation import Federation
from harness.report.progress import Progress
from harness.runtime.environment import key_pool
from harness.runtime.processes import Processes
from harness.seeding import restore, seeded
from harness.settings import HarnessSettings

PREFIX = "up-"
SETTLE = timedelta(seconds=60)


class Stand:
    """Boots four pods, gives them their past, and opens a front for people; a context manager.

    `people` maps the names of the cast to short diaspora IDs; `port` is the front's on loopback.
    """

    def __init__(self, settings: HarnessSettings, port: int, progress: Progress) -> None:
        self._settings = settings
        self._progress = progress
        self._folder = settings.cache.parent.absolute() / f"{PREFIX}{os.getpid()}"
        self.port = port
        self.people: Mapping[str, str] = {}

    def __enter__(self) -> Self:
        _sweep(self._folder.parent)
        self._runtime = Processes(self._settings, self._folder)
        try:
            with self._progress.phase("boot"):
                self._runtime.start()
            self.port = self._runtime.front(self.port)
            self._seed()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        self._runtime.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _seed(self) -> None:
        federation = Federation(
            self._runtime,
            adapter("reference"),
            seed=self._settings.seed,
            settle_timeout=SETTLE,
            private_keys=key_pool(self._settings),
        )
        with self._progress.phase("seed"):
            people = restore(federation, seeded(federation, self._settings)).people
        self.people = {name: short(str(who.diaspora_id)) for name, who in people.items()}


def _sweep(parent: Path) -> None:
    """Remove the folders of those who were killed and could not."""
    for folder in parent.glob(f"{PREFIX}[0-9]*"):
        if not Path("/proc", folder.name.removeprefix(PREFIX)).exists():
            shutil.rmtree(folder, ignore_errors=True)
