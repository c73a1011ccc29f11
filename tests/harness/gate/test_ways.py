"""The way of a message is told from what the gate has recorded, and from nothing else."""

from datetime import UTC, datetime, timedelta

from harness.facts.identity import PodName
from harness.gate.ways import longest_way
from harness.gate.wiretap import Exchange, Verdict

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _delivery(
    sender: PodName,
    recipient: PodName,
    milliseconds: tuple[int, int],
    *,
    guid: str = "a comment's GUID",
    verdict: Verdict = "passed",
) -> Exchange:
    began, ended = milliseconds
    return Exchange(
        at=NOON + timedelta(milliseconds=ended),
        virtual_at=None,
        sender=sender,
        recipient=recipient,
        host=f"{recipient}.test",
        method="POST",
        path="/receive/public",
        route="public",
        entity="comment",
        author="bob@pod3.test",
        guid=guid,
        verdict=verdict,
        request_bytes=1,
        response_bytes=1,
        duration_ms=ended - began,
    )


def test_a_message_that_is_relayed_goes_on_where_it_arrived() -> None:
    way = longest_way(
        (
            _delivery("pod3", "pod1", (0, 10)),
            _delivery("pod1", "pod4", (25, 40)),
            _delivery("pod1", "pod2", (15, 30)),
        )
    )
    assert str(way) == "comment of bob@pod3.test: pod3 → pod1 → pod4"
    assert way is not None
    assert way.seconds == 0.04


def test_nobody_passes_on_what_they_do_not_have_yet() -> None:
    way = longest_way((_delivery("pod3", "pod1", (0, 10)), _delivery("pod1", "pod2", (5, 12))))
    assert str(way) == "comment of bob@pod3.test: pod3 → pod1"


def test_a_message_is_not_continued_by_another_one() -> None:
    other = _delivery("pod1", "pod2", (20, 25), guid="another GUID here")
    way = longest_way((_delivery("pod3", "pod1", (0, 10)), other))
    assert str(way) == "comment of bob@pod3.test: pod3 → pod1"


def test_what_was_lost_has_no_way() -> None:
    assert longest_way((_delivery("pod3", "pod1", (0, 10), verdict="lost"),)) is None
