"""People of several scenarios, at the point where these begin."""

import pytest

from harness import Account, Federation, Peer, PeerPerson
from scenarios.attacks import post
from scenarios.moves import Move


@pytest.fixture
def friends(debora: Account, alice: Account, bob: Account, fay: Account) -> tuple[Account, ...]:
    """Everybody who has carol among their contacts."""
    return debora, alice, bob, fay


@pytest.fixture
def healed_dave(
    federation: Federation,
    carol: Account,
    christy: Account,  # noqa: ARG001 (carol has moved by then)
    dave: Account,
) -> Account:
    """Began to share with carol after she had moved: his pod was answered with the rename."""
    dave.share(carol, aspect="people I follow")
    federation.settle()
    return dave


@pytest.fixture
def eve(peer: Peer, carol: Account) -> PeerPerson:
    """Lives on peer.test, under the control of the scenario; pod1 knows her, and so her key."""
    person = peer.person("eve", first_name="Eve")
    carol.look_up(str(person))
    return person


@pytest.fixture
def move(federation: Federation, peer: Peer, eve: PeerPerson, carol: Account) -> Move:
    """Begin with carol sharing with eve, who has posted; eva can be discovered."""
    peer.accept("contact", "profile")
    carol.share(eve.diaspora_id, aspect="friends")
    eve.send(post(eve, guid=peer.new_guid(), text="I may move"), "pod1")
    new_home = federation.peer("mallory.test")
    move = Move(federation, eve, new_home.person("eva", first_name="Eva"))
    new_home.accept("contact", "profile", optional=True)
    federation.settle()
    return move
