"""A pod that is killed at any moment loses no message that it accepted, and sends none too many.

At each named point first, in the role in which a pod passes it; then at random moments, by
SIGKILL, while a burst of messages flows. In the end every pod believes what the model says.
"""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from harness.errors import PodDied
from harness.facts.identity import POD_NAMES, PodName
from harness.facts.reference import Ref
from harness.federation.pod import PASSWORD
from harness.runtime.processes import Processes
from harness.settings import ROOT, HarnessSettings
from harness.verify import disagreements
from tests.harness.runtime.town import Town, town

SOON = timedelta(seconds=20)
IMPORTING = (
    "import.account_created",
    "import.fetched",
    "migrate.before_commit",
    "migrate.after_commit",
    "import.committed",
    "import.announced",
    "import.unlocked",
)
TALKING: tuple[tuple[str, PodName], ...] = (
    ("receive.before_commit", "pod3"),
    ("receive.after_commit", "pod3"),
    ("deliver.before_post", "pod1"),
    ("deliver.after_post", "pod1"),
)
HEARING = ("receive.before_commit", "receive.after_commit")
CONFIRMING = ("migrate.before_commit", "migrate.after_commit")
CHRISTY = dict.fromkeys(("pod1", "pod2", "pod3"), "christy@pod2") | {"pod4": "carol@pod1"}


@pytest.fixture(scope="module", params=["joined", "processes"])
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    settings = HarnessSettings(cache=ROOT / ".seedbed" / "cache", boot_seconds=60)
    with town(request.param, settings, tmp_path_factory.mktemp(request.param)) as built:
        yield built


@pytest.fixture
def here(built: Town) -> Town:
    built.begin()
    return built


@pytest.fixture
def servers(here: Town) -> Processes:
    assert isinstance(here.runtime, Processes)
    return here.runtime


by_sigkill = pytest.mark.parametrize("built", ["processes"], indirect=True)
"""Only a process can be killed while it works."""


def test_every_crash_point_is_tried_here(here: Town) -> None:
    tried = {*IMPORTING, *HEARING, *CONFIRMING, *(point for point, _ in TALKING)}
    assert tried == set(here.runtime.control["pod1"].crash_points())


def come_back(here: Town, pod: PodName) -> None:
    """The pod has died, and is started again."""
    assert here.dies(pod)
    here.revive(pod)


@pytest.mark.parametrize(("point", "victim"), TALKING)
def test_a_message_arrives_once_although_its_sender_or_receiver_dies(
    here: Town, point: str, victim: PodName
) -> None:
    carol, bob = here.people["carol"], here.people["bob"]
    post = here.fixtures.posts["carol_limited_family"]
    here.doom(victim, point)
    said = carol.comment(post, "Is anybody there?")
    come_back(here, victim)

    quiet = here.in_the_end()
    assert quiet.author_of(said) == dict.fromkeys(("pod1", "pod3"), "carol@pod1")
    assert here.copies(bob, post)[said.guid] == 1
    assert here.never_committed(quiet) == []
    assert not disagreements(quiet)


@pytest.mark.parametrize("point", IMPORTING)
def test_a_move_is_completed_although_the_new_home_dies(here: Town, point: str) -> None:
    carol = here.people["carol"]
    here.doom("pod2", point)
    wizard = here.federation["pod2"].begin_import(carol.export_archive())
    christy = wizard.confirm("christy", email=carol.email, password=PASSWORD)
    come_back(here, "pod2")

    quiet = here.in_the_end()
    assert wizard.status()["state"] == "done"
    assert len(here.federation.mail.messages(to=carol.email)) == 1
    assert quiet.known_as(carol) == CHRISTY
    christy.log_in()
    assert not disagreements(quiet, except_on=["pod4"])


@pytest.mark.parametrize("point", HEARING)
@pytest.mark.parametrize("victim", ["pod1", "pod3"])
def test_a_move_is_heard_of_although_the_hearer_dies(
    here: Town, point: str, victim: PodName
) -> None:
    carol = here.people["carol"]
    archive = carol.export_archive()
    here.doom(victim, point)
    here.federation["pod2"].import_archive(archive, "christy")
    come_back(here, victim)

    quiet = here.in_the_end()
    assert quiet.known_as(carol) == CHRISTY
    assert not disagreements(quiet, except_on=["pod4"])


