"""Which federation a run gets."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, Literal

from harness.errors import UsageError
from harness.runtime import Runtime
from harness.settings import FederationName, HarnessSettings

Chosen = Literal["joined", "processes", "containers"]
Say = Callable[[str], None]

NEXT_STEP: Final = "`make base-image` makes one, `docker pull` fetches one"


def chosen(settings: HarnessSettings) -> tuple[Chosen, str]:
    """The federation to use, and why."""
    if settings.federation == "auto":
        return _best(settings.base_image)
    return settings.federation, "as asked for"


def need(federation: FederationName) -> None:
    """Raise `UsageError` if what was asked for cannot be had at all, before anything begins."""
    if federation == "containers":
        from harness.runtime.containers.engine import find_engine

        find_engine()


def open_runtime(settings: HarnessSettings, folder: Path, say: Say = lambda _: None) -> Runtime:
    """Prepare a federation; it runs from `start` on.

    Args:
        settings: What was asked for.
        folder: The run's folder; made if it is not there.
        say: Told what happens before the pods can start, if it takes a while.
    """
    # Imported here: each brings what the others do not need.
    match chosen(settings)[0]:
        case "joined":
            from harness.runtime.joined import Joined

            return Joined(settings, folder)
        case "processes":
            from harness.runtime.processes import Processes

            return Processes(settings, folder)
        case "containers":
            from harness.runtime.containers.federation import Containers

            return Containers(settings, folder, say)


def lacking(settings: HarnessSettings, ability: type) -> str:
    """Says that the federation lacks an ability; empty if it has it."""
    name = chosen(settings)[0]
    if issubclass(_kind(name), ability):
        return ""
    return f"the federation {name} lacks the ability {ability.__name__}"


def _kind(name: Chosen) -> type[Runtime]:
    # Imported here: each brings what the others do not need.
    match name:
        case "joined":
            from harness.runtime.joined import Joined

            return Joined
        case "processes":
            from harness.runtime.processes import Processes

            return Processes
        case "containers":
            from harness.runtime.containers.federation import Containers

            return Containers


@cache
def _best(base_image: str) -> tuple[Chosen, str]:
    """Containers if an engine and something to build on are there; servers need nothing."""
    from harness.runtime.containers.base_image import USUAL
    from harness.runtime.containers.engine import find_engine

    try:
        engine = find_engine()
    except UsageError as error:
        return "processes", f"four servers, since {error.what}"
    if not any(map(engine.has_image, [base_image] if base_image else USUAL)):
        lacking = f"no base image {base_image}".strip()
        why = f"the container engine {engine.version} has {lacking} ({NEXT_STEP})"
        return "processes", f"four servers, since {why}"
    return "containers", f"the container engine {engine.version} answers"
