"""Errors of the harness say what, and what to do; each has its exit status."""

import pickle

from harness.errors import BootFailed, DiskFull, HarnessError, PodDied, UsageError


def test_an_error_says_what_happened_and_the_next_step() -> None:
    assert str(PodDied("pod3 ended with status 1")) == (
        "pod3 ended with status 1. Read the end of the pod's log in the run's folder."
    )
    assert str(BootFailed("no socket", "Wait longer")) == "no socket. Wait longer."


def test_wrong_usage_ends_with_64_and_other_trouble_with_70() -> None:
    statuses = {kind.__name__: kind.exit_status for kind in (HarnessError, DiskFull, UsageError)}
    assert statuses == {"HarnessError": 70, "DiskFull": 70, "UsageError": 64}


def test_an_error_crosses_a_process_boundary() -> None:
    error = pickle.loads(pickle.dumps(UsageError("what", "next")))  # noqa: S301  (our own bytes)
    assert (type(error), str(error)) == (UsageError, "what. next.")
