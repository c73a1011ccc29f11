"""`seedbed compare`: judge again the states that a run left behind."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import typer

from harness.facts.finding import Findings
from harness.report import states
from harness.settings import HarnessSettings
from harness.verify import disagreements


def compare_folder(folder: Path | None, reports: Path | None, *, json_: bool) -> int:
    """Compare the states below a run's folder and print what was found.

    Returns:
        The exit status: 0 nothing found, 1 something disagrees.

    Raises:
        UsageError: If there are no states, or they cannot be read.
        CannotJudge: If the model does not understand what was done in the run.
    """
    settings = HarnessSettings.read(os.environ, reports=reports)
    found = disagreements(states.read(folder or settings.reports / "latest"))
    if json_:
        typer.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False))
    else:
        typer.echo(_as_text(found))
    return 1 if found else 0


def _as_text(found: Findings) -> str:
    if not found:
        return "no disagreement between the pods"
    counted = "1 finding" if len(found) == 1 else f"{len(found)} findings"
    return f"{found.table()}\n\n{counted}; each rule is explained in docs/verification.md"
