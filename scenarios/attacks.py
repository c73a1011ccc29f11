"""What hostile scenarios have in common: eve, what she says, and that nothing comes of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from harness import Account, Federation, Peer, PeerPerson, PodName, Value

CANARY = "xyzzy: nobody may read this in a log"
WHEN = "2026-01-05T09:00:00Z"


def post(by: PeerPerson, **fields: Value) -> str:
    """A public post, with whatever changed."""
    told: dict[str, Value] = {
        "guid": by.peer.new_guid(),
        "created_at": WHEN,
        "public": True,
        "text": CANARY,
    }
    return by.entity("status_message", **told | fields)


def brought(
    federation: Federation, peer: Peer, bodies: Mapping[str, bytes], to: PodName | Account
) -> dict[str, str]:
    """Bring each of these to a pod; why it was not obeyed, as the pod's log says.

    The pod acknowledges everything. Private bodies are brought as they are, without encryption.
    """
    pod = to.pod if isinstance(to, Account) else to
    before = len(_refusals(federation, pod))
    statuses = {name: peer.bring(body, to, encrypt=False) for name, body in bodies.items()}
    assert statuses == dict.fromkeys(bodies, 202)
    federation.settle()
    reasons = _refusals(federation, pod)[before:]
    assert len(reasons) == len(bodies), reasons
    return dict(zip(bodies, reasons, strict=True))


def _refusals(federation: Federation, pod: PodName) -> list[str]:
    """What the pod did not obey, in the order in which it came."""
    lines = federation[pod].log_lines()
    refused = [each for each in lines if each.get("event") in ("dropped", "postponed")]
    return [each["reason"] for each in sorted(refused, key=lambda each: int(each["inbox"]))]


@contextmanager
def harmless(federation: Federation, eve: PeerPerson, to: PodName = "pod1") -> Iterator[None]:
    """Whatever is done meanwhile: all is as it was, nothing was told, and the pod goes on.

    It is settled before and after. Then eve, who is known there, says something ordinary.
    """
    before = federation.settle()
    yield
    after = federation.settle()
    assert after == before
    assert federation.quiet is not None
    assert federation.quiet.sleeping == {}
    for pod in federation:
        said = "\n".join(" ".join(line.values()) for line in pod.log_lines())
        assert (CANARY in said, "-----BEGIN" in said) == (False, False)

    guid = eve.peer.new_guid()
    assert eve.send(post(eve, guid=guid, text="good morning"), to) == 202
    assert federation.settle()[to].rows("post")[guid]["author"] == str(eve)
