"""Fuzz every target for a while: `python -m tests.fuzz --seconds 60 [TARGET …]`.

New inputs that reach new code are kept in `.seedbed/fuzz/corpus`, crashes beside it.
A crash becomes a vector: move the file to `fixtures/wire/crashes/TARGET/`, and mend what it broke.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from tabulate import tabulate

from tests.fuzz import targets

FOLDER = targets.ROOT / ".seedbed" / "fuzz"
LIBRARY = FOLDER / "library"
LOCK = Path(__file__).with_name("requirements.lock")
_EXECUTED = re.compile(r"stat::number_of_executed_units: (\d+)")
_REACHED = re.compile(r"cov: (\d+)")


def install() -> None:
    """Install atheris beside our environment, not into it; once for each lock."""
    stamp = LIBRARY / ".made-from"
    if stamp.exists() and stamp.read_text() == LOCK.read_text():
        return
    command = ("-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--upgrade")
    where = ("--target", str(LIBRARY), "--requirement", str(LOCK))
    subprocess.run([sys.executable, *command, *where], check=True)  # noqa: S603 - our own lock
    stamp.write_text(LOCK.read_text())


def fuzz(target: str, seconds: int) -> tuple[str, int, int, int, str]:
    """Fuzz one target; answers its name, executions, per second, code reached, and the outcome."""
    grown, crashes = FOLDER / "corpus" / target, FOLDER / "crashes" / target
    for folder in (grown, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    folders = [grown, targets.CORPUS / target, targets.CRASHES / target]
    options = (
        f"-max_total_time={seconds}",
        f"-artifact_prefix={crashes}/",
        *("-print_final_stats=1", "-timeout=10", "-rss_limit_mb=1024", "-max_len=20000"),
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "tests.fuzz.one", target, *options, *filter(Path.exists, folders)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(LIBRARY), ".", "pod_image"))},
        cwd=targets.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stderr[-4000:])
    executed = int((_EXECUTED.findall(done.stderr) or ["0"])[-1])
    reached = int((_REACHED.findall(done.stderr) or ["0"])[-1])
    outcome = "CRASHED" if done.returncode else "ok"
    return target, executed, executed // max(seconds, 1), reached, outcome


def main() -> int:
    """Fuzz all targets, or those named; 1 if one crashed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("targets", nargs="*", default=list(targets.TARGETS))
    asked = parser.parse_args()
    begun = perf_counter()
    install()
    rows = [fuzz(target, asked.seconds) for target in asked.targets]
    print(tabulate(rows, ("target", "executions", "per second", "reached", "outcome")))  # noqa: T201
    executed = sum(row[1] for row in rows)
    print(f"{executed:,} executions; {perf_counter() - begun:.0f} s in all, starting included")  # noqa: T201
    return int(any(row[-1] != "ok" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
