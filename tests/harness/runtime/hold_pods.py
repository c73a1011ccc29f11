"""Starts four servers, says which processes they are, and waits to be killed."""

import json
import sys
from pathlib import Path

from harness.runtime.processes import Processes
from harness.settings import HarnessSettings

if __name__ == "__main__":
    pods = Processes(HarnessSettings(boot_seconds=60), Path(sys.argv[1]))
    pods.start()
    try:
        report = {"pids": list(pods.pids().values()), "scratch": str(pods.scratch)}
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        pods.stop()
