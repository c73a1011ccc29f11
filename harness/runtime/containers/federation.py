"""Four containers, each alone on a network with the gate, which is a container, too.

Nothing of a pod is reached but through the gate: not by another pod, and not by this machine, which
asks the gate's front. Databases lie in folders of this machine that the pods see, so that they
outlive a container and can be copied.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from harness.errors import BootFailed, GateFailed, PodDied, UsageError
from harness.facts.identity import POD_NAMES, PodName
from harness.gate.http import BAD_GATEWAY, Request, Response
from harness.gate.server import FRONT as FRONT_PORT
from harness.runtime.containers.box import Box
from harness.runtime.containers.engine import complaints, find_engine
from harness.runtime.containers.gate_control import GateControl
from harness.runtime.containers.images import Say, images
from harness.runtime.containers.networks import FRONT, Network, make_network
from harness.runtime.containers.places import (
    OPEN_FILE,
    POD_SEES,
    PlacedControl,
    Places,
    wheel_cache,
)
from harness.runtime.containers.plans import MAIL_SERVER, NAMES_OF_THE_GATE, POD_PORT, Site
from harness.runtime.containers.records import RememberingClock, RemoteMailbox, RemoteWiretap
from harness.runtime.containers.remote import RemoteGate
from harness.runtime.containers.sweeping import remove_run, sweep
from harness.runtime.environment import Surroundings
from harness.runtime.local_http import Address, ask
from harness.runtime.ready import last_lines, wait_until
from harness.runtime.rundir import make_rundir, remove
from harness.runtime.servers import ORDERLY, PATIENCE, Servers
from harness.settings import HarnessSettings

if TYPE_CHECKING:
    from docker import DockerClient

LOOPBACK: Final = "127.0.0.1"
USUAL_FACTORY: Final = "pod.app:create_core"


class Containers(Servers):
    """The `containers` federation.

    `front` is where the gate's front listens on this machine; `run` is part of all names.
    """

    name: Literal["containers"] = "containers"

    def __init__(self, settings: HarnessSettings, folder: Path, say: Say = lambda _: None) -> None:
        """Prepare four containers; nothing runs before `start`.

        Args:
            settings: What was asked for.
            folder: The run's folder; logs and the wiretap's record go there.
            say: Told what happens if images have to be built.
        """
        if settings.pod_factory != USUAL_FACTORY:
            raise UsageError(
                f"the image has no pod factory {settings.pod_factory}",
                "Take the federation joined or processes for it",
            )
        super().__init__(settings, folder)
        self._say = say
        self.run = secrets.token_hex(4)
        self._token = secrets.token_urlsafe()
        self._gate_control = GateControl(self._token)
        self.clock = RememberingClock()
        self.mail = RemoteMailbox(self._gate_control)
        self._tap = RemoteWiretap(folder / "wire.jsonl", self.clock, self._gate_control)
        self.gate = RemoteGate(self._tap, self._gate_control)
        self._boxes: dict[PodName, Box] = {}
        self._client: DockerClient | None = None

    def start(self) -> None:
        """Bring four containers and the gate up, at once, and return when each answers."""
        engine = find_engine()
        self._socket, client = engine.socket, engine.connect()
        self._client = client
        try:
            with complaints("starting the containers"):
                self._boot(client)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Remove containers, networks and folders; twice is harmless."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(GateFailed):  # it never came so far, or has died: its log tells
                self._tap.pull()
                self.mail.close()
        self._tap.close()
        self.gate.close()
        self._askers.shutdown()
        self._launched.clear()
        if client is not None:
            with complaints("removing the containers"):
                remove_run(client, self.run)
            client.close()
        with suppress(AttributeError):  # it never came so far
            remove(self.scratch)

    def send(self, pod: PodName, request: Request) -> Response:
        """Give a pod a request through the gate's front; it is no traffic between pods."""
        if pod not in self._launched:
            raise ConnectionRefusedError(f"{pod} was stopped")
        try:
            answer = ask(self.front, self.hosts[pod], request, PATIENCE)
        except ConnectionError:
            self._need_gate()
            raise
        if answer.status == BAD_GATEWAY and answer.body.startswith(b"gate: "):
            self.need_alive(pod)
            raise ConnectionError(answer.body.decode().strip())
        return answer

    def stop_pod(self, pod: PodName) -> None:
        """End a container by SIGTERM; its database stays."""
        self._end(pod, Box.stop)

    def kill_pod(self, pod: PodName) -> None:
        """End a container by SIGKILL; its database stays."""
        self._end(pod, Box.kill)

    def start_pod(self, pod: PodName) -> None:
        """Start a container that was ended, over its database."""
        with complaints(f"starting {pod}"):
            self._boxes[pod].start(partial(self._forget, pod))
        self._register(pod)
        self._await_answer(pod)

    def change_settings(self, pod: PodName, changed: Mapping[str, str]) -> None:
        """Make a new container for a stopped pod, as a container keeps its settings."""
        super().change_settings(pod, changed)
        if self._client is not None:
            with complaints(f"changing the settings of {pod}"):
                self._boxes[pod].remove()
                self._make_box(self._client, pod)

    def run_inside(self, pod: PodName, command: Iterable[str]) -> tuple[int, str]:
        """Run a program in a pod's container; returns its exit status and what it has said."""
        with complaints(f"running something in {pod}"):
            return self._boxes[pod].run_inside(command)

    def address(self, pod: PodName) -> str:
        """Where the pod listens on its network, as `host:port`."""
        return f"{self._networks[pod].pod}:{POD_PORT}"

    def container(self, pod: PodName) -> str:
        """The engine's name for a pod's container."""
        return self._boxes[pod].id

    def need_alive(self, pod: PodName) -> None:
        """Raise `PodDied` if the pod has ended on its own."""
        self._need_gate()
        box = self._boxes[pod]
        if box.has_ended:
            raise PodDied(
                f"{pod} has ended with status {box.status()}; its log ends:\n"
                f"{last_lines(self._logs[pod])}"
            )

    def _boot(self, client: "DockerClient") -> None:
        sweep(client)
        settings = self._settings
        made = images(client, wheel_cache(settings), self._say, settings.base_image)
        self.scratch = make_rundir()
        places = Places.make(self.scratch, self._settings)
        self._surroundings = Surroundings(self._settings, Path(POD_SEES), MAIL_SERVER)
        self.control = {
            pod: PlacedControl(
                pod, partial(self.send, pod), self._surroundings.token, places.of(pod)
            )
            for pod in POD_NAMES
        }
        places.certify()
        self._networks: dict[str, Network] = {}
        site = self._site = Site(self.run, made, places, self._networks)
        with ThreadPoolExecutor(2 * len(POD_NAMES) + 1, "boot") as threads:
            # The engine makes one network after the other: whose is there begins to load.
            making = {
                role: threads.submit(self._make, client, role) for role in (*POD_NAMES, FRONT)
            }
            pods = {
                pod: threads.submit(self._start_box, client, pod, making[pod]) for pod in POD_NAMES
            }
            for network in making.values():
                network.result()
            self._start_gate(client, site)
            self._await_boxes(pods)

    def _make(self, client: "DockerClient", role: str) -> None:
        self._networks[role] = make_network(client, self.run, role)

    def _start_gate(self, client: "DockerClient", site: Site) -> None:
        self._gate_log = self.folder / "gate.log"
        box = Box(client, self._socket, site.gate(self._token), self._gate_log)
        for pod in POD_NAMES:
            network = self._networks[pod]
            box.connect(network, str(network.gate.ip), NAMES_OF_THE_GATE)
        box.start()
        self._gate_box = box
        self.front: Address = (LOOPBACK, box.published(FRONT_PORT))

    def _start_box(self, client: "DockerClient", pod: PodName, network: "Future[None]") -> None:
        network.result()
        log = self._logs[pod]
        log.touch()
        log.chmod(OPEN_FILE)  # it is a stranger who writes there
        self._make_box(client, pod)
        self._boxes[pod].start(partial(self._forget, pod))

    def _make_box(self, client: "DockerClient", pod: PodName) -> None:
        log = self._logs[pod]
        plan = self._site.pod(pod, self._surroundings, log.absolute())
        self._boxes[pod] = Box(client, self._socket, plan, log)

    def _await_boxes(self, starting: "Mapping[PodName, Future[None]]") -> None:
        limit = self._settings.boot_timeout
        if not wait_until(self._gate_answers, timeout=limit, check=self._need_gate):
            raise BootFailed(f"the gate does not answer; its log ends:\n{self._end_of_log()}")
        self._tap.start()
        for pod, started in starting.items():
            started.result()
            self._register(pod)
        for pod in POD_NAMES:
            self._await_answer(pod)

    def _gate_answers(self) -> bool:
        self._gate_control.address = self.front
        try:
            self._gate_control.call("GET", "/state")
        except GateFailed:
            return False
        return True

    def _need_gate(self) -> None:
        if self._gate_box.has_ended:
            raise GateFailed(
                f"the gate has ended with status {self._gate_box.status()}; its log ends:\n"
                f"{self._end_of_log()}"
            )

    def _end_of_log(self) -> str:
        return last_lines(self._gate_log)

    def _register(self, pod: PodName) -> None:
        where = {"host": str(self._networks[pod].pod), "port": POD_PORT}
        self._gate_control.call("PUT", f"/pods/{pod}", where)

    def _forget(self, pod: PodName) -> None:
        """Let requests for a pod fail at once, instead of waiting for an address to answer."""
        with suppress(GateFailed):  # the gate is ending, too
            self._gate_control.call("DELETE", f"/pods/{pod}")

    def _end(self, pod: PodName, how: Callable[[Box, timedelta], None]) -> None:
        if pod not in self._launched:
            return
        self._launched.remove(pod)
        with complaints(f"ending {pod}"):
            if not self._boxes[pod].has_ended:
                how(self._boxes[pod], ORDERLY)
