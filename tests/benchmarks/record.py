"""The history of benchmarks: one line of JSON for each time that one was run."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

HISTORY: Final = Path(__file__).with_name("history")


def append(name: str, figures: Sequence[Mapping[str, object]], **versions: str) -> None:
    """Add what a benchmark has found to its history.

    Args:
        name: The benchmark.
        figures: What it has found.
        versions: Of software that the figures depend on.
    """
    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = {"at": at, "machine": machine() | versions, "figures": figures}
    HISTORY.mkdir(exist_ok=True)
    with (HISTORY / f"{name}.jsonl").open("a", encoding="utf-8") as history:
        history.write(json.dumps(line) + "\n")


def machine() -> dict[str, object]:
    """What the figures depend on, without anybody's names."""
    return {
        "cpus": os.cpu_count(),
        "architecture": platform.machine(),
        "system": platform.system(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "load": round(os.getloadavg()[0], 1),
    }
