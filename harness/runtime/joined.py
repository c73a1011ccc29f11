"""Four pod cores in this process, stepped by one driver; one seed decides who goes next.

There is no server, no socket between pods, no thread and no clock but the virtual one: a seed
gives the same run each time. Only mail leaves the process, over real SMTP.
"""

import importlib
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

from harness.errors import BootFailed, UsageError
from harness.facts.gauge import Gauge
from harness.facts.identity import POD_HOSTS, POD_NAMES, PodName
from harness.gate import Gate
from harness.gate.http import Request, Response
from harness.gate.inline import Answer, HeaderList, InlineGate
from harness.runtime import Result
from harness.runtime.clock import VirtualClock
from harness.runtime.control import Control
from harness.runtime.environment import Surroundings
from harness.runtime.logs import LogSplitter
from harness.runtime.mail import MailSink
from harness.runtime.rundir import make_rundir, remove
from harness.runtime.surface import open_gate, pod_logs
from harness.settings import HarnessSettings


class Core(Protocol):
    """A pod without a server."""

    def handle(self, method: str, target: str, headers: HeaderList, body: bytes) -> Answer: ...
    def step(self) -> bool:
        """Do one thing that is due; False if nothing was."""
        ...

    def close(self) -> None: ...


class Crashed(ConnectionResetError):
    """A core has died at an armed crash point."""


Factory = Callable[..., Core]


class Joined:
    """The `joined` federation."""

    name: Literal["joined"] = "joined"

    def __init__(self, settings: HarnessSettings, folder: Path) -> None:
        """Prepare four pods; nothing runs before `start`.

        Args:
            settings: Names the pods' factory and the seed.
            folder: The run's folder; logs and the wiretap's record go there.
        """
        self.folder = folder
        self.hosts: Mapping[PodName, str] = POD_HOSTS
        self.clock = VirtualClock()
        self.mail = MailSink()
        self.gate: Gate = open_gate(settings, folder, self.clock)
        self._inline = InlineGate(self.gate)
        self._settings = settings
        self._random = random.Random(settings.seed)  # noqa: S311 (an order, not a secret)
        self._cores: dict[PodName, Core] = {}
        self.ready_after: dict[PodName, float] = {}
        self._factory = load_factory(settings.pod_factory)

    def start(self) -> None:
        """Make four empty pods."""
        self.scratch = make_rundir()
        self._logs = LogSplitter(self._settings.pod_server.partition(".")[0], self._log_files())
        self.mail.start()
        self._surroundings = Surroundings(self._settings, self.scratch, self.mail.address)
        self.control: Mapping[PodName, Control] = {
            pod: Control(pod, partial(self.send, pod), self._surroundings.token)
            for pod in POD_NAMES
        }
        for pod in POD_NAMES:
            self.start_pod(pod)

    def stop(self) -> None:
        """Close the pods and remove their databases; twice is harmless."""
        for pod in tuple(self._cores):
            self.stop_pod(pod)
        self.mail.stop()
        self.gate.wiretap.close()
        with suppress(AttributeError):  # never started
            self._logs.close()
            remove(self.scratch)

    def reseed(self, seed: int, order: int) -> None:
        """Begin another order of events, as if the run had begun here."""
        self._random.seed(f"{seed}/{order}")

    def send(self, pod: PodName, request: Request) -> Response:
        """Give a pod a request."""
        core = self._cores.get(pod)
        if core is None:
            raise ConnectionRefusedError(f"{pod} was stopped")
        headers = [("Host", self.hosts[pod]), *request.headers]
        status, answered, body = self._handle(
            pod, request.method, request.target, headers, request.body
        )
        return Response(status, tuple(answered), body)

    def let_work(self, timeout: timedelta) -> dict[PodName, Gauge]:
        """Step pods in an order that the seed decides, until none has anything to do."""
        deadline = time.monotonic() + timeout.total_seconds()
        candidates = list(self.running())
        while candidates and time.monotonic() < deadline:
            pod = self._random.choice(candidates)
            if pod in self._cores and self._step(pod):
                candidates = list(self.running())  # others may have been given work
            else:
                candidates.remove(pod)
        return self.ask_all(lambda pod: self.control[pod].gauge())

    def ask_all(self, question: Callable[[PodName], Result]) -> dict[PodName, Result]:
        """Ask one pod after the other."""
        return {pod: question(pod) for pod in self.running()}

    def running(self) -> tuple[PodName, ...]:
        """The pods that have not been stopped."""
        return tuple(pod for pod in POD_NAMES if pod in self._cores)

    def stop_pod(self, pod: PodName) -> None:
        """Close a pod; its database stays."""
        core = self._cores.pop(pod, None)
        if core is not None:
            self._inline.unregister(pod)
            core.close()

    def kill_pod(self, pod: PodName) -> None:
        """The same as `stop_pod`: between two steps a core has nothing to lose."""
        self.stop_pod(pod)

    def start_pod(self, pod: PodName) -> None:
        """Make a pod's core over its database."""
        begun = time.monotonic()
        with self._logs.of(pod):
            self._cores[pod] = self._factory(
                self._surroundings.of(pod), send=self._inline.carrier(pod)
            )
        self._inline.register(pod, partial(self._handle, pod))
        self.ready_after[pod] = time.monotonic() - begun

    def change_settings(self, pod: PodName, changed: Mapping[str, str]) -> None:
        """Let a stopped pod have other settings than usual when it starts again, or none."""
        self._surroundings.changed[pod] = changed

    def log(self, pod: PodName) -> Path:
        """The file with the pod's log."""
        return self._log_files()[pod]

    def _step(self, pod: PodName) -> bool:
        try:
            with self._logs.of(pod), self._alive(pod):
                return self._cores[pod].step()
        except Crashed:
            return True

    def _handle(
        self, pod: PodName, method: str, target: str, headers: HeaderList, body: bytes
    ) -> Answer:
        with self._logs.of(pod), self._alive(pod):
            return self._cores[pod].handle(method, target, headers, body)

    @contextmanager
    def _alive(self, pod: PodName) -> Iterator[None]:
        """A core that reaches an armed crash point dies: nothing of it runs any more.

        It says so by an exception that nothing handles, since it has no process to end.
        """
        try:
            yield
        except (Exception, KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as crash:
            self.stop_pod(pod)
            raise Crashed(f"{pod} died at {crash}") from crash

    def _log_files(self) -> dict[PodName, Path]:
        return pod_logs(self.folder)


def load_factory(path: str) -> Factory:
    """Find the pods' factory by its import path, `module:function`."""
    module, _, name = path.partition(":")
    try:
        factory: Factory = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        raise UsageError(f"the pod factory {path} cannot be imported: {error}") from error
    except AttributeError as error:
        raise BootFailed(f"the module {module} has no {name}, as {path} says") from error
    return factory
