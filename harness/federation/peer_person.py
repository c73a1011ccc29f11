"""Somebody on a scripted peer, who says what the scenario wants, in whatever name."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.facts.identity import DiasporaId, PodName
from harness.federation.account import Account
from harness.gate import compose, documents, forge
from harness.gate.compose import Value
from harness.gate.forge import Identity, Scheme

if TYPE_CHECKING:
    from harness.federation.peer import Peer


@dataclass(frozen=True, slots=True)
class PeerPerson:
    """Somebody on a scripted peer.

    Attributes:
        peer: The home.
        identity: Name, GUID and private key.
    """

    peer: "Peer"
    identity: Identity

    def __str__(self) -> str:
        return self.identity.diaspora_id

    @property
    def diaspora_id(self) -> DiasporaId:
        """The name."""
        return DiasporaId.parse(self.identity.diaspora_id)

    @property
    def guid(self) -> str:
        """The person's GUID."""
        return self.identity.guid

    # How the person is presented

    @property
    def webfinger_path(self) -> str:
        """Where pods ask who this is, with the query."""
        return f"/.well-known/webfinger?resource=acct:{self}"

    @property
    def hcard_path(self) -> str:
        """Where the page about the person is."""
        return f"/hcard/users/{self.guid}"

    def webfinger(self, **changed: str) -> str:
        """The document about the person, with something changed; see `documents.webfinger`."""
        return documents.webfinger(self.identity, **changed)

    def hcard(self, **changed: str) -> str:
        """The page about the person, with something changed; see `documents.hcard`."""
        return documents.hcard(self.identity, **changed)

    # What the person says

    def entity(self, name: str, **fields: Value) -> str:
        """An entity as XML, by this person unless it names another author."""
        return compose.entity(name, {"author": str(self)} | fields)

    def signed(self, name: str, **fields: Value) -> str:
        """A relayable as XML, signed with this person's key, whoever is said to be the author."""
        told: dict[str, Value] = {"author": str(self)} | fields
        signature = compose.author_signature(told, self.identity.private_key)
        return compose.entity(name, told | {"author_signature": signature})

    def signature_over(self, text: str) -> str:
        """This person's signature over any text, as entities carry it."""
        return compose.signature(text, self.identity.private_key)

    def seal(self, payload: str | bytes, scheme: Scheme = "RSA-SHA256") -> bytes:
        """A magic envelope of this person's; see `forge.seal`."""
        return forge.seal(payload, self.identity, scheme)

    def seal_as(self, other: "Account | PeerPerson | str", payload: str) -> bytes:
        """A magic envelope in somebody else's name, signed with this person's key."""
        return forge.seal(payload, replace(self.identity, diaspora_id=str(other)))

    def sealed_with_key_of(self, other: "PeerPerson", payload: str) -> bytes:
        """A magic envelope of this person's, signed with somebody else's key."""
        return forge.seal(payload, self.identity.with_key_of(other.identity))

    def send(self, payload: str, to: PodName | Account) -> int:
        """Seal an entity and bring it: publicly to a pod, or encrypted to somebody."""
        return self.peer.bring(self.seal(payload), to)
