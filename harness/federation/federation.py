"""The federation, as a scenario holds it."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from harness.driver.adapter import Adapter
from harness.errors import HarnessError, UsageError
from harness.facts.identity import PEER_HOSTS, POD_NAMES, PodName
from harness.facts.journal import Journal
from harness.facts.snapshot import Origin, Snapshots
from harness.federation.acting import Acting, Home
from harness.federation.clock import FederationClock
from harness.federation.forger import Forger
from harness.federation.known_keys import known_keys
from harness.federation.moment import Moment
from harness.federation.peer import Peer
from harness.federation.pod import Pod
from harness.federation.stumbles import check_log
from harness.gate import Gate, forge
from harness.gate.http import Request, Response
from harness.gate.links import pod_named
from harness.gate.mailbox import Mailbox
from harness.observe.settle import Quiet, settle
from harness.observe.state import read_snapshots
from harness.runtime import Runtime


@dataclass(frozen=True, slots=True)
class RuntimeReach:
    """A pod of a runtime, as its people's browsers reach it."""

    runtime: Runtime
    pod: PodName

    @property
    def host(self) -> str:
        """The host part of its people's diaspora IDs."""
        return self.runtime.hosts[self.pod]

    def send(self, request: Request) -> Response:
        """Bring a request to the pod."""
        return self.runtime.send(self.pod, request)


