"""Serve one pod: `python -m pod`, configured by the environment."""

from __future__ import annotations

import gc

# Loading makes many objects and no garbage: looking for some takes a sixth of the time.
gc.disable()

import argparse  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402

from pod.serving import load_factory, serve  # noqa: E402
from pod.settings import SettingsError  # noqa: E402


def main() -> int:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m pod", description=__doc__)
    parser.add_argument("--factory", metavar="MODULE:CALLABLE", help="makes the pod's core")
    arguments = parser.parse_args()
    try:
        serve(os.environ, load_factory(arguments.factory))
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command line's own output
        return 64
    return 0


if __name__ == "__main__":
    sys.exit(main())
