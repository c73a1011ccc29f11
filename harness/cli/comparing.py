"""`seedbed compare`: judge again the states that a run left behind."""

import json
from dataclasses import asdict
from pathlib import Path

import typer

from harness.errors import UsageError
from harness.facts.finding import Findings
from harness.facts.identity import POD_NAMES, PodName
from harness.facts.snapshot import Snapshots
from harness.observe.state import arranged
from harness.settings import HarnessSettings
from harness.verify import Evidence, judge


def compare_folder(folder: Path | None, reports: Path | None, *, json_: bool) -> int:
    """Compare the states below a run's folder and print what was found.

    Returns:
        The exit status: 0 nothing found, 1 something disagrees.
    """
    import os

    settings = HarnessSettings.read(os.environ, reports=reports)
    found = judge(Evidence(snapshots=read_folder(folder or settings.reports / "latest")))
    if json_:
        typer.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False))
    else:
        typer.echo(_as_text(found))
    return 1 if found else 0


def _as_text(found: Findings) -> str:
    if not found:
        return "no disagreement between the pods"
    return (
        f"{found.table()}\n\n{len(found)} findings; each rule is explained in docs/verification.md"
    )


def read_folder(folder: Path) -> Snapshots:
    """Read `pods/<pod>/state.json` of a run.

    Raises:
        UsageError: If there is none, or one cannot be read.
    """
    paths: dict[PodName, Path] = {
        pod: path for pod in POD_NAMES if (path := folder / "pods" / pod / "state.json").exists()
    }
    if not paths:
        raise UsageError(
            f"{folder} has no pods/*/state.json",
            "Name the folder of a run, such as reports/latest, or run `seedbed run` first",
        )
    return Snapshots({pod: arranged(pod, _document(path)) for pod, path in paths.items()})


def _document(path: Path) -> dict[str, object]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "Run the scenarios again") from error
    if not isinstance(document, dict):
        raise UsageError(f"{path} holds no state", "Run the scenarios again")
    return document
