"""People of hostile scenarios."""

import pytest

from harness import Account, Peer, PeerPerson


@pytest.fixture
def eve(peer: Peer, carol: Account) -> PeerPerson:
    """Lives on peer.test, under the control of the scenario; pod1 knows her, and so her key."""
    person = peer.person("eve", first_name="Eve")
    carol.look_up(str(person))
    return person
