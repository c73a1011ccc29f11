"""Rules, decided on plain data."""

import pytest

from harness.facts.identity import PodName
from harness.gate.decode import Message
from harness.gate.rules import Decision, Fit, Rule, RuleBook, named

COMMENT = Message("public", entity="comment")
LIKE = Message("private", entity="like", recipient_guid="a" * 32)
OPAQUE = Message("private", recipient_guid="a" * 32, is_opaque=True)
FETCH = Message("fetch", entity="comment")

Case = tuple[Rule, PodName, PodName, Message, Fit]
CASES: dict[str, Case] = {
    "any rule, any message": (Rule("lose"), "pod1", "pod2", COMMENT, Fit.YES),
    "any rule, opaque message": (Rule("lose"), "pod1", "pod2", OPAQUE, Fit.YES),
    "its entity": (Rule("lose", named("comment")), "pod1", "pod2", COMMENT, Fit.YES),
    "one of its entities": (Rule("lose", named(["like", "x"])), "pod1", "pod2", LIKE, Fit.YES),
    "another entity": (Rule("lose", named("comment")), "pod1", "pod2", LIKE, Fit.NO),
    "an opaque message": (Rule("lose", named("comment")), "pod1", "pod2", OPAQUE, Fit.UNKNOWN),
    "an opaque message elsewhere": (
        Rule("lose", named("comment"), recipient="pod3"), "pod1", "pod2", OPAQUE, Fit.NO,
    ),
    "its sender": (Rule("lose", sender="pod1"), "pod1", "pod2", COMMENT, Fit.YES),
    "another sender": (Rule("lose", sender="pod3"), "pod1", "pod2", COMMENT, Fit.NO),
    "its recipient": (Rule("lose", recipient="pod2"), "pod1", "pod2", COMMENT, Fit.YES),
    "another recipient": (Rule("lose", recipient="pod1"), "pod1", "pod2", COMMENT, Fit.NO),
    "a fetch": (Rule("lose"), "pod1", "pod2", FETCH, Fit.NO),
    "discovery": (Rule("lose"), "pod1", "pod2", Message("discovery"), Fit.NO),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_rule_knows_which_messages_concern_it(case: Case) -> None:
    rule, sender, recipient, message, fit = case
    assert rule.fit(sender, recipient, message) is fit


def decisions(book: RuleBook, *messages: Message) -> list[Decision]:
    return [book.decide("pod1", "pod2", message) for message in messages]


def test_a_book_without_rules_lets_everything_pass() -> None:
    assert decisions(RuleBook(), COMMENT, OPAQUE, FETCH) == [Decision()] * 3


def test_the_newest_rule_that_concerns_a_message_decides() -> None:
    book = RuleBook()
    lose = book.add(Rule("lose"))
    spare = book.add(Rule("pass", named("like")))
    assert decisions(book, COMMENT, LIKE) == [Decision("lose", lose), Decision("pass", spare)]


def test_a_rule_that_is_removed_decides_nothing_and_may_be_removed_twice() -> None:
    book = RuleBook()
    first, second = book.add(Rule("lose")), book.add(Rule("lose"))
    book.remove(second)
    book.remove(second)
    assert decisions(book, COMMENT) == [Decision("lose", first)]


def test_an_opaque_message_makes_the_decision_unknown_and_no_older_rule_is_asked() -> None:
    book = RuleBook()
    book.add(Rule("lose"))
    named_one = book.add(Rule("refuse", named("comment")))
    assert decisions(book, OPAQUE) == [Decision(by=named_one, is_certain=False)]


def test_only_the_nth_message_meets_a_counting_rule() -> None:
    book = RuleBook()
    second = book.add(Rule("hold", named("comment"), nth=2))
    expected = [Decision(), Decision(), Decision("hold", second), Decision()]
    assert decisions(book, COMMENT, LIKE, COMMENT, COMMENT) == expected


def test_a_counting_rule_that_met_an_opaque_message_counts_no_more() -> None:
    book = RuleBook()
    rule = book.add(Rule("hold", named("comment"), nth=2))
    unknown = Decision(by=rule, is_certain=False)
    expected = [Decision(), unknown, Decision(), unknown]
    assert decisions(book, COMMENT, OPAQUE, LIKE, COMMENT) == expected


def test_counting_from_nought_is_refused() -> None:
    with pytest.raises(ValueError, match="nth counts from 1, not 0"):
        Rule("lose", nth=0)


def test_a_concept_is_named_once_and_means_its_entities_in_every_form() -> None:
    forms = {"account_rename", "account_migration"}
    assert named("account migration") == forms
    assert named(("comment", "account migration")) == forms | {"comment"}
    assert named("account_rename") == {"account_rename"}
