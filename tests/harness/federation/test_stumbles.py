"""A pod's log tells of errors that it did not handle, and of nothing else."""

from pathlib import Path

import pytest

from harness.federation.stumbles import Stumbled, check_log

USUAL = """\
2026-01-05 09:00:00,000 INFO pod.jobs.receive event=received entity=comment guid=1 sender=a@b
2026-01-05 09:00:00,001 INFO pod.jobs event=rejected reason=Traceback (most recent call last):
2026-01-05 09:00:00,002 WARNING pod.jobs.deliver event=failed reason= ERROR 500
"""
THREAD = """\
Exception in thread worker-0:
Traceback (most recent call last):
  File "worker.py", line 1, in step
KeyError: 'nothing'
"""
LEVEL = "2026-01-05 09:00:00,003 ERROR uvicorn.error Exception in ASGI application\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def test_what_a_pod_usually_says_is_no_error(log: Path) -> None:
    check_log("pod1", log, 0)
    log.write_text(USUAL)
    check_log("pod1", log, 0)


@pytest.mark.parametrize("error", [THREAD, LEVEL])
def test_an_error_is_found_and_told_but_not_that_of_an_earlier_scenario(
    log: Path, error: str
) -> None:
    log.write_text(USUAL + error)
    with pytest.raises(Stumbled, match="pod1 met an error that it did not handle"):
        check_log("pod1", log, 0)
    check_log("pod1", log, log.stat().st_size)
