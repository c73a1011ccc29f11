"""Who is who: the four pods, the scripted peers, their hosts, and diaspora IDs."""

import re
from dataclasses import dataclass
from typing import Final, Literal, Self, get_args

PodName = Literal["pod1", "pod2", "pod3", "pod4"]
PeerName = Literal["peer", "mallory"]
Party = PodName | PeerName
"""Who may take part in an exchange: a pod, or a peer that does what a scenario says."""

POD_NAMES: Final[tuple[PodName, ...]] = get_args(PodName)
POD_HOSTS: Final[dict[PodName, str]] = {pod: f"{pod}.test" for pod in POD_NAMES}
PEER_NAMES: Final[tuple[PeerName, ...]] = get_args(PeerName)
PEER_HOSTS: Final[dict[str, PeerName]] = {f"{peer}.test": peer for peer in PEER_NAMES}

_DIASPORA_ID = re.compile(r"([a-z0-9._-]+)@([a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]+)?)")


@dataclass(frozen=True, slots=True, order=True)
class DiasporaId:
    """A person's network-wide name, such as `carol@pod1.test`."""

    username: str
    host: str

    def __post_init__(self) -> None:
        if len(str(self)) > 255 or not _DIASPORA_ID.fullmatch(str(self)):
            raise ValueError(
                f"{str(self)!r} is no diaspora ID; expected username@host in lower case"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `username@host[:port]`, or raise `ValueError`."""
        username, _, host = text.partition("@")
        return cls(username, host)

    def __str__(self) -> str:
        return f"{self.username}@{self.host}"

    @property
    def abbreviated(self) -> str:
        """The form of texts and reports: `carol@pod1` for `carol@pod1.test`."""
        return str(self).removesuffix(".test")
