"""Makes messages that nobody sent, and brings them to pods as if another pod had."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from harness.errors import UsageError
from harness.facts.identity import PodName
from harness.federation.account import Account
from harness.gate import forge
from harness.gate.forge import Identity
from harness.runtime import Runtime


class Forger:
    """Whoever wants to harm a federation; holds the private keys of all test people."""

    def __init__(self, runtime: Runtime, private_keys: tuple[str, ...]) -> None:
        """Get ready.

        Args:
            runtime: The pods.
            private_keys: The pool of test keys, as PEM.
        """
        self._runtime = runtime
        self._private_keys = private_keys

    def identity(self, who: Account) -> Identity:
        """A test person, with the private key: stolen, so to speak.

        Raises:
            UsageError: If the person's key is not of the pool.
        """
        diaspora_id = str(who.diaspora_id)
        rows = self._runtime.control[who.pod].state()["rows"]
        person = next(row for kind, key, row in rows if (kind, key) == ("person", diaspora_id))
        key = _pool(self._private_keys).get(person["public_key"])
        if key is None:
            raise UsageError(f"{diaspora_id} has a key that is not in the pool of test keys")
        return Identity(diaspora_id, str(person["guid"]), key)

    def stranger(self, diaspora_id: str, guid: str) -> Identity:
        """Somebody made up, with a key that no pod has given to anybody."""
        used = {
            row["public_key"]
            for control in self._runtime.control.values()
            for kind, _, row in control.state()["rows"]
            if kind == "person"
        }
        free = next(key for print_, key in _pool(self._private_keys).items() if print_ not in used)
        return Identity(diaspora_id, guid, free)

    def rename(self, old: Identity, new: Identity, *, consent: Identity | None) -> str:
        """The claim that one person has become the other; see `harness.gate.forge.rename`."""
        return forge.rename(old, new, consent=consent)

    def migration(self, old: Identity, new: Identity, *, variant: Literal["A", "B"]) -> str:
        """The same claim in the deployed form; see `harness.gate.forge.migration`."""
        return forge.migration(old, new, variant=variant)

    def seal(self, payload: str, sender: Identity) -> bytes:
        """A magic envelope in somebody's name, signed with the key that the identity holds."""
        return forge.seal(payload, sender)

    def send(
        self, envelope: bytes, *, to: Iterable[PodName], via: PodName
    ) -> dict[PodName, int | None]:
        """Bring an envelope to pods, through the gate; answers what each says (HTTP status).

        Args:
            envelope: The magic envelope.
            to: The pods.
            via: The pod that the gate takes for the sender.
        """
        return {pod: self._send(envelope, pod, via) for pod in to}

    def _send(self, envelope: bytes, to: PodName, via: PodName) -> int | None:
        host = self._runtime.hosts[to]
        judgement = self._runtime.gate.carry(via, host, forge.publicly(envelope, host))
        return judgement.answer.status if judgement.answer else None


@cache
def _pool(private_keys: tuple[str, ...]) -> Mapping[str, RSAPrivateKey]:
    return {forge.fingerprint(key): key for key in map(forge.load, private_keys)}