class Federation:
    """Four pods and the people on them: act, settle, compare."""

    def __init__(
        self,
        runtime: Runtime,
        adapter: Adapter,
        *,
        seed: int,
        settle_timeout: timedelta,
        private_keys: tuple[str, ...] = (),
        peer_keys: tuple[str, ...] = (),
    ) -> None:
        """Take hold of running pods.

        Args:
            runtime: The pods.
            adapter: Knows how to make them do what people do.
            seed: Decides the GUIDs of what acts make.
            settle_timeout: How long settling may take.
            private_keys: The pool of test keys, as PEM.
            peer_keys: Those among them that people on scripted peers have.
        """
        self.runtime = runtime
        self.adapter = adapter
        self.journal = Journal()
        self.acting = Acting(seed, runtime.clock, self.journal)
        self.clock = FederationClock(runtime)
        self.quiet: Quiet | None = None
        self.order = 1
        self.canaries: dict[str, str] = {}
        self.latest: Snapshots | None = None
        self.longest_settling = 0.0
        self.forger = Forger(runtime, private_keys)
        self._private_keys = private_keys
        self._peer_keys = peer_keys
        self._peers: dict[str, Peer] = {}
        self._keys_left = self._load_peer_keys()
        self._settle_timeout = settle_timeout
        self._pods = {pod: self._pod(pod) for pod in POD_NAMES}

    def __getitem__(self, pod: PodName) -> Pod:
        return self._pods[pod_named(pod)]

    def __iter__(self) -> Iterator[Pod]:
        return iter(self._pods.values())

    @property
    def gate(self) -> Gate:
        """What everything between the pods passes."""
        return self.runtime.gate

    @property
    def mail(self) -> Mailbox:
        """All mail that the pods have sent."""
        return self.runtime.mail

    def peer(self, host: str = "peer.test") -> Peer:
        """The scripted peer of that host, which is there from now on until the scenario's end.

        Raises:
            UsageError: If that is no peer's host, or these pods cannot reach peers.
        """
        if host not in PEER_HOSTS:
            raise UsageError(f"{host!r} is no peer", f"There are {', '.join(PEER_HOSTS)}")
        if host not in self._peers:
            self._peers[host] = Peer(host, self.runtime, self._keys_left)
        return self._peers[host]

    def check_peers(self) -> None:
        """Raise `UndeclaredRequest` if a peer was asked what the scenario did not expect."""
        for peer in self._peers.values():
            peer.check()

    def check_peers_to_the_end(self) -> None:
        """Raise `RequestNeverMade`, too, if one was not asked what the scenario did expect."""
        for peer in self._peers.values():
            peer.check_to_the_end()

    def check_pods(self) -> None:
        """Raise if a pod that should run does not, or met an error that it did not handle.

        Raises:
            PodDied: If it ended on its own, be it after the latest settling.
            Stumbled: If its log tells of an error.
        """
        self.runtime.ask_all(lambda pod: self.runtime.control[pod].gauge())
        for pod in self:
            check_log(pod.name, self.runtime.log(pod.name), pod.log_begins)

    def configure(self, changed: Mapping[PodName, Mapping[str, str]]) -> None:
        """Have these pods run with these settings, and all others with their usual ones."""
        for pod in self:
            pod.configure(changed.get(pod.name, {}))

    def settle(self) -> Snapshots:
        """Wait until nothing can move any more, and read what the pods believe.

        What sleeps until later, and what the gate holds, is told by `quiet`.

        Raises:
            NotSettled: If something still moves when the time is over.
            UndeclaredRequest: If a peer was asked what the scenario did not expect.
        """
        begun = time.monotonic()
        self.quiet = settle(self.runtime, self._settle_timeout, self.journal.tail())
        self.longest_settling = max(self.longest_settling, time.monotonic() - begun)
        self.check_peers()
        read = read_snapshots(self.runtime)
        at = self.runtime.clock.now
        self.journal.add("", "settled", {"told": told(read)}, at=at)
        self.latest = Snapshots(read, self._origin())
        return self.latest

    def moment(self) -> Moment:
        """What to know to go on from here; the databases come besides."""
        return Moment(self.clock.now, dict(self.acting.counts), tuple(self.journal))

    def copy_databases(self, folder: Path) -> dict[PodName, Path]:
        """Copy each pod's database, as of now."""
        copies: dict[PodName, Path] = {pod: folder / f"{pod}.sqlite3" for pod in POD_NAMES}
        for copy in copies.values():
            copy.unlink(missing_ok=True)
        asked = self.runtime.ask_all(lambda pod: self.runtime.control[pod].snapshot(copies[pod]))
        return {pod: copies[pod] for pod in asked}

    def restore(self, moment: Moment, databases: Mapping[PodName, Path]) -> None:
        """Go back to a moment: all pods run, nothing is disturbed, no mail has come."""
        self.gate.reset()
        self._peers = {}
        self._keys_left = self._load_peer_keys()
        self.mail.forget()
        for pod in set(POD_NAMES) - set(self.runtime.running()):
            self.runtime.start_pod(pod)
        self.runtime.ask_all(lambda pod: self._restore_pod(pod, databases[pod]))
        self.runtime.clock.turn_to(moment.clock)
        self.runtime.reseed(self.acting.seed, self.order)
        self.gate.wiretap.begin()
        self.acting.counts = Counter(moment.counts)
        self.journal.restore(moment.acts)
        self.latest = self.quiet = None
        for each in self:
            each.forget_log()

    def _load_peer_keys(self) -> Iterator[RSAPrivateKey]:
        return map(forge.load, self._peer_keys)

    def _restore_pod(self, pod: PodName, database: Path) -> None:
        control = self.runtime.control[pod]
        control.crash_at(None)
        control.freeze(frozen=False)
        control.restore(database)

    def _origin(self) -> Origin:
        acts = tuple(self.journal)

        def databases() -> Mapping[PodName, Path]:
            if tuple(self.journal) != acts:
                raise HarnessError(
                    "the federation has moved on since these snapshots were read",
                    "Compare right after settling",
                )
            folder = self.runtime.scratch / "evidence"
            folder.mkdir(exist_ok=True)
            return self.copy_databases(folder)

        return Origin(
            acts=acts,
            databases=databases,
            canaries=dict(self.canaries),
            public_keys=known_keys(self._private_keys),
        )

    def _pod(self, pod: PodName) -> Pod:
        home = Home(RuntimeReach(self.runtime, pod), self.adapter, self.acting)
        return Pod(home, self.runtime)


def told(snapshots: Snapshots) -> dict[str, list[PodName]]:
    """Which pods have recorded each account migration, by the old ID."""
    records: dict[str, list[PodName]] = {}
    for pod, snapshot in snapshots.items():
        for old_id in snapshot.rows("account_migration"):
            records.setdefault(old_id, []).append(pod)
    return records
