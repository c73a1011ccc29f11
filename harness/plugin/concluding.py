"""All that a run says in the end."""

import sys
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from harness.facts.steps import Step
from harness.facts.transcript import Transcript
from harness.runtime.choice import chosen

if TYPE_CHECKING:
    import pytest

    from harness.plugin.run import Run

PHASES: Final = ("boot", "seed", "restore", "scenarios", "stop")
"""In the order in which they run; each scenario restores the past before it begins."""

_VERSIONS: Final = ("seedbed", "faker", "cryptography", "sqlalchemy", "lxml")


@dataclass(frozen=True, slots=True)
class Share:
    """What one of several processes that play scenarios side by side tells when it is done.

    Attributes:
        phases: How long each of its phases took, in seconds.
        path: The longest parts.
        error: Its own trouble outside of any scenario.
    """

    phases: tuple[tuple[str, float], ...]
    path: tuple[Step, ...]
    error: str


def share_of(run: "Run") -> Share:
    """What a worker tells."""
    return Share(phases_of(run), run.path.steps(), run.error)


def transcript_of(run: "Run", name: str, *, interrupted: bool) -> Transcript:
    """Put together what a run says.

    Args:
        run: What has been run.
        name: Its folder's name.
        interrupted: Whether the user stopped it.
    """
    federation, why = chosen(run.settings)
    return Transcript(
        run=name,
        federation=federation,
        why_federation=why,
        seed=run.settings.seed,
        order=run.settings.order,
        wire_profile=run.settings.wire_profile,
        started_at=run.started_at,
        phases=phases_of(run),
        scenarios=tuple(run.results),
        error=run.error,
        interrupted=interrupted,
        floor=run.settings.floor,
        side_by_side=run.side_by_side,
        critical_path=run.path.steps(),
        versions={"python": sys.version.split()[0]} | {n: version(n) for n in _VERSIONS},
    )


def phases_of(run: "Run") -> tuple[tuple[str, float], ...]:
    """How long each phase took, in seconds; of several side by side, the longest."""
    own = () if run.shares else run.results
    measured = {"scenarios": sum(result.seconds for result in own), **run.phases}
    for share in run.shares:
        measured |= {name: max(s, measured.get(name, 0.0)) for name, s in share.phases}
    return tuple((name, measured[name]) for name in PHASES if name in measured)


@dataclass(frozen=True, slots=True)
class Breakages:
    """Hears when pytest itself breaks off: such a run has agreed to nothing."""

    run: "Run"

    def pytest_internalerror(self, excinfo: "pytest.ExceptionInfo[BaseException]") -> None:
        """Let that be the verdict."""
        self.run.error = f"the run broke off: {excinfo.exconly(tryshort=True)}"
