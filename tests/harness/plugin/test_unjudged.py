"""A comparison that cannot be judged is neither an agreement nor a disagreement."""

from typing import Literal

import pytest

from harness.errors import CannotJudge, HarnessError
from harness.facts.transcript import EXIT_STATUS
from harness.plugin.outcomes import _outcome


def outcome_of(
    error: BaseException, reported: Literal["failed", "skipped"] = "failed"
) -> str | None:
    def scenario() -> None:
        raise error

    call = pytest.CallInfo.from_call(scenario, when="call")
    report = pytest.TestReport("a::b", ("a", 0, "b"), {}, reported, None, "call")
    return _outcome(call, report)


def test_what_the_model_does_not_understand_is_unknown_and_our_own_trouble_is_not() -> None:
    assert outcome_of(CannotJudge("somebody flew")) == "unknown"
    assert EXIT_STATUS["unknown"] == CannotJudge.exit_status == 2
    assert outcome_of(HarnessError("no disk")) == "harness error"
    assert outcome_of(AssertionError("no post")) == "disagreed"


def test_what_was_expected_to_disagree_and_does_has_disagreed() -> None:
    with pytest.raises(pytest.xfail.Exception) as expected:
        pytest.xfail("a known defect")
    assert outcome_of(expected.value, "skipped") == "disagreed"
    assert outcome_of(AssertionError("no post"), "skipped") == "disagreed"
    assert outcome_of(KeyError("nothing"), "skipped") == "harness error"
    assert outcome_of(pytest.skip.Exception("cannot fly"), "skipped") == "unsupported"
