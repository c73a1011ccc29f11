"""The handles that a scenario holds: the federation, its pods, the people on them."""

from harness.federation.account import Account
from harness.federation.federation import Federation
from harness.federation.forger import Forger
from harness.federation.peer import Peer
from harness.federation.peer_person import PeerPerson
from harness.federation.pod import Pod
from harness.federation.wizard import ImportWizard

__all__ = ["Account", "Federation", "Forger", "ImportWizard", "Peer", "PeerPerson", "Pod"]
