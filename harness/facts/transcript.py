"""What a run says in the end: the one source of all reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from harness.facts.finding import Finding
from harness.facts.steps import Step

Outcome = Literal["agreed", "disagreed", "unsupported", "unknown", "harness error"]
"""What became of a scenario. Unknown and unsupported never count as agreed."""

EXIT_STATUS: Mapping[Outcome, int] = {
    "agreed": 0,
    "unsupported": 0,
    "disagreed": 1,
    "unknown": 2,
    "harness error": 70,
}
PRECEDENCE = (70, 64, 1, 2, 0)
"""Which exit status wins when several apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResult:
    """One scenario's outcome.

    `name` is `file::function`; `story` the first line of its docstring, or its name in words.
    `reason` is what a reader needs to know if it did not agree: the assertion, the missing ability,
    the error. `seconds` are wall-clock seconds. `repetition` counts from 1. `left` is what had not
    arrived when it last settled: due later, given up, or held by the gate.
    """

    name: str
    story: str
    outcome: Outcome
    seconds: float
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    clauses: tuple[str, ...] = ()
    repetition: int = 1
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A whole run.

    `order` is that of the first repetition; the n-th has the n-th after it. `phases` are (name,
    wall-clock seconds) in the order in which they ran, `critical_path` is the longest part of each;
    of several federations `side_by_side` (0 if there was but one) the longest counts. `error` is
    our own trouble outside of any scenario. `interrupted` is set when the user stopped the run.
    `floor` is how many scenarios at least had to be judged.
    """

    run: str
    federation: str
    why_federation: str
    seed: int
    order: int
    wire_profile: str
    started_at: datetime
    phases: tuple[tuple[str, float], ...]
    scenarios: tuple[ScenarioResult, ...]
    error: str = ""
    interrupted: bool = False
    floor: int = 0
    side_by_side: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)
    critical_path: tuple[Step, ...] = ()

    @property
    def verdict(self) -> str:
        """One word or two: the worst that happened."""
        if self.error:
            return "harness error"
        if self.interrupted:
            return "interrupted"
        found = {result.outcome for result in self.scenarios}
        for outcome in ("harness error", "disagreed", "unknown"):
            if outcome in found:
                return outcome
        return "agreed" if "agreed" in found and not self.is_too_little else "unknown"

    @property
    def exit_status(self) -> int:
        """0 agreed, 1 disagreed, 2 inconclusive, 70 the harness itself failed."""
        if self.error:
            return 70
        if self.interrupted or not self.scenarios:
            return 2
        found = {EXIT_STATUS[result.outcome] for result in self.scenarios}
        if all(result.outcome == "unsupported" for result in self.scenarios) or self.is_too_little:
            found.add(2)
        return next(status for status in PRECEDENCE if status in found)

    @property
    def is_too_little(self) -> bool:
        """Whether fewer scenarios were judged than had to be; a repetition counts as one."""
        return self.count("agreed") + self.count("disagreed") < self.floor

    def count(self, outcome: Outcome) -> int:
        """How many scenarios had this outcome."""
        return sum(1 for result in self.scenarios if result.outcome == outcome)
