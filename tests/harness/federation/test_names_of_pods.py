"""A pod that does not exist is named, wherever a scenario may say so."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from harness.driver.registry import adapter
from harness.errors import UsageError
from harness.federation import Federation
from harness.runtime.joined import Joined
from harness.settings import HarnessSettings

WRONG = cast("Any", "pod9")  # what a type checker would not let pass


@pytest.fixture
def federation(tmp_path: Path) -> Iterator[Federation]:
    """Four pods that were not started: nobody gets as far as to ask them."""
    runtime = Joined(HarnessSettings(federation="joined"), tmp_path)
    yield Federation(runtime, adapter("reference"), seed=1, settle_timeout=timedelta(seconds=1))
    runtime.stop()


@pytest.mark.parametrize(
    "say",
    [
        lambda it: it[WRONG],
        lambda it: it.gate.losing("comment", to=WRONG),
        lambda it: it.gate.refusing("comment", sender=WRONG),
        lambda it: it.gate.isolate(WRONG),
        lambda it: it.gate.cut("pod1", WRONG),
    ],
    ids=["handle", "losing", "refusing", "isolate", "cut"],
)
def test_a_pod_that_does_not_exist_is_named_with_those_that_do(
    federation: Federation, say: Callable[[Federation], object]
) -> None:
    with pytest.raises(UsageError, match="'pod9' is no") as error:
        say(federation)
    assert "pod1" in error.value.next_step
