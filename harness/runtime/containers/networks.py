"""The networks of a run: one between the gate and each pod, and the front.

Their addresses are taken from 198.18.0.0/15, which is set aside for tests of networks and is
nobody's LAN. The engine refuses a range that is taken; another is tried then, so that runs side by
side do not meet.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import TYPE_CHECKING, Any, Final

from harness.errors import BootFailed
from harness.runtime.containers.labels import labels

if TYPE_CHECKING:
    from docker import DockerClient

RANGE: Final = IPv4Network("198.18.0.0/15")
FRONT: Final = "front"

_PREFIX: Final = 29  # the network's own address, the engine's, the gate's, the pod's, spare ones
_TRIES: Final = 100
_TAKEN: Final = "pool overlaps"

_LONELY: Final = {"com.docker.network.bridge.inhibit_ipv4": "true"}
_NO_WAY_OUT: Final = {"com.docker.network.bridge.enable_ip_masquerade": "false"}


@dataclass(frozen=True, slots=True)
class Network:
    """A network that has been made.

    Attributes:
        id: The engine's name for it.
        role: The pod on it, or `front`.
        range: Its addresses.
    """

    id: str
    role: str
    range: IPv4Network

    @property
    def gate(self) -> IPv4Interface:
        """The gate's address on it."""
        return IPv4Interface(f"{self.range[2]}/{_PREFIX}")

    @property
    def pod(self) -> IPv4Address:
        """The pod's address on it."""
        return self.range[3]


def make_network(client: "DockerClient", run: str, role: str) -> Network:
    """Make a network.

    Args:
        client: The engine.
        run: The run's name.
        role: A pod's name: nobody but that pod and the gate will be on it, not even this machine;
            or `front`.

    Raises:
        BootFailed: If all ranges that were tried are taken.
    """
    from docker.errors import APIError

    for range_ in _ranges():
        try:
            made = client.api.create_network(**_order(run, role, range_))
        except APIError as error:
            if _TAKEN not in str(error.explanation).lower():
                raise
        else:
            return Network(str(made["Id"]), role, range_)
    raise BootFailed(
        f"{_TRIES} ranges of {RANGE} are taken", "Look at what is there: `docker network ls`"
    )


def _order(run: str, role: str, range_: IPv4Network) -> dict[str, Any]:
    import docker.types

    is_front = role == FRONT
    return {
        "name": f"seedbed-{run}-{role}",
        "driver": "bridge",
        "internal": not is_front,
        "options": _NO_WAY_OUT if is_front else _LONELY,
        "ipam": docker.types.IPAMConfig(
            pool_configs=[docker.types.IPAMPool(subnet=str(range_), gateway=str(range_[1]))]
        ),
        "labels": labels(run, role),
    }


def _ranges() -> Iterator[IPv4Network]:
    count = RANGE.num_addresses >> (32 - _PREFIX)
    for _ in range(_TRIES):
        first = int(RANGE.network_address) + (secrets.randbelow(count) << (32 - _PREFIX))
        yield IPv4Network((first, _PREFIX))
