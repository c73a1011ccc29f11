"""What hostile scenarios have in common: eve, what she says, and that nothing comes of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from harness import Account, Federation, Peer, PeerPerson, PodName, Refused, Snapshots, Value

CANARY = "xyzzy: nobody may read this in a log"
WHEN = "2026-01-05T09:00:00Z"

Changes = Mapping[PodName, Mapping[str, set[str]]]
"""The keys of the rows that came, went or changed, by pod and type."""


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
    before = len(refused(federation, pod))
    statuses = {name: peer.bring(body, to, encrypt=False) for name, body in bodies.items()}
    assert statuses == dict.fromkeys(bodies, 202)
    federation.settle()
    reasons = refused(federation, pod)[before:]
    assert len(reasons) == len(bodies), reasons
    return dict(zip(bodies, reasons, strict=True))


def refused(federation: Federation, pod: PodName = "pod1") -> list[str]:
    """What the pod did not obey, in the order in which it came."""
    lines = federation[pod].log_lines()
    missed = [each for each in lines if each.get("event") in ("dropped", "postponed")]
    come = [each for each in missed if "inbox" in each]
    return [each["reason"] for each in sorted(come, key=lambda each: int(each["inbox"]))]


def seek(carol: Account, what: str) -> bool:
    """Whether a search finds anything."""
    try:
        return carol.look_up(what) is not None
    except Refused:
        return False


def in_vain(federation: Federation, pod: PodName = "pod1") -> list[str]:
    """Why the pod did not find whom or what it asked for, as its log says, in the order asked."""
    lines = federation[pod].log_lines()
    missed = [each for each in lines if each.get("event") in ("undiscovered", "unfetched")]
    return [each["reason"] for each in missed]


def changes(before: Snapshots, after: Snapshots) -> Changes:
    """What is different."""
    found: dict[PodName, dict[str, set[str]]] = {}
    for pod in after:
        old, new = ({(row.type, row.key): row for row in each[pod]} for each in (before, after))
        for type_, key in {name for name in old | new if old.get(name) != new.get(name)}:
            found.setdefault(pod, {}).setdefault(type_, set()).add(key)
    return found


def met(*people: PeerPerson, **more: set[str]) -> Changes:
    """What changes when pod1 gets to know people, and more."""
    names = {str(person) for person in people}
    return {"pod1": {"person": names, "profile": names, **more}}


@contextmanager
def harmless(
    federation: Federation,
    eve: PeerPerson,
    to: PodName = "pod1",
    *,
    but: Changes | None = None,
    waiting: Mapping[PodName, int] | None = None,
) -> Iterator[None]:
    """Whatever is done meanwhile: all is as it was, nothing was told, and the pod goes on.

    It is settled before and after. Then eve, who is known there, says something ordinary.

    Args:
        federation: The pods.
        eve: Somebody who is believed.
        to: The pod that is attacked.
        but: What changes all the same, and has to.
        waiting: How much is to be tried again later.
    """
    before = federation.settle()
    yield
    assert changes(before, federation.settle()) == (but or {})
    assert federation.quiet is not None
    assert federation.quiet.sleeping == (waiting or {})
    for pod in federation:
        said = "\n".join(" ".join(line.values()) for line in pod.log_lines())
        assert (CANARY in said, "-----BEGIN" in said) == (False, False)

    guid = eve.peer.new_guid()
    assert eve.send(post(eve, guid=guid, text="good morning"), to) == 202
    assert federation.settle()[to].rows("post")[guid]["author"] == str(eve)
