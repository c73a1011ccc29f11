"""Run benchmarks, one after the other: `python -m tests.benchmarks [NAME …] [OPTION …]`.

Options go to each of them. Each prints a table and adds a line to its history.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import Final

NAMES: Final = ("wire", "message", "reset", "boot", "headline", "throughput", "suite")


def run(name: str, options: list[str]) -> int:
    """Run one in a process of its own, so that none leaves anything to the next."""
    print(f"\n=== {name}", flush=True)  # noqa: T201 - the command's output
    command = [sys.executable, "-m", f"tests.benchmarks.{name}", *options]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own program


def main() -> int:
    """Run all, or those named; the highest exit code of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    asked, options = parser.parse_known_args()
    unknown = set(asked.names) - set(NAMES)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {NAMES}")
    return max(run(name, options) for name in asked.names or NAMES)


if __name__ == "__main__":
    sys.exit(main())
