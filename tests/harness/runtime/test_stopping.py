"""What a process does when it is told to stop."""

import signal
import sys
from pathlib import Path

import pytest

from harness.runtime import stopping


def test_what_a_stop_cuts_off_before_it_could_be_closed_is_no_defect(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        stopping._stop(signal.SIGINT, None)

    opened = (tmp_path / "file").open("w")
    del opened  # warnings are errors here, as they are in a run


class _Stumbles:
    def __del__(self) -> None:
        raise ValueError("a mistake of ours")


def test_a_defect_that_shows_after_a_stop_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        stopping._stop(signal.SIGINT, None)

    stumbles = _Stumbles()
    del stumbles
    assert "ValueError: a mistake of ours" in capsys.readouterr().err
