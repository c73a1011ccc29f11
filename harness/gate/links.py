"""The networks between the gate and each pod: from where a request comes tells who sent it."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Interface, NetmaskValueError

from harness.errors import UsageError
from harness.facts.identity import PEER_NAMES, POD_NAMES, Party, PeerName, PodName


@dataclass(frozen=True, slots=True)
class Link:
    """One network with one pod on it.

    Attributes:
        pod: Who is on it, besides the gate.
        gate: The gate's address there, with the network's length.
    """

    pod: PodName
    gate: IPv4Interface


class Links:
    """All of the gate's networks but the front's."""

    def __init__(self, links: Iterable[Link]) -> None:
        self._links = tuple(links)

    @classmethod
    def parse(cls, text: str) -> "Links":
        """Read `pod1=198.18.0.2/29 pod2=…`.

        Raises:
            UsageError: If it is anything else.
        """
        return cls(map(_link, text.split()))

    def at(self, gate_address: str) -> Link | None:
        """The network on which the gate has an address; None for the front's."""
        address = IPv4Address(gate_address)
        return next((link for link in self._links if link.gate.ip == address), None)

    def from_(self, peer_address: str) -> Link | None:
        """The network of a peer; None if it is on the front's."""
        address = IPv4Address(peer_address)
        return next((link for link in self._links if address in link.gate.network), None)


def pod_named(name: str) -> PodName:
    """The pod of that name, or `UsageError`."""
    for pod in POD_NAMES:
        if pod == name:
            return pod
    raise UsageError(f"{name!r} is no pod", f"There are {', '.join(POD_NAMES)}")


def peer_named(name: str) -> PeerName:
    """The scripted peer of that name, or `UsageError`."""
    for peer in PEER_NAMES:
        if peer == name:
            return peer
    raise UsageError(f"{name!r} is no scripted peer", f"There are {', '.join(PEER_NAMES)}")


def party_named(name: str) -> Party:
    """The pod or scripted peer of that name, or `UsageError`."""
    return peer_named(name) if name in PEER_NAMES else pod_named(name)


def _link(text: str) -> Link:
    name, _, address = text.partition("=")
    try:
        return Link(pod_named(name), IPv4Interface(address))
    except (AddressValueError, NetmaskValueError) as error:
        raise UsageError(f"{text!r} is no link", "Write pod1=198.18.0.2/29") from error
