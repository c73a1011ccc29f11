"""What federations of real servers have in common, wherever their pods run."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from harness.errors import BootFailed
from harness.facts.gauge import Gauge
from harness.facts.identity import POD_HOSTS, POD_NAMES, PodName
from harness.runtime import Result
from harness.runtime.control import Control
from harness.runtime.environment import Surroundings
from harness.runtime.ready import last_lines, wait_until
from harness.runtime.surface import pod_logs
from harness.settings import HarnessSettings

ORDERLY: Final = timedelta(seconds=10)
PATIENCE: Final = timedelta(minutes=2)  # the slowest thing a pod may be asked: a restore


class Servers(ABC):
    """Four servers that work on their own while we ask them."""

    control: Mapping[PodName, Control]
    _surroundings: Surroundings

    def __init__(self, settings: HarnessSettings, folder: Path) -> None:
        """Prepare what does not depend on where they run.

        Args:
            settings: What was asked for.
            folder: The run's folder.
        """
        self.folder = folder
        self.hosts: Mapping[PodName, str] = POD_HOSTS
        self._settings = settings
        self._logs = pod_logs(folder)
        self._launched: set[PodName] = set()
        self.ready_after: dict[PodName, float] = {}
        self._askers = ThreadPoolExecutor(len(POD_NAMES), "asker")

    def reseed(self, seed: int, order: int) -> None:  # noqa: B027 (nothing to do, on purpose)
        """Servers take turns as the system lets them: no seed decides that."""

    def let_work(self, timeout: timedelta) -> dict[PodName, Gauge]:
        """Wait until no pod has anything due, and read the gauges."""
        return self.ask_all(lambda pod: self.control[pod].quiet(timeout))

    def ask_all(self, question: Callable[[PodName], Result]) -> dict[PodName, Result]:
        """Ask all running pods at once."""
        asked = {pod: self._askers.submit(question, pod) for pod in self.running()}
        wait(asked.values())  # of all, even if one fails: nothing goes on behind our back
        return {pod: answer.result() for pod, answer in asked.items()}

    def running(self) -> tuple[PodName, ...]:
        """The pods that have not been stopped."""
        return tuple(pod for pod in POD_NAMES if pod in self._launched)

    def change_settings(self, pod: PodName, changed: Mapping[str, str]) -> None:
        """Let a stopped pod have other settings than usual when it starts again, or none."""
        self._surroundings.changed[pod] = changed

    def log(self, pod: PodName) -> Path:
        """The file with the pod's log."""
        return self._logs[pod]

    @abstractmethod
    def need_alive(self, pod: PodName) -> None:
        """Raise `PodDied` if the pod has ended on its own."""

    def _await_answer(self, pod: PodName) -> None:
        """Wait until a pod answers, but no longer when it has ended."""
        self._launched.add(pod)
        begun = time.monotonic()
        limit = self._settings.boot_timeout
        if not wait_until(
            partial(self._answers, pod), timeout=limit, check=partial(self.need_alive, pod)
        ):
            raise BootFailed(
                f"{pod} does not answer after {limit.total_seconds():g} s; its log ends:\n"
                f"{last_lines(self._logs[pod])}"
            )
        self.ready_after[pod] = time.monotonic() - begun

    def _answers(self, pod: PodName) -> bool:
        try:
            return self.control[pod].gauge().is_quiet
        except ConnectionError:
            return False
