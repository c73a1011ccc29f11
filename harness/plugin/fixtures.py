"""What a scenario can ask for: the federation, the gate, the people, and what they have made."""

from collections.abc import Iterator

import pytest

from harness.federation import Account, Federation, Peer
from harness.gate import Gate
from harness.plugin.outcomes import repetition_of
from harness.plugin.pod_settings import settings_of
from harness.plugin.run import RUN
from harness.seeding import Fixtures, Seeded


@pytest.fixture
def seeded(request: pytest.FixtureRequest) -> Iterator[Seeded]:
    """The people at the end of their common past; every scenario begins there."""
    run = request.config.stash[RUN]
    yield run.begin(request.node.name, repetition_of(request.node), settings_of(request.node))
    run.end(request.node.name)


@pytest.fixture
def federation(request: pytest.FixtureRequest, seeded: Seeded) -> Federation:  # noqa: ARG001
    """Four pods with a past."""
    return request.config.stash[RUN].federation


@pytest.fixture
def gate(federation: Federation) -> Gate:
    """What everything between the pods passes."""
    return federation.gate


@pytest.fixture
def peer(federation: Federation) -> Peer:
    """A fifth pod, peer.test, that does what the scenario says, and nothing else."""
    return federation.peer()


@pytest.fixture
def fixtures(seeded: Seeded) -> Fixtures:
    """What the people have made."""
    return seeded.fixtures


@pytest.fixture
def carol(seeded: Seeded) -> Account:
    """Lives on pod1, knows nearly everybody, and is going to move."""
    return seeded.people["carol"]


@pytest.fixture
def debora(seeded: Seeded) -> Account:
    """A friend of carol's on her own pod."""
    return seeded.people["debora"]


@pytest.fixture
def alice(seeded: Seeded) -> Account:
    """A friend of carol's on pod2."""
    return seeded.people["alice"]


@pytest.fixture
def other_carol(seeded: Seeded) -> Account:
    """A stranger on pod2 with carol's name."""
    return seeded.people["other_carol"]


@pytest.fixture
def bob(seeded: Seeded) -> Account:
    """A friend of carol's and alice's on pod3."""
    return seeded.people["bob"]


@pytest.fixture
def fay(seeded: Seeded) -> Account:
    """Follows carol from pod3; carol does not share back."""
    return seeded.people["fay"]


@pytest.fixture
def mallory(seeded: Seeded) -> Account:
    """Lives on pod3; carol has blocked him."""
    return seeded.people["mallory"]


@pytest.fixture
def dave(seeded: Seeded) -> Account:
    """Lives on pod4, and has only looked at carol's profile."""
    return seeded.people["dave"]


@pytest.fixture
def christy(federation: Federation, carol: Account) -> Account:
    """carol, after she has moved to pod2, and everybody has been told who could be."""
    moved = federation["pod2"].import_archive(carol.export_archive(), "christy")
    federation.settle()
    return moved
