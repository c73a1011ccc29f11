"""What a pod has logged is read by fields, and only what is of the scenario's own time."""

from harness.federation.pod import _fields


def test_a_line_has_fields_and_the_reason_is_the_rest_of_it() -> None:
    line = "2026-11-22 12:00:00,000 INFO pod.jobs.receive event=dropped inbox=7 reason=a b=c: d"
    assert _fields(line) == {"event": "dropped", "inbox": "7", "reason": "a b=c: d"}


def test_a_field_may_be_empty_or_have_spaces() -> None:
    line = "event=delivered guid=- outcome=answered 202 pod="
    assert _fields(line) == {
        "event": "delivered",
        "guid": "-",
        "outcome": "answered 202",
        "pod": "",
    }


def test_a_line_without_fields_has_none() -> None:
    assert _fields("Traceback (most recent call last):") == {}
