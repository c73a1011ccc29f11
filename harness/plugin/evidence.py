"""What is kept of a scenario that failed."""

from dataclasses import dataclass
from pathlib import Path

from harness.errors import HarnessError
from harness.facts.finding import Findings
from harness.facts.journal import Act
from harness.facts.snapshot import Snapshots
from harness.federation import Federation
from harness.report import states
from harness.report.folder import disk_trouble
from harness.verify import disagreements
from harness.verify.acts import RULES

_SHOWN_ACTS = 20


@dataclass(frozen=True, slots=True)
class Evidence:
    """The end of a scenario.

    Attributes:
        acts: What was done in it.
        findings: What the pods disagreed about when it last settled.
    """

    acts: tuple[Act, ...]
    findings: Findings

    def sections(self) -> list[tuple[str, str]]:
        """What a report says below the failure."""
        sections = [("journal", "\n".join(map(told, self.acts[-_SHOWN_ACTS:])))]
        if self.findings:
            sections.append(("findings", self.findings.table()))
        return sections


def gather(federation: Federation, begun_with: int) -> Evidence:
    """Look at a federation whose scenario has failed.

    Args:
        federation: As the scenario left it.
        begun_with: How many acts were its past.
    """
    return Evidence(tuple(federation.journal)[begun_with:], _findings(federation.latest))


def doubt(federation: Federation) -> str:
    """Why a scenario that found nothing may have overlooked something; empty if nothing speaks so.

    A rule of the gate that met a message it could not read may have let pass what it was to stop,
    a fault that met nothing has not been, and the model says nothing about acts it does not know.
    """
    blind = [each for each in federation.gate.wiretap.exchanges() if each.verdict == "unknown"]
    if blind:
        first = blind[0]
        return (
            f"the gate could not tell whether a rule concerned {len(blind)} messages, "
            f"the first from {first.sender} to {first.recipient}"
        )
    unmet = federation.gate.imposed.unmet()
    if unmet:
        return f"what was imposed met nothing, so nothing was shown by it: {'; '.join(unmet)}"
    strange = sorted({act.verb for act in federation.journal} - RULES.keys())
    return f"the model does not know what these acts lead to: {', '.join(strange)}" * bool(strange)


def told(act: Act) -> str:
    """One line about an act."""
    arguments = ", ".join(f"{name}={value}" for name, value in act.arguments.items() if value)
    made = f" -> {', '.join(map(str, act.refs))}" if act.refs else ""
    return f"{act.n}. {act.actor or 'federation'} {act.verb}({arguments}){made}"


def write_snapshots(snapshots: Snapshots, folder: Path, name: str) -> None:
    """Write what each pod believed, and what was done until then; see `harness.report.states`."""
    for path, content in states.documents(snapshots, name):
        with disk_trouble(folder / path):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content, "utf-8")


def _findings(snapshots: Snapshots | None) -> Findings:
    if snapshots is None:
        return Findings()
    try:
        return disagreements(snapshots)
    except HarnessError:  # the databases have moved on: what the rows alone tell must do
        return disagreements(Snapshots(snapshots))
