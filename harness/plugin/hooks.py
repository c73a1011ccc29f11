"""Hooks by which other plugins, such as a progress display, follow a run."""

from pathlib import Path

from harness.facts.transcript import ScenarioResult, Transcript


def pytest_seedbed_phase(name: str, detail: str) -> None:
    """A phase of the run begins: `boot`, `build`, `seed`, `restore`, `scenario`, `stop`.

    Args:
        name: Which phase.
        detail: What exactly; may be empty.
    """


def pytest_seedbed_judged(result: ScenarioResult) -> None:
    """A scenario is over.

    Args:
        result: What became of it.
    """


def pytest_seedbed_concluded(transcript: Transcript, folder: Path) -> None:
    """The run is over and its reports are written.

    Args:
        transcript: All that the run says.
        folder: Where the evidence lies.
    """
