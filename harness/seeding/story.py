"""From an empty federation to one with a past: made, or restored from the cache."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from harness.driver.login import Login
from harness.federation import Account, Federation
from harness.seeding.cache import Cache, Saved, SavedAccount
from harness.seeding.cast import read_cast
from harness.seeding.fixtures import Fixtures
from harness.seeding.past import act, get_acquainted, sign_up, turn_away
from harness.seeding.stage import Stage
from harness.seeding.texts import Texts
from harness.settings import HarnessSettings

LATER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seeded:
    """A federation with a past.

    Attributes:
        people: The cast's accounts by the names of the cast file.
        fixtures: What they have made.
    """

    people: Mapping[str, Account]
    fixtures: Fixtures


def seeded(federation: Federation, settings: HarnessSettings) -> Saved:
    """Give an empty federation its past, or find the one kept from an earlier run."""
    cache = Cache.of(settings)
    saved = cache.load()
    return saved if saved is not None else cache.save(federation, play(federation, settings))


def play(federation: Federation, settings: HarnessSettings) -> Seeded:
    """Let the cast live through their past; the clock stands a day later then."""
    roles = read_cast(settings.fixtures / "cast.toml")
    texts = Texts(settings.seed, roles)
    people = sign_up(federation, roles, texts)
    get_acquainted(roles, people)
    federation.settle()
    stage = Stage(federation, people, texts)
    act(stage)
    turn_away(roles, people)
    federation.settle()
    federation.clock.advance(LATER)
    federation.settle()
    return Seeded(people, stage.made)


def restore(federation: Federation, saved: Saved) -> Seeded:
    """Bring a federation, whatever has become of it, to the end of its past."""
    federation.restore(saved.moment, saved.databases)
    federation.canaries = dict(saved.fixtures.canaries)
    people = {name: _account(federation, kept) for name, kept in saved.people.items()}
    return Seeded(people, saved.fixtures)


def _account(federation: Federation, kept: SavedAccount) -> Account:
    account = federation[kept.pod].account(kept.username)
    account.login = Login(account.home.reach, kept.username, kept.authorization)
    return account
