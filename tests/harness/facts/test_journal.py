"""The journal of a run."""

from datetime import UTC, datetime

from harness.facts.journal import Act, Journal
from harness.facts.reference import Ref

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_a_journal_numbers_acts_as_they_happen() -> None:
    journal = Journal()
    journal.add("carol@pod1.test", "post", {"public": True}, pod="pod1", at=NOON)
    journal.add("bob@pod3.test", "like", {}, refs=(Ref("like", "0123"),))
    assert tuple(journal) == (
        Act(
            n=1,
            actor="carol@pod1.test",
            pod="pod1",
            verb="post",
            arguments={"public": True},
            at=NOON,
        ),
        Act(
            n=2,
            actor="bob@pod3.test",
            pod=None,
            verb="like",
            arguments={},
            refs=(Ref("like", "0123"),),
        ),
    )


def test_a_restored_journal_goes_on_from_where_it_was() -> None:
    journal = Journal()
    first = journal.add("carol@pod1.test", "post", {})
    journal.add("carol@pod1.test", "post", {})
    journal.restore([first])
    assert journal.add("bob@pod3.test", "like", {}).n == 2
    assert [act.verb for act in journal.tail(1)] == ["like"]
