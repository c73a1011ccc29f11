"""Records of moves and deletions: the same wherever the people are known."""

from collections.abc import Iterator

from harness.facts.finding import Finding
from harness.facts.identity import PodName
from harness.facts.snapshot import Snapshot, short
from harness.verify.evidence import Evidence, finding


def everyone_knows_of_the_move(evidence: Evidence) -> Iterator[Finding]:
    """Each pod that knows a moved person has the record of the move, completed, to the same new ID.

    What a pod that missed the move gets wrong because of it is folded under this finding.

    Source: docs/verification.md#everyone-knows-of-the-move; seed specification, section 8
    """
    for pod, snapshot in evidence.snapshots.items():
        for old, new in evidence.stale(pod).items():
            yield Finding(
                "everyone_knows_of_the_move",
                pod,
                f"person {short(old)}",
                "account_migration",
                f"moved to {short(new)}",
                "no record of the move",
                consequences=_consequences(snapshot, old),
            )
        yield from _untold(evidence, pod, snapshot)
        yield from _wrong_records(evidence, pod, snapshot)


def _untold(evidence: Evidence, pod: PodName, snapshot: Snapshot) -> Iterator[Finding]:
    """Moves that concern people of a pod which knows neither of the move nor of the old person.

    By the model somebody there shares with the old ID, or has written to it: to forget the person
    altogether is no way to have been told.
    """
    model = evidence.expectation
    waiting = {old for at, old, _ in model.deferred if at == pod} if model else set[str]()
    for old in sorted(waiting - evidence.stale(pod).keys()):
        if snapshot.get("account_migration", old) is None:
            yield Finding(
                "everyone_knows_of_the_move",
                pod,
                f"person {short(old)}",
                "account_migration",
                f"moved to {short(evidence.newest(old))}",
                "neither person nor move",
            )


def _wrong_records(evidence: Evidence, pod: PodName, snapshot: Snapshot) -> Iterator[Finding]:
    rule = "everyone_knows_of_the_move"
    for old, row in snapshot.rows("account_migration").items():
        expected, found = evidence.moves.get(old), row.text("new_id")
        if found != expected:
            # Nobody has moved so: a pod that records it has believed a forger.
            yield finding(rule, pod, row, "new_id", expected=expected or "no move", found=found)
        if not row["completed"]:
            yield finding(rule, pod, row, "completed", expected=True, found=False)


def _consequences(snapshot: Snapshot, old: str) -> int:
    """How many of the pod's rows still name the old ID."""
    return sum(
        1
        for row in snapshot
        if row.type not in ("person", "profile", "account")
        and (old in row.key or old in row.fields.values())
    )


def everyone_knows_of_the_deletion(evidence: Evidence) -> Iterator[Finding]:
    """Each pod that knows a deleted person has the record of the deletion.

    Source: docs/verification.md#everyone-knows-of-the-deletion; seed specification, section 8
    """
    deleted = {
        key for snapshot in evidence.snapshots.values() for key in snapshot.rows("account_deletion")
    }
    for pod, snapshot in evidence.snapshots.items():
        for person in sorted(deleted):
            row = snapshot.get("person", person)
            if row is not None and snapshot.get("account_deletion", person) is None:
                yield finding(
                    "everyone_knows_of_the_deletion",
                    pod,
                    row,
                    "account_deletion",
                    expected="recorded",
                    found=None,
                )
