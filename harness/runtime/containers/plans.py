"""How the containers of a run are to be made."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from harness.facts.identity import PEER_HOSTS, POD_HOSTS, POD_NAMES, PodName
from harness.gate.server import FRONT as FRONT_PORT
from harness.gate.server import MAIL_HOST, SMTP
from harness.runtime.containers.box import Plan
from harness.runtime.containers.images import Images
from harness.runtime.containers.networks import FRONT, Network
from harness.runtime.containers.places import CA_FILE, GATE_SEES, KEYS_FILE, POD_SEES, Places
from harness.runtime.environment import Surroundings

POD_PORT: Final = 3000
NAMES_OF_THE_GATE: Final = (*POD_HOSTS.values(), *PEER_HOSTS, MAIL_HOST)
# A scenario that has settled may read what was logged: what goes through the engine comes later.
LOG: Final = "/log"
LOGGING: Final = ("sh", "-c", f"exec python3.11 -m pod >>{LOG} 2>&1")

MAIL_SERVER: Final = f"{MAIL_HOST}:{SMTP}"


@dataclass(frozen=True, slots=True)
class Site:
    """What all containers of a run share.

    Attributes:
        run: The run's name.
        images: What they run.
        places: The folders they see.
        networks: Where they meet, by pod or `front`.
    """

    run: str
    images: Images
    places: Places
    networks: Mapping[str, Network]

    def gate(self, token: str) -> Plan:
        """The gate begins on the front, which alone is published."""
        front = self.networks[FRONT]
        links = (f"{pod}={self.networks[pod].gate}" for pod in POD_NAMES)
        return Plan(
            run=self.run,
            role="gate",
            image=self.images.gate,
            environment={
                "GATE_LINKS": " ".join(links),
                "GATE_CERTIFICATES": GATE_SEES,
                "GATE_KEYS": f"{GATE_SEES}/{KEYS_FILE}",
                "GATE_TOKEN": token,
            },
            binds={self.places.gate: GATE_SEES},
            network=front,
            address=str(front.gate.ip),
            ports=(FRONT_PORT,),
        )

    def pod(self, pod: PodName, surroundings: Surroundings, log: Path) -> Plan:
        """A pod knows nobody but the gate, which tells it what names mean."""
        network = self.networks[pod]
        own = {
            "POD_LISTEN": f"tcp:0.0.0.0:{POD_PORT}",
            "POD_CA_FILE": f"{POD_SEES}/{CA_FILE}",
            "POD_ALLOWED_NETWORKS": str(network.gate.network),  # there is nothing but the gate
            "POD_KEY_POOL": f"{POD_SEES}/{KEYS_FILE}",
        }
        return Plan(
            run=self.run,
            role=pod,
            image=self.images.pod,
            environment=surroundings.of(pod, own),
            binds={self.places.of(pod): POD_SEES, log: LOG},
            command=LOGGING,
            network=network,
            address=str(network.pod),
            host={"dns": [str(network.gate.ip)], "dns_search": ["."]},
        )
