"""What the pods of a run believed, as files: written when it ends, and read to judge it again.

`pods/<pod>/state.json` has the neutral rows of a pod, `state.acts.json` what was done until then.
Of a scenario that failed there are the same files, with its name.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.facts.identity import POD_NAMES, PodName
from harness.facts.journal import Act
from harness.facts.reference import Ref
from harness.facts.snapshot import Origin, Snapshot, Snapshots
from harness.observe.state import arranged

STATE = "state"


def documents(snapshots: Snapshots, name: str) -> Iterator[tuple[Path, str]]:
    """The files that say it all, as paths below the run's folder and their content."""
    for pod, snapshot in snapshots.items():
        yield Path("pods") / pod / f"{name}.json", _as_json(_rows(snapshot))
    if snapshots.origin is not None:
        yield Path(f"{name}.acts.json"), _as_json(_acts(snapshots, snapshots.origin))


def _as_json(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, default=datetime.isoformat)


def _rows(snapshot: Snapshot) -> dict[str, object]:
    rows = [[row.type, row.key, dict(row.fields)] for row in snapshot]
    return {"host": snapshot.host, "rows": rows}


def _acts(snapshots: Snapshots, origin: Origin) -> dict[str, object]:
    """The acts, what private texts contain, and the known keys of the people that there are."""
    people = (row for each in snapshots.values() for row in each.rows("person").values())
    used = sorted({person.text("public_key") for person in people} & origin.public_keys.keys())
    return {
        "acts": [asdict(act) for act in origin.acts],
        "canaries": dict(origin.canaries),
        "public_keys": {fingerprint: origin.public_keys[fingerprint] for fingerprint in used},
    }


def read(folder: Path, name: str = STATE) -> Snapshots:
    """Read what was written; without the file of the acts, what pods must hold is not known.

    Raises:
        UsageError: If there is nothing, or it cannot be read.
    """
    paths: dict[PodName, Path] = {
        pod: path for pod in POD_NAMES if (path := folder / "pods" / pod / f"{name}.json").exists()
    }
    if not paths:
        raise UsageError(f"{folder} has no pods/*/{name}.json", _advice(folder))
    pods = {pod: arranged(pod, _document(path)) for pod, path in paths.items()}
    acts = folder / f"{name}.acts.json"
    return Snapshots(pods, _origin(acts, folder) if acts.exists() else None)


def _advice(folder: Path) -> str:
    parts = sorted(path.parent for path in folder.glob("gw*/pods"))
    if parts:
        return (
            f"Several federations played side by side: name the folder of one, such as {parts[0]}"
        )
    return "Name the folder of a run, such as reports/latest, or run `seedbed run` first"


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "Run the scenarios again") from error
    if not isinstance(document, dict):
        raise UsageError(f"{path} holds no state", "Run the scenarios again")
    return document


def _origin(path: Path, folder: Path) -> Origin:
    document = _document(path)
    try:
        return Origin(
            acts=tuple(_act(each) for each in document["acts"]),
            databases=lambda: _databases(folder),
            canaries=dict(document["canaries"]),
            public_keys=dict(document["public_keys"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path} holds no acts: {error!r}", "Run the scenarios again") from error


def _act(document: dict[str, Any]) -> Act:
    refs = tuple(Ref(**ref) for ref in document["refs"])
    at = document["at"] and datetime.fromisoformat(document["at"])
    return Act(**document | {"refs": refs, "at": at})


def _databases(folder: Path) -> dict[PodName, Path]:
    """The pods' databases, which are there if the run was to keep them."""
    paths: dict[PodName, Path] = {pod: folder / f"{pod}.sqlite3" for pod in POD_NAMES}
    return {pod: path for pod, path in paths.items() if path.exists()}
