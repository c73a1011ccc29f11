"""A pod that dies while it starts, as a pod with a bad setting would."""

import sys
from collections.abc import Mapping


def create_core(settings: Mapping[str, str], **_others: object) -> object:
    """Say why, and die."""
    for n in range(60):
        sys.stderr.write(f"line {n}\n")
    raise SystemExit(f"no room for {settings['POD_HOST']}")
