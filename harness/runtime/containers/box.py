"""One container of a run: started, watched, ended; what it says goes to a file."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from harness.errors import BootFailed
from harness.runtime.containers.labels import labels
from harness.runtime.containers.networks import Network
from harness.runtime.containers.words import Words

if TYPE_CHECKING:
    from docker import DockerClient

_PLAIN: Final[dict[str, Any]] = {
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges"],
    "sysctls": {
        "net.ipv4.ip_unprivileged_port_start": "0",  # the gate serves as nobody in particular
        "net.ipv4.ip_forward": "0",  # and is no router
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a container is to be made.

    Attributes:
        run: The run's name.
        role: `gate`, or the pod's name.
        image: What it runs.
        environment: Its settings.
        binds: Folders and files of this machine, and where it sees them.
        network: The network it begins on, and its address there.
        host: More settings of the engine, as the SDK calls them.
        ports: The ports that are published.
        command: What it runs, if not what the image says.
    """

    run: str
    role: str
    image: str
    environment: dict[str, str]
    binds: Mapping[Path, str]
    network: Network
    address: str
    host: dict[str, Any] = field(default_factory=dict)
    ports: tuple[int, ...] = ()
    command: tuple[str, ...] = ()


class Box:
    """A container."""

    def __init__(self, client: "DockerClient", engine: Path, plan: Plan, log: Path) -> None:
        """Make a container; it does not run yet.

        Args:
            client: The engine.
            engine: The engine's socket.
            plan: How to make it.
            log: What it says is appended here.
        """
        self._api = client.api
        self._engine = engine
        self._role = plan.role
        self._log = log
        self._ended = threading.Event()
        self.id = str(self._api.create_container(**_order(client, plan))["Id"])

    def connect(self, network: Network, address: str, names: Iterable[str]) -> None:
        """Put it on another network, where it has these names, too."""
        self._api.connect_container_to_network(
            self.id, network.id, ipv4_address=address, aliases=list(names)
        )

    def start(self, when_ended: Callable[[], None] = lambda: None) -> None:
        """Run it.

        Args:
            when_ended: Called when it has ended, for whatever reason, by another thread.
        """
        self._ended = threading.Event()
        # Before it runs, so that its first words are heard, too.
        words = Words(self._engine, self.id)
        threading.Thread(
            target=self._follow,
            args=(words, self._ended, when_ended),
            name=f"log of {self._role}",
            daemon=True,
        ).start()
        self._api.start(self.id)

    @property
    def has_ended(self) -> bool:
        """Whether it ran, and does no longer."""
        return self._ended.is_set()

    def status(self) -> int:
        """How it has ended."""
        return int(self._api.inspect_container(self.id)["State"]["ExitCode"])

    def published(self, port: int) -> int:
        """The port of this machine that leads to one of its ports."""
        bound = self._api.port(self.id, port)
        if not bound:
            raise BootFailed(f"the engine does not publish port {port} of {self._role}")
        return int(bound[0]["HostPort"])

    def stop(self, patience: timedelta) -> None:
        """Ask it to end; make it end when the time is over."""
        self._api.stop(self.id, timeout=int(patience.total_seconds()))
        self._await_end(patience)

    def kill(self, patience: timedelta) -> None:
        """End it as a power cut would."""
        self._api.kill(self.id)
        self._await_end(patience)

    def remove(self) -> None:
        """Let it be gone; its folder stays."""
        self._api.remove_container(self.id, v=True, force=True)

    def run_inside(self, command: Iterable[str]) -> tuple[int, str]:
        """Run a program in it, and return its exit status and what it has said."""
        made = self._api.exec_create(self.id, list(command))
        said = self._api.exec_start(made["Id"])
        status = self._api.exec_inspect(made["Id"])["ExitCode"]
        return int(status), said.decode(errors="replace")

    def _await_end(self, patience: timedelta) -> None:
        if not self._ended.wait(patience.total_seconds()):
            raise BootFailed(f"{self._role} does not end within {patience.total_seconds():g} s")

    def _follow(self, words: Words, ended: threading.Event, when_ended: Callable[[], None]) -> None:
        try:
            with self._log.open("ab", buffering=0) as log:
                for said in words:
                    log.write(said)
        finally:
            ended.set()
            when_ended()


def _order(client: "DockerClient", plan: Plan) -> dict[str, Any]:
    api = client.api
    ports: dict[int | str, Any] = dict.fromkeys(plan.ports, ("127.0.0.1", None))
    binds: dict[str, Any] = {
        str(here): {"bind": there, "mode": "rw,z"} for here, there in plan.binds.items()
    }
    host = api.create_host_config(**_PLAIN, binds=binds, port_bindings=ports, **plan.host)
    # The SDK's types take this for one endpoint's settings.
    endpoints: Any = {plan.network.id: api.create_endpoint_config(ipv4_address=plan.address)}
    return {
        "image": plan.image,
        "command": list(plan.command) or None,
        "name": f"seedbed-{plan.run}-{plan.role}",
        "hostname": plan.role,
        "environment": plan.environment,
        "labels": labels(plan.run, plan.role),
        "ports": list(plan.ports),
        "healthcheck": {"test": ["NONE"]},  # we look ourselves, and more often
        "host_config": host,
        "networking_config": api.create_networking_config(endpoints),
    }
