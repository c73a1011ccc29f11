"""How an act is numbered, timed and written down."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from harness.driver.adapter import Adapter
from harness.driver.login import Login, Reach
from harness.facts.identity import DiasporaId, PodName
from harness.facts.journal import Journal
from harness.facts.reference import Ref
from harness.facts.snapshot import short
from harness.gate.http import Headers
from harness.runtime.clock import VirtualClock

Made = TypeVar("Made")


class Acting:
    """Gives each act its number, its time and its line in the journal.

    A pod in test mode makes GUIDs from its host and `seed/actor/n`, so the n-th act of a person
    gives the same GUIDs in each run of one seed, whatever others do.
    """

    def __init__(self, seed: int, clock: VirtualClock, journal: Journal) -> None:
        self.seed = seed
        self.clock = clock
        self.journal = journal
        self.counts: Counter[str] = Counter()

    def next_headers(self, actor: DiasporaId) -> tuple[datetime, Headers]:
        """The time of a person's next act, and what tells a pod of it."""
        name = short(str(actor))
        self.counts[name] += 1
        at = self.clock.tick()
        headers = (
            ("Seedbed-Act", f"{self.seed}/{name}/{self.counts[name]}"),
            ("Seedbed-At", f"{at:%Y-%m-%dT%H:%M:%SZ}"),
        )
        return at, headers

    def act(
        self,
        who: tuple[DiasporaId, PodName],
        verb: str,
        login: Login,
        deed: Callable[[Login], Made],
        arguments: Mapping[str, object] | Callable[[Made], Mapping[str, object]],
    ) -> Made:
        """Do something and write it down; what is refused did not happen, and is not written.

        Args:
            who: The actor, and the pod that is asked.
            verb: As the journal names it.
            login: With which the pod is asked.
            deed: Asks it.
            arguments: What the journal says besides, or how to tell from what was made.
        """
        actor, pod = who
        at, headers = self.next_headers(actor)
        made = deed(login.during(headers))
        told = arguments(made) if callable(arguments) else arguments
        self.journal.add(str(actor), verb, told, pod=pod, refs=_refs(made), at=at)
        return made


@dataclass(frozen=True, slots=True)
class Home:
    """A pod as the people on it use it.

    Attributes:
        reach: Brings requests to it.
        adapter: Knows what to request.
        acting: Numbers and journals what is done.
    """

    reach: Reach
    adapter: Adapter
    acting: Acting

    @property
    def pod(self) -> PodName:
        """Its name."""
        return self.reach.pod

    def act(
        self,
        actor: DiasporaId,
        verb: str,
        login: Login,
        deed: Callable[[Login], Made],
        arguments: Mapping[str, object] | Callable[[Made], Mapping[str, object]],
    ) -> Made:
        """Do something on this pod and write it down; see `Acting.act`."""
        return self.acting.act((actor, self.pod), verb, login, deed, arguments)


def _refs(made: object) -> tuple[Ref, ...]:
    if isinstance(made, Ref):
        return (made,)
    if isinstance(made, Iterable) and not isinstance(made, str | bytes | Mapping):
        return tuple(each for each in made if isinstance(each, Ref))
    return ()
