"""Each check that looks at rows finds what is planted, and names it."""

from dataclasses import replace

import pytest

from harness.facts.identity import PodName
from harness.facts.snapshot import Row, Snapshots, Value
from harness.verify import disagreements, evidence_of
from harness.verify.signatures import signatures_verify
from harness.verify.text import mentioned
from tests.harness.verify.planting import changed, having, without

CAROL, CHRISTY, BOB = "carol@pod1.test", "christy@pod2.test", "bob@pod3.test"


def told(snapshots: Snapshots) -> set[tuple[str, PodName, str, str]]:
    found = disagreements(snapshots)
    return {(each.rule, each.pod, each.subject, each.field) for each in found}


@pytest.mark.parametrize(
    ("type_", "key", "field", "value", "rule"),
    [
        ("person", CAROL, "closed", False, "the_moved_are_closed"),
        ("profile", CAROL, "bio", "still here", "the_moved_are_closed"),
        ("account_migration", CAROL, "completed", False, "everyone_knows_of_the_move"),
        ("account_migration", CAROL, "new_id", BOB, "everyone_knows_of_the_move"),
    ],
)
def test_what_a_pod_gets_wrong_about_a_move_is_found(
    after_move: Snapshots, type_: str, key: str, field: str, value: Value, rule: str
) -> None:
    row = after_move["pod3"].rows(type_)[key]
    planted = changed(after_move, "pod3", row, field, value)
    assert (rule, "pod3", f"{type_} carol@pod1", field) in told(planted)


def test_an_open_account_of_somebody_who_moved_is_found(after_move: Snapshots) -> None:
    row = after_move["pod1"].rows("account")[CAROL]
    assert told(changed(after_move, "pod1", row, "state", "open")) == {
        ("the_moved_are_closed", "pod1", "account carol@pod1", "state")
    }


def test_a_pod_that_missed_a_move_is_one_finding_with_its_consequences(
    after_move: Snapshots,
) -> None:
    stale = without(after_move, "pod3", "account_migration", CAROL)
    findings = [each for each in disagreements(stale) if each.rule == "everyone_knows_of_the_move"]
    assert [(each.pod, each.subject, each.expected) for each in findings] == [
        ("pod3", "person carol@pod1", "moved to christy@pod2")
    ]


def test_a_pod_that_forgot_a_moved_person_altogether_was_not_told_either(
    after_move: Snapshots,
) -> None:
    forgotten = untold(after_move, "pod3")
    for row in after_move["pod3"]:
        if CAROL in row.key or CHRISTY in row.key:
            forgotten = without(forgotten, "pod3", row.type, row.key)
    findings = [
        (each.pod, each.subject, each.found)
        for each in disagreements(forgotten)
        if each.rule == "everyone_knows_of_the_move"
    ]
    assert findings == [("pod3", "person carol@pod1", "neither person nor move")]


def untold(snapshots: Snapshots, pod: PodName) -> Snapshots:
    """The same, had that pod never heard of any move."""
    origin = snapshots.origin
    assert origin is not None
    acts = tuple(
        replace(
            act, arguments={"told": {old: [p for p in told if p != pod] for old, told in moves}}
        )
        if act.verb == "settled" and (moves := act.arguments["told"].items())
        else act
        for act in origin.acts
    )
    return Snapshots(snapshots, replace(origin, acts=acts))


def test_the_bio_of_a_profile_is_the_same_wherever_it_is_known(past: Snapshots) -> None:
    row = past["pod2"].rows("profile")[BOB]
    assert told(changed(past, "pod2", row, "bio", "planted")) == {
        ("same_content_everywhere", "pod2", "profile bob@pod3", "bio")
    }


def test_a_move_that_nobody_made_is_found_where_it_is_believed(past: Snapshots) -> None:
    claim: dict[str, Value] = {
        "new_id": "mallory@pod3.test",
        "form": "account_rename",
        "completed": True,
    }
    believed = having(past, "pod2", Row("account_migration", CAROL, claim))
    found = told(believed)
    assert ("everyone_knows_of_the_move", "pod2", "account_migration carol@pod1", "new_id") in found
    assert {pod for rule, pod, *_ in found if rule == "everyone_knows_of_the_move"} == {"pod2"}


def test_a_deletion_that_one_pod_has_not_recorded_is_found(past: Snapshots) -> None:
    planted = having(past, "pod1", Row("account_deletion", BOB, {}))
    assert {
        (pod, subject, field)
        for rule, pod, subject, field in told(planted)
        if rule == "everyone_knows_of_the_deletion"
    } == {(pod, "person bob@pod3", "account_deletion") for pod in ("pod2", "pod3")}


