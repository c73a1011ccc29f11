"""The judgement: what disagrees, by which rule.

`CHECKS` is a plain tuple; each check is a generator of findings over the `Evidence`. A check cites
its section of the verification document, and a pod broken on purpose proves that it can fail.
"""

from collections.abc import Callable, Collection, Iterable, Iterator

from harness.errors import CannotJudge
from harness.facts.finding import Finding, Findings
from harness.facts.identity import PodName
from harness.facts.journal import Act
from harness.facts.snapshot import Snapshots
from harness.verify.acts import predict
from harness.verify.equality import (
    parts_come_with_the_whole,
    private_profiles_stay_private,
    same_content_everywhere,
)
from harness.verify.evidence import Evidence
from harness.verify.expectation import Expectation
from harness.verify.identity import people_are_who_they_were
from harness.verify.invariants import (
    contacts_mirror_each_other,
    mentions_follow_the_text,
    no_reference_dangles,
    nothing_names_the_moved,
    the_moved_are_closed,
)
from harness.verify.presence import (
    everyone_entitled_has_it,
    nobody_else_has_it,
    the_author_is_who_made_it,
)
from harness.verify.records import everyone_knows_of_the_deletion, everyone_knows_of_the_move
from harness.verify.residue import nothing_is_left_of_the_old_identity, private_items_stay_private
from harness.verify.signatures import signatures_verify

__all__ = [
    "CHECKS",
    "Check",
    "Evidence",
    "disagreements",
    "evidence_of",
    "expectation_of",
    "judge",
    "left_out",
]

Check = Callable[[Evidence], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    # inside each pod
    no_reference_dangles,
    the_moved_are_closed,
    nothing_names_the_moved,
    mentions_follow_the_text,
    signatures_verify,
    # who has what
    everyone_knows_of_the_move,
    everyone_knows_of_the_deletion,
    everyone_entitled_has_it,
    nobody_else_has_it,
    private_items_stay_private,
    # the same everywhere
    the_author_is_who_made_it,
    same_content_everywhere,
    parts_come_with_the_whole,
    private_profiles_stay_private,
    contacts_mirror_each_other,
    people_are_who_they_were,
    # the sweep
    nothing_is_left_of_the_old_identity,
)

NEED_ACTS: tuple[Check, ...] = (
    everyone_entitled_has_it,
    nobody_else_has_it,
    private_items_stay_private,
    the_author_is_who_made_it,
    people_are_who_they_were,
    signatures_verify,
)
"""Checks that find nothing where it is not known what was done, by people with which keys."""

NEED_DATABASES: tuple[Check, ...] = (
    private_items_stay_private,
    nothing_is_left_of_the_old_identity,
)
"""Checks that find nothing without the pods' own databases."""


def evidence_of(snapshots: Snapshots) -> Evidence:
    """What the checks need, from snapshots and where they come from."""
    origin = snapshots.origin
    if origin is None:
        return Evidence(snapshots=snapshots)
    return Evidence(
        snapshots=snapshots,
        expectation=expectation_of(origin.acts, snapshots),
        databases=origin.databases(),
        canaries=origin.canaries,
        public_keys=origin.public_keys,
    )


def left_out(snapshots: Snapshots) -> tuple[Check, ...]:
    """The checks that cannot find anything for lack of evidence: they have agreed to nothing."""
    origin = snapshots.origin
    lacking = () if origin is not None and origin.databases() else NEED_DATABASES
    lacking += () if origin is not None else NEED_ACTS
    return tuple(check for check in CHECKS if check in lacking)


def expectation_of(acts: Iterable[Act], snapshots: Snapshots) -> Expectation:
    """What the model says after these acts.

    Raises:
        CannotJudge: If there is an act that it does not understand.
    """
    hosts = {snapshot.host: pod for pod, snapshot in snapshots.items()}
    model = predict(acts, hosts)
    if model.not_understood:
        unknown = ", ".join(dict.fromkeys(model.not_understood))
        raise CannotJudge(f"the model does not understand what was done: {unknown}")
    return model


def judge(evidence: Evidence, checks: Iterable[Check] = CHECKS) -> Findings:
    """Run every check and collect what it found."""
    return Findings(finding for check in checks for finding in check(evidence))


def disagreements(snapshots: Snapshots, *, except_on: Collection[PodName] = ()) -> Findings:
    """Everything the pods disagree about, or hold against a rule.

    Args:
        snapshots: Of a settled federation.
        except_on: Pods that are meant to have missed a move: that they did, with its consequences,
            is left out; whatever else is wrong with them is told.

    Raises:
        CannotJudge: If the model does not understand what was done: the outcome is unknown.
    """
    found = judge(evidence_of(snapshots))
    missed = everyone_knows_of_the_move.__name__
    return Findings(each for each in found if each.rule != missed or each.pod not in except_on)
