"""A frozen clock moves only when it is set, the real one only by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from pod.jobs.clock import FrozenClock, RealClock

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_frozen_clock_stands_still_until_it_is_set() -> None:
    clock = FrozenClock(NOW)
    assert (clock.now(), clock.seconds_until(NOW + timedelta(days=1))) == (NOW, None)
    clock.set(NOW - timedelta(hours=1))
    assert clock.now() == NOW - timedelta(hours=1)


def test_the_real_clock_cannot_be_set() -> None:
    clock = RealClock()
    assert clock.seconds_until(clock.now() - timedelta(days=1)) == 0
    with pytest.raises(ValueError, match="POD_TEST_MODE"):
        clock.set(NOW)