@pytest.mark.parametrize("point", CONFIRMING)
def test_a_move_that_the_new_home_has_to_confirm_is_applied_although_the_asker_dies(
    here: Town, point: str
) -> None:
    carol, forger = here.people["carol"], here.federation.forger
    old, archive = forger.identity(carol), carol.export_archive()
    # pod3 gets the rename in the seed's own form, which the new identity does not sign.
    with here.federation.gate.losing("account_rename", to="pod3"):
        christy = here.federation["pod2"].import_archive(archive, "christy")
        here.federation.settle()
    unsigned = forger.seal(forger.rename(old, forger.identity(christy), consent=None), old)
    here.doom("pod3", point)
    assert forger.send(unsigned, to=["pod3"], via="pod2") == {"pod3": 202}
    come_back(here, "pod3")

    quiet = here.in_the_end()
    assert quiet.known_as(carol) == CHRISTY


def freeze(here: Town, *, frozen: bool) -> None:
    """Let all pods accept messages, and work on none of them."""
    here.runtime.ask_all(lambda pod: here.runtime.control[pod].freeze(frozen=frozen))


def burst(here: Town) -> list[Ref]:
    """Everybody says something; all of it was accepted, and nothing is sent yet."""
    freeze(here, frozen=True)
    people = [here.people[name] for name in ("carol", "debora", "alice", "bob")]
    hers = here.fixtures.posts["carol_public"]
    made = [who.comment(hers, f"{n} from {who.diaspora_id}") for who in people for n in range(3)]
    made += [who.post("To all", to="public") for who in people]
    return [*made, here.people["carol"].post("To friends", to="friends")]


def kill_when(servers: Processes, victim: PodName, seen: int) -> None:
    """Kill a pod by SIGKILL when the gate has seen so many exchanges, and start it again."""
    assert servers.gate.wiretap.wait_until_recorded(seen, SOON), "the burst was over too early"
    servers.kill_pod(victim)
    servers.start_pod(victim)


@by_sigkill
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_was_accepted_arrives_once_although_pods_are_killed_at_random_moments(
    here: Town, servers: Processes, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    before = here.federation.settle()
    made = burst(here)
    seen = servers.gate.wiretap.mark()
    freeze(here, frozen=False)
    for _ in range(5):
        seen += chance.randint(1, 5)
        kill_when(servers, chance.choice(POD_NAMES), seen)

    quiet = here.in_the_end()
    assert before != quiet
    assert {ref.guid: quiet.holding(ref) for ref in made[:12]} == dict.fromkeys(
        (ref.guid for ref in made[:12]), ("pod1", "pod2", "pod3")
    )
    hers = here.fixtures.posts["carol_public"]
    for who in ("carol", "alice", "bob"):
        copies = here.copies(here.people[who], hers)
        assert {copies[ref.guid] for ref in made[:12]} == {1}
    assert here.never_committed(quiet) == []
    assert not disagreements(quiet)


@by_sigkill
@pytest.mark.parametrize("seen", [1, 2, 4, 7])
def test_a_move_is_completed_although_the_new_home_is_killed_at_random_moments(
    here: Town, servers: Processes, seen: int
) -> None:
    carol = here.people["carol"]
    archive = carol.export_archive()
    freeze(here, frozen=True)
    christy = here.federation["pod2"].import_archive(archive, "christy")
    begun = servers.gate.wiretap.mark()
    freeze(here, frozen=False)
    kill_when(servers, "pod2", begun + seen)

    quiet = here.in_the_end()
    assert quiet.known_as(carol) == CHRISTY
    # A mail cannot be taken back: who dies between sending and noting it sends it again.
    assert len(here.federation.mail.messages(to=christy.email)) in (1, 2)
    assert not disagreements(quiet, except_on=["pod4"])


@by_sigkill
def test_a_pod_that_dies_is_named_and_not_taken_for_slow(here: Town, servers: Processes) -> None:
    here.doom("pod1", "deliver.before_post")
    here.people["carol"].post("Farewell", to="public")
    with pytest.raises(PodDied, match="pod1 has ended with status 137"):  # noqa: PT012 - either
        servers.control["pod1"].freeze(frozen=False)
        here.federation.settle()
    servers.start_pod("pod1")
