"""Run containers until told to end: for tests that end us otherwise."""

import json
import sys
from pathlib import Path

from harness.runtime.containers.federation import Containers
from harness.settings import HarnessSettings


def main() -> None:
    """Tell what was started, then wait for the end of the input."""
    settings = HarnessSettings(federation="containers", boot_seconds=120)
    runtime = Containers(settings, Path(sys.argv[1]))
    try:
        runtime.start()
        sys.stdout.write(json.dumps({"run": runtime.run, "scratch": str(runtime.scratch)}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        runtime.stop()


if __name__ == "__main__":
    main()
