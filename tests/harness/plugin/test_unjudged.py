"""A comparison that cannot be judged is neither an agreement nor a disagreement."""

import pytest

from harness.errors import CannotJudge, HarnessError
from harness.facts.transcript import EXIT_STATUS
from harness.plugin.outcomes import _outcome


def outcome_of(error: BaseException) -> str | None:
    def scenario() -> None:
        raise error

    call = pytest.CallInfo.from_call(scenario, when="call")
    report = pytest.TestReport("a::b", ("a", 0, "b"), {}, "failed", None, "call")
    return _outcome(call, report)


def test_what_the_model_does_not_understand_is_unknown_and_our_own_trouble_is_not() -> None:
    assert outcome_of(CannotJudge("somebody flew")) == "unknown"
    assert EXIT_STATUS["unknown"] == CannotJudge.exit_status == 2
    assert outcome_of(HarnessError("no disk")) == "harness error"
    assert outcome_of(AssertionError("no post")) == "disagreed"
