"""How long failures wait, and when they end."""

from datetime import timedelta

from pod.jobs import backoff


def test_a_delivery_waits_longer_each_time_and_is_abandoned_after_ten_attempts() -> None:
    delays = [backoff.delivery("comment", failures) for failures in range(1, 11)]
    seconds = [delay and delay.total_seconds() for delay in delays]
    assert seconds == [256, 625, 1296, 2401, 4096, 6561, 10000, 14641, 20736, None]


def test_a_contact_is_attempted_twenty_times() -> None:
    assert backoff.delivery("contact", 19) == timedelta(seconds=22**4)
    assert backoff.delivery("contact", 20) is None


def test_what_may_take_days_is_attempted_four_times_more() -> None:
    delays = [backoff.long_term(failures) for failures in range(1, 6)]
    assert delays == [
        timedelta(minutes=10),
        timedelta(hours=1),
        timedelta(days=1),
        timedelta(days=3),
        None,
    ]
