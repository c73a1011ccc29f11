"""Starts four servers, says which processes they are, and waits to be killed."""

import json
import os
import select
import signal
import sys
from pathlib import Path

from harness.runtime.processes import Processes
from harness.settings import HarnessSettings

if __name__ == "__main__":
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes)
    pods = Processes(HarnessSettings(boot_seconds=60), Path(sys.argv[1]))
    pods.start()
    try:
        report = {"pids": list(pods.pids().values()), "scratch": str(pods.scratch)}
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()
        # Read would not hear of a signal that comes just before it.
        select.select([sys.stdin, woken], [], [])
    finally:
        pods.stop()