def test_missing_and_surplus_copies_are_found(past: Snapshots) -> None:
    (guid, post), *_ = past["pod2"].rows("post").items()
    name = f"post {guid[:8]} by {post.text('author').removesuffix('.test')}"
    assert ("everyone_entitled_has_it", "pod2", name, "presence") in told(
        without(past, "pod2", "post", guid)
    )
    assert ("nobody_else_has_it", "pod4", name, "presence") in told(having(past, "pod4", post))


def test_a_person_whom_a_limited_post_is_no_longer_for_is_found(past: Snapshots) -> None:
    key = next(key for key in past["pod1"].rows("audience") if key.endswith(f"→{BOB}"))
    found = told(without(past, "pod1", "audience", key))
    assert ("everyone_entitled_has_it", "pod1", f"post {key[:8]} by carol@pod1", "audience") in (
        found
    )


def test_a_mention_that_is_not_in_the_text_is_found(past: Snapshots) -> None:
    key = next(iter(past["pod3"].rows("comment")))
    row = Row("mention", f"{key}→{CAROL}", {"container": "comment"})
    gone = next(iter(past["pod3"].rows("mention")))
    assert {rule for rule, *_ in told(having(past, "pod3", row))} >= {"mentions_follow_the_text"}
    assert {rule for rule, *_ in told(without(past, "pod3", "mention", gone))} == {
        "mentions_follow_the_text"
    }


def test_contacts_that_do_not_mirror_each_other_are_found(past: Snapshots) -> None:
    row = past["pod1"].rows("contact")[f"{CAROL}→{BOB}"]
    assert told(changed(past, "pod1", row, "sharing", value=False)) == {
        ("contacts_mirror_each_other", "pod1", "contact carol@pod1→bob@pod3", "sharing"),
        ("contacts_mirror_each_other", "pod3", "contact bob@pod3→carol@pod1", "receiving"),
    }


def test_a_contact_of_a_pod_that_missed_a_move_does_not_hide_the_others(
    after_move: Snapshots,
) -> None:
    stale = without(after_move, "pod4", "account_migration", CAROL)
    row = stale["pod2"].rows("contact")[f"{CHRISTY}→{BOB}"]
    assert (
        "contacts_mirror_each_other",
        "pod2",
        "contact christy@pod2→bob@pod3",
        "sharing",
    ) in told(changed(stale, "pod2", row, "sharing", value=False))


def test_a_reference_that_leads_nowhere_is_found(past: Snapshots) -> None:
    (guid, row), *_ = past["pod3"].rows("signature").items()
    kind = row.text("entity")
    found = told(without(past, "pod3", kind, guid))
    assert ("no_reference_dangles", "pod3", f"signature {guid[:8]}", "key") in found


def test_a_signature_with_one_changed_byte_does_not_verify(after_move: Snapshots) -> None:
    (guid, row), *_ = after_move["pod2"].rows("signature").items()
    signature = row.text("author_signature")
    bent = ("A" if signature[0] != "A" else "B") + signature[1:]
    planted = changed(after_move, "pod2", row, "author_signature", bent)
    assert [
        (each.pod, each.subject, each.found) for each in signatures_verify(evidence_of(planted))
    ] == [("pod2", f"signature {guid[:8]}", "does not verify")]


def test_a_comment_that_says_other_than_what_was_signed_is_found(past: Snapshots) -> None:
    snapshot = past["pod1"]
    signed = snapshot.rows("signature")
    row = next(row for key, row in snapshot.rows("comment").items() if key in signed)
    planted = changed(past, "pod1", row, "text", "something else")
    fields = {(each.pod, each.field) for each in signatures_verify(evidence_of(planted))}
    assert fields == {("pod1", "text")}


def test_a_signature_that_the_home_of_a_post_has_not_kept_is_missed(past: Snapshots) -> None:
    signed = past["pod1"].rows("signature")
    relayed = next(
        row for row in past["pod1"].rows("comment").values() if row.text("author") == BOB
    )
    assert relayed.key in signed
    planted = without(past, "pod1", "signature", relayed.key)
    assert [(each.pod, each.field) for each in signatures_verify(evidence_of(planted))] == [
        ("pod1", "signature")
    ]


def test_mentions_are_read_from_texts_as_the_protocol_writes_them() -> None:
    text = "@{Carol; carol@pod1.test} @{bob@pod3.test} @{Carol; carol@pod1.test} a@b @{;x}"
    assert mentioned(text) == (CAROL, BOB)
    assert mentioned("nobody @ all") == ()
