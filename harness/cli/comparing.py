"""`seedbed compare`: judge again the states that a run left behind."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import typer

from harness.errors import CannotJudge
from harness.facts.finding import Findings
from harness.facts.snapshot import Snapshots
from harness.report import states
from harness.settings import HarnessSettings
from harness.verify import disagreements, left_out


def compare_folder(folder: Path | None, reports: Path | None, *, json_: bool) -> int:
    """Compare the states below a run's folder and print what was found.

    Returns:
        The exit status: 0 nothing found, 1 something disagrees, 2 nothing found, but it is not
        known what was done, so that hardly anything could be.

    Raises:
        UsageError: If there are no states, or they cannot be read.
        CannotJudge: If the model does not understand what was done in the run.
    """
    settings = HarnessSettings.read(os.environ, reports=reports)
    snapshots = states.read(folder or settings.reports / "latest")
    found = disagreements(snapshots)
    typer.echo(_left_out(snapshots), nl=False, err=True)
    if json_:
        typer.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False))
    else:
        typer.echo(_as_text(found))
    if found:
        return 1
    return 0 if snapshots.origin is not None else CannotJudge.exit_status


def _left_out(snapshots: Snapshots) -> str:
    names = [check.__name__ for check in left_out(snapshots)]
    if not names:
        return ""
    lacks = "databases (`seedbed run --keep` leaves them)"
    if snapshots.origin is None:
        lacks = f"{states.STATE}.acts.json, which tells what was done, and no {lacks}"
    return f"not judged, as the folder has no {lacks}:\n  {', '.join(names)}\n\n"


def _as_text(found: Findings) -> str:
    if not found:
        return "no disagreement between the pods"
    counted = "1 finding" if len(found) == 1 else f"{len(found)} findings"
    return f"{found.table()}\n\n{counted}; each rule is explained in docs/verification.md"
