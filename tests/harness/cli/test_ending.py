"""What the command does when it is told to stop."""

import signal
import sys
from pathlib import Path

import pytest

from harness.cli import ending


def test_what_a_stop_cuts_off_before_it_could_be_closed_is_no_defect(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        ending._stop(signal.SIGINT, None)

    opened = (tmp_path / "file").open("w")
    del opened  # warnings are errors here, as they are in a run
