"""A scripted peer: a small pod under the full control of a scenario."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import md5
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from harness.errors import HarnessError, UsageError
from harness.facts.identity import PEER_HOSTS, DiasporaId, PodName
from harness.federation.account import Account
from harness.federation.peer_person import PeerPerson
from harness.gate import compose, documents, forge
from harness.gate.decode import Message
from harness.gate.documents import HTML, JRD
from harness.gate.forge import Identity
from harness.gate.http import Pace, Request, Response
from harness.gate.keys import public_key_in
from harness.gate.rules import FORMS, named
from harness.gate.script import Answer, Answering, Declared, Delivery, Script
from harness.runtime import CanHearOctets, Runtime

_never: Final = threading.Event()


@dataclass(frozen=True, slots=True)
class Card:
    """What a pod shows of one of its people."""

    guid: str
    public_key: RSAPublicKey


class Peer:
    """A pod that answers what was declared, sends what it is told, and does nothing by itself.

    A request that was not declared fails the scenario, and so does one that was declared and never
    made, unless it is optional.
    """

    def __init__(self, host: str, runtime: Runtime, keys: Iterator[RSAPrivateKey]) -> None:
        """Come to the gate.

        Args:
            host: One of `PEER_HOSTS`.
            runtime: The pods.
            keys: The keys of its people, in the order in which they appear.
        """
        self.name = PEER_HOSTS[host]
        self.host = host
        self.runtime = runtime
        self._keys = keys
        # Where all pods live in one process nobody waits: the clock stands still.
        self._script = Script(host, None if runtime.name == "joined" else _wait)
        self._cards: dict[DiasporaId, Card] = {}
        self._guids = 0
        self.announce(*FORMS["account migration"])
        runtime.gate.welcome(self.name, self._script)

    # Who is there

    def person(self, username: str, **shown: str) -> PeerPerson:
        """Somebody who lives here, and may be discovered; see `documents.hcard` for `shown`."""
        person = self.nobody(username)
        for path, document in (
            (person.webfinger_path, Answer(body=person.webfinger(), type=JRD)),
            (person.hcard_path, Answer(body=person.hcard(**shown), type=HTML)),
        ):
            self.serve(path, document, optional=True)
        return person

    def nobody(self, username: str) -> PeerPerson:
        """Somebody who could live here, and of whom nothing is shown."""
        diaspora_id = f"{username}@{self.host}"
        person = PeerPerson(self, Identity(diaspora_id, self.new_guid(username), next(self._keys)))
        self._script.read_with(person.guid, person.identity.private_key)
        return person

    def new_guid(self, what: str = "") -> str:
        """A GUID that nothing has yet; in each run of a scenario the same."""
        self._guids += 1
        return md5(f"{self.host}/{self._guids}/{what}".encode(), usedforsecurity=False).hexdigest()

    def weak_keys(self) -> dict[str, str]:
        """Public keys that nobody may accept, as PEM, by what is wrong with them."""
        key = next(self._keys)
        modulus = key.private_numbers().public_numbers.n
        curve = ec.generate_private_key(ec.SECP256R1()).public_key()
        elliptic = curve.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return {
            "small": forge.public_pem(65537, modulus >> (key.key_size - 1000) | 1),
            "huge": forge.public_pem(65537, modulus**5),
            "exponent 1": forge.public_pem(1, modulus),
            "even exponent": forge.public_pem(65536, modulus),
            "even modulus": forge.public_pem(65537, modulus - 1),
            "private": private.decode(),
            "elliptic": elliptic.decode(),
        }

    def announce(self, *features: str) -> None:
        """Say that these features are understood; at first, every form of account migrations."""
        index, document = documents.nodeinfo(self.host, features)
        for target, body in ((documents.NODEINFO, index), (documents.NODEINFO_20, document)):
            self.serve(target, Answer(body=body, type=documents.JSON), optional=True)

    # What is expected

    def serve(
        self,
        target: str,
        *answers: Answer | Answering,
        method: str = "GET",
        optional: bool = False,
    ) -> Declared:
        """Answer requests for this path (and query, if it has one) so, in turn.

        At least one has to be made before the scenario ends, unless that is optional.
        """

        def matches(request: Request, _message: Message) -> bool:
            asked = request.target if "?" in target else request.path
            return (request.method, asked) == (method, target)

        what = f"{method} {target}"
        return self._script.declare(Declared(what, matches, deque(answers), is_optional=optional))

    def accept(
        self, *entities: str, answers: tuple[Answer, ...] = (), optional: bool = False
    ) -> Declared:
        """Take in deliveries of these entities, or of all; answers 202 unless told otherwise.

        At least one has to come before the scenario ends, unless that is optional.
        """
        wanted = named(entities)

        def matches(_request: Request, message: Message) -> bool:
            return message.is_delivery and (not wanted or message.entity in wanted)

        what = f"a delivery of {' or '.join(entities) or 'anything'}"
        return self._script.declare(
            Declared(what, matches, deque(answers or (Answer(status=202),)), is_optional=optional)
        )

    def received(self, entity: str | None = None) -> tuple[Delivery, ...]:
        """The deliveries taken in so far, in their order."""
        came, wanted = self._script.deliveries, named(entity)
        return tuple(each for each in came if not wanted or each.message.entity in wanted)

    @property
    def undeclared(self) -> tuple[str, ...]:
        """The requests that nobody expected; the scenario fails if there is one."""
        return self._script.undeclared

    @property
    def never_made(self) -> tuple[str, ...]:
        """What was declared and has not been asked for."""
        return tuple(self._script.never_made())

    def check(self) -> None:
        """Raise `UndeclaredRequest` if there was one."""
        self._script.check()

    def check_to_the_end(self) -> None:
        """Raise, too, if something that was declared was never asked for."""
        self._script.check_to_the_end()

    # What it does

    def ask(self, request: Request, to: PodName) -> Response:
        """Make any request of a pod, through the gate.

        Raises:
            HarnessError: If the pod gave no answer.
        """
        judgement = self.runtime.gate.carry(self.name, self.runtime.hosts[to], request)
        if judgement.answer is None or judgement.verdict == "failed":
            raise HarnessError(f"{to} did not answer {self.host}: {judgement.reason}")
        return judgement.answer

    def speak(self, octets: bytes, to: PodName, pace: Pace | None = None) -> bytes:
        """Say something that need not be HTTP, as slowly as wanted; what the pod says.

        Raises:
            UsageError: If these pods are no servers.
        """
        if not isinstance(self.runtime, CanHearOctets):
            raise UsageError(
                f"the pods of {self.runtime.name} hear whole requests only",
                "Mark the scenario with needs(CanHearOctets)",
            )
        return self.runtime.speak(self.name, to, octets, pace)

    def get(self, target: str, of: PodName) -> Response:
        """Ask a pod for something."""
        return self.ask(Request("GET", target, (("Host", self.runtime.hosts[of]),)), of)

    def bring(self, body: bytes, to: "PodName | Account", *, encrypt: bool = True) -> int:
        """Bring octets to a pod's public door, or to somebody's private one; says the status.

        Args:
            body: A magic envelope, or whatever.
            to: A pod, or somebody to whom it is encrypted.
            encrypt: Whether it is encrypted by us, or is to be brought as it is.
        """
        if not isinstance(to, Account):
            request = forge.publicly(body, self.runtime.hosts[to])
            return self.ask(request, to).status
        sent = self.encrypted(body, to) if encrypt else body
        request = compose.privately(sent, self.look_up(to).guid, self.runtime.hosts[to.pod])
        return self.ask(request, to.pod).status

    def encrypted(self, envelope: bytes, recipient: Account) -> bytes:
        """What is brought to somebody's private door."""
        return compose.encrypted(envelope, self.look_up(recipient).public_key)

    def look_up(self, who: Account) -> Card:
        """Find out what a person's pod shows of them."""
        if who.diaspora_id not in self._cards:
            self._cards[who.diaspora_id] = self._discovered(who)
        return self._cards[who.diaspora_id]

    def _discovered(self, who: Account) -> Card:
        target = f"/.well-known/webfinger?resource=acct:{who.diaspora_id}"
        links = json.loads(self.get(target, who.pod).body)["links"]
        hcard = next(link["href"] for link in links if link["rel"].endswith("/hcard"))
        page = self.get(path := urlsplit(hcard).path, who.pod).body
        key = public_key_in(page)
        if key is None:
            raise HarnessError(f"the hCard of {who} shows no RSA key")
        return Card(path.rpartition("/")[2], key)


def _wait(time: timedelta) -> None:
    _never.wait(time.total_seconds())
