"""Whatever the home of a person has lost, or made up, is found there and named."""

import pytest

from harness.facts.identity import PodName
from harness.facts.snapshot import Row, Snapshots, Value
from harness.verify import evidence_of
from harness.verify.identity import people_are_who_they_were
from tests.harness.verify.planting import changed, having, without

CHRISTY, DAVE = "christy@pod2.test", "dave@pod4.test"


def told(snapshots: Snapshots) -> list[tuple[PodName, str, str, str]]:
    found = people_are_who_they_were(evidence_of(snapshots))
    return [(each.pod, each.subject, each.field, each.found) for each in found]


def test_before_and_after_a_move_everybody_is_who_they_were(
    past: Snapshots, after_move: Snapshots
) -> None:
    assert (told(past), told(after_move)) == ([], [])


@pytest.mark.parametrize("field", ["first_name", "bio", "image_url", "location", "tag_string"])
def test_a_field_of_the_own_profile_that_differs_is_found(
    after_move: Snapshots, field: str
) -> None:
    row = after_move["pod2"].rows("profile")[CHRISTY]
    assert told(changed(after_move, "pod2", row, field, "planted")) == [
        ("pod2", "profile christy@pod2", field, "planted")
    ]


@pytest.mark.parametrize(
    ("type_", "key", "subject", "field"),
    [
        ("aspect", f"{CHRISTY}/work", "aspect", "work"),
        ("block", f"{CHRISTY}→mallory@pod3.test", "block", "mallory@pod3"),
        ("tag_following", f"{CHRISTY}/seeds", "tag", "seeds"),
    ],
)
def test_what_got_lost_at_home_is_found(
    after_move: Snapshots, type_: str, key: str, subject: str, field: str
) -> None:
    lacking = without(after_move, "pod2", type_, key)
    assert told(lacking) == [("pod2", f"{subject} of christy@pod2", field, "missing")]


def test_a_block_that_nobody_made_is_found(after_move: Snapshots) -> None:
    planted = having(after_move, "pod4", Row("block", f"{DAVE}→bob@pod3.test", {}))
    assert told(planted) == [("pod4", "block of dave@pod4", "bob@pod3", "held")]


@pytest.mark.parametrize(
    ("field", "value", "subject", "named", "found"),
    [
        ("receiving", False, "contact", "bob@pod3", "missing"),
        ("aspects", ("work",), "member", "family/bob@pod3", "missing"),
        ("aspects", ("family", "friends", "work"), "member", "friends/bob@pod3", "held"),
    ],
)
def test_a_contact_that_is_otherwise_than_it_was_is_found(
    after_move: Snapshots, field: str, value: Value, subject: str, named: str, found: str
) -> None:
    row = after_move["pod2"].rows("contact")[f"{CHRISTY}→bob@pod3.test"]
    assert told(changed(after_move, "pod2", row, field, value)) == [
        ("pod2", f"{subject} of christy@pod2", named, found)
    ]


def test_a_home_that_missed_a_friends_move_is_not_said_to_have_lost_the_friend(
    after_move: Snapshots,
) -> None:
    assert told(without(after_move, "pod3", "account_migration", "carol@pod1.test")) == []
