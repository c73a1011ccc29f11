"""Which federation a run gets."""

from pathlib import Path
from typing import Literal

from harness.runtime import Runtime
from harness.settings import FederationName, HarnessSettings


def chosen(federation: FederationName) -> tuple[Literal["joined", "processes"], str]:
    """The federation to use, and why."""
    if federation == "auto":
        return "processes", "four servers, as no container engine is needed for them"
    return federation, "as asked for"


def open_runtime(settings: HarnessSettings, folder: Path) -> Runtime:
    """Prepare a federation; it runs from `start` on.

    Args:
        settings: What was asked for.
        folder: The run's folder; made if it is not there.
    """
    # Imported here: each brings what the other does not need.
    if chosen(settings.federation)[0] == "joined":
        from harness.runtime.joined import Joined

        return Joined(settings, folder)
    from harness.runtime.processes import Processes

    return Processes(settings, folder)
