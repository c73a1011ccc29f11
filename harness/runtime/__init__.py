"""Four pods that run: one interface, whatever they run in.

`joined` steps four cores in this process, `processes` forks four servers, `containers` puts each
server into a container of its own; `choice` makes any of them.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal, Protocol, TypeVar, runtime_checkable

from harness.facts.gauge import Gauge
from harness.facts.identity import PeerName, PodName
from harness.gate import Gate
from harness.gate.http import Pace, Request, Response
from harness.gate.mailbox import Mailbox
from harness.runtime.clock import VirtualClock
from harness.runtime.control import Control

Result = TypeVar("Result")


class Runtime(Protocol):
    """A federation of four pods, without any people."""

    @property
    def name(self) -> Literal["joined", "processes", "containers"]: ...
    @property
    def gate(self) -> Gate: ...
    @property
    def mail(self) -> Mailbox: ...
    @property
    def clock(self) -> VirtualClock: ...
    @property
    def ready_after(self) -> Mapping[PodName, float]:
        """How many seconds each pod kept us waiting when it was started last."""
        ...

    folder: Path
    scratch: Path
    hosts: Mapping[PodName, str]
    control: Mapping[PodName, Control]

    def start(self) -> None:
        """Bring all pods up, empty, and return when each answers."""
        ...

    def stop(self) -> None:
        """End all pods and leave nothing behind but the run's folder; twice is harmless."""
        ...

    def reseed(self, seed: int, order: int) -> None:
        """Decide the order of events anew, where it is decided by a seed."""
        ...

    def send(self, pod: PodName, request: Request) -> Response:
        """Give a pod a request, as a person at a browser would.

        Raises:
            PodDied: If the pod has ended on its own.
            OSError: If it was stopped.
        """
        ...

    def let_work(self, timeout: timedelta) -> dict[PodName, Gauge]:
        """Let the pods do what is due, at most that long, and read the gauges."""
        ...

    def ask_all(self, question: Callable[[PodName], Result]) -> dict[PodName, Result]:
        """Ask something of each running pod, at once where they run at once."""
        ...

    def running(self) -> tuple[PodName, ...]:
        """The pods that have not been stopped."""
        ...

    def stop_pod(self, pod: PodName) -> None:
        """End a pod in order; its database stays."""
        ...

    def kill_pod(self, pod: PodName) -> None:
        """End a pod as a power cut would; its database stays."""
        ...

    def start_pod(self, pod: PodName) -> None:
        """Start a stopped or killed pod again, with its database."""
        ...

    def change_settings(self, pod: PodName, changed: Mapping[str, str]) -> None:
        """Let a stopped pod have other settings than usual when it starts again, or none."""
        ...

    def log(self, pod: PodName) -> Path:
        """The file with the pod's log."""
        ...


@runtime_checkable
class CanRunInside(Protocol):
    """Pods have a place of their own, and programs can be run there."""

    def run_inside(self, pod: PodName, command: Iterable[str]) -> tuple[int, str]:
        """Run a program where the pod runs; its exit status, and what it has said."""
        ...

    def address(self, pod: PodName) -> str:
        """Where the pod listens on its own network, as `host:port`."""
        ...


@runtime_checkable
class CanHearOctets(Protocol):
    """Pods are servers of their own, and whatever is sent to them gets there as it is."""

    def speak(
        self, sender: PeerName, pod: PodName, octets: bytes, pace: Pace | None = None
    ) -> bytes:
        """Say something to a pod, which need not be HTTP; what it says."""
        ...


ABILITIES: Final[tuple[type, ...]] = (CanRunInside, CanHearOctets)
"""What only some federations can, and scenarios may need."""
