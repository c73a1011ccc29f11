"""Four real servers, forked from one preloaded parent, each on a Unix socket.

What they say to each other goes through the gate, whose proxy address tells who asks; nothing
listens on a fixed port, so runs can be made side by side.
"""

from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final, Literal

from harness.errors import PodDied
from harness.facts.identity import POD_NAMES, PeerName, PodName
from harness.gate import Gate
from harness.gate.authority import Authority
from harness.gate.http import Pace, Request, Response
from harness.gate.proxy import GateProxy
from harness.gate.speaking import speak
from harness.runtime.clock import VirtualClock
from harness.runtime.control import Control
from harness.runtime.environment import Surroundings
from harness.runtime.forked import ForkServer
from harness.runtime.local_http import ask
from harness.runtime.mail import MailSink
from harness.runtime.ready import last_lines
from harness.runtime.rundir import make_rundir, remove
from harness.runtime.servers import ORDERLY, PATIENCE, Servers
from harness.runtime.surface import open_gate
from harness.settings import HarnessSettings

_DYING: Final = timedelta(seconds=1)


class Processes(Servers):
    """The `processes` federation."""

    name: Literal["processes"] = "processes"

    def __init__(self, settings: HarnessSettings, folder: Path) -> None:
        """Prepare four servers; nothing runs before `start`.

        Args:
            settings: Names the pods' factory and the module that serves them.
            folder: The run's folder; logs and the wiretap's record go there.
        """
        super().__init__(settings, folder)
        self.clock = VirtualClock()
        self.mail = MailSink()
        self.gate: Gate = open_gate(settings, folder, self.clock)
        self._booted: set[PodName] = set()

    def start(self) -> None:
        """Bring four servers up, at once, and return when each answers."""
        self.scratch = make_rundir()
        try:
            self._boot()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End all servers and remove their folder; twice is harmless."""
        with suppress(AttributeError):  # it never came so far
            self._forked.close(ORDERLY)
        with suppress(AttributeError):
            self._proxy.stop()
        self._askers.shutdown()
        self._launched.clear()
        self.mail.stop()
        self.gate.wiretap.close()
        with suppress(AttributeError):
            remove(self.scratch)

    def send(self, pod: PodName, request: Request) -> Response:
        """Give a server a request, past the gate."""
        if pod not in self._launched:
            raise ConnectionRefusedError(f"{pod} was stopped")
        try:
            return ask(self._socket(pod), self.hosts[pod], request, PATIENCE)
        except ConnectionError:
            if pod in self._booted:  # a dying pod's connections end before word of it comes
                self._forked.status(pod, _DYING)
            self.need_alive(pod)
            raise

    def stop_pod(self, pod: PodName) -> None:
        """End a server by SIGTERM; its database stays."""
        self._end(pod, "stop")

    def kill_pod(self, pod: PodName) -> None:
        """End a server by SIGKILL; its database stays."""
        self._end(pod, "kill")

    def start_pod(self, pod: PodName) -> None:
        """Start a server that was ended, over its database."""
        self._launch(pod)
        self._await(pod)

    def pids(self) -> dict[str, int]:
        """The processes of the pods that run."""
        return self._forked.pids()

    def proxy_for(self, guest: PeerName) -> str:
        """The CONNECT proxy of a guest that is a program of its own; see `GateProxy.proxy_for`."""
        return self._proxy.proxy_for(guest)

    def speak(
        self, sender: PeerName, pod: PodName, octets: bytes, pace: Pace | None = None
    ) -> bytes:
        """Say something to a pod, which need not be HTTP; see `harness.gate.speaking.speak`."""
        return speak(self.gate, sender, (pod, self._socket(pod)), octets, pace)

    def front(self, port: int = 0) -> int:
        """Let people look at the pods with a browser; see `GateProxy.front`."""
        return self._proxy.front(port)

    def _boot(self) -> None:
        # The parent imports while we make certificates and listeners.
        self._forked = ForkServer(
            self._settings.pod_server, self._settings.pod_factory, self.folder / "forkserver.log"
        )
        self.mail.start()
        authority = Authority(self.scratch / "ca.pem")
        self._proxy = GateProxy(self.gate, authority)
        self._proxy.start()
        self._surroundings = Surroundings(self._settings, self.scratch, self.mail.address)
        self.control = {
            pod: Control(pod, partial(self.send, pod), self._surroundings.token)
            for pod in POD_NAMES
        }
        for pod in POD_NAMES:
            self._launch(pod)
        for _ in self._askers.map(self._await, POD_NAMES):
            continue  # raises what went wrong with this one

    def _launch(self, pod: PodName) -> None:
        socket = self._socket(pod)
        socket.unlink(missing_ok=True)
        extra = {
            "POD_LISTEN": f"unix:{socket}",
            "POD_PROXY": self._proxy.proxy_url(pod),
            "POD_CA_FILE": str(self.scratch / "ca.pem"),
        }
        self._forked.start(pod, self._surroundings.of(pod, extra), self._logs[pod])

    def _await(self, pod: PodName) -> None:
        self._await_answer(pod)
        self._booted.add(pod)
        self._proxy.register(pod, self._socket(pod))

    def need_alive(self, pod: PodName) -> None:
        """Raise `PodDied` if the pod has ended on its own."""
        self._forked.check()
        status = self._forked.status(pod)
        if status is not None:
            raise PodDied(
                f"{pod} has ended with status {status}; its log ends:\n"
                f"{last_lines(self._logs[pod])}"
            )

    def _end(self, pod: PodName, how: str) -> None:
        if pod not in self._launched:
            return
        self._launched.remove(pod)
        self._booted.discard(pod)
        self._proxy.unregister(pod)
        if self._forked.status(pod) is None:
            self._forked.end(pod, how, ORDERLY)

    def _socket(self, pod: PodName) -> Path:
        return self.scratch / f"{pod}.sock"
