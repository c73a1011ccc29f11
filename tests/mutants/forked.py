"""Commands of ours in forks of one process that has imported everything: a run starts at once."""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Final

from harness.settings import ROOT

PATIENCE: Final = 120
"""Seconds after which a command that hangs is killed."""
LOADED: Final = (
    "harness.cli.running",
    "harness.plugin",
    "harness.federation",
    "harness.runtime.choice",
    "harness.runtime.joined",
    "harness.seeding",
    "harness.verify",
    "pod.app",
    "tests.mutants.factory",
)


# Pytest rewrites assertions in plugins as it loads them, and warns of those that are there already.
_THERE: Final = ("--", "-W", "ignore::pytest.PytestAssertRewriteWarning")


@cache
def _forks() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    return context


def call(words: Sequence[str], environment: dict[str, str], said: Path) -> int:
    """Call `seedbed` with these words in the project's folder.

    Args:
        words: Its command and options.
        environment: What is set besides what is set here.
        said: Where everything goes that it says.

    Returns:
        Its exit status; negative is the signal that ended it.

    Raises:
        TimeoutError: If it does not end.
    """
    process = _forks().Process(target=_command, args=(tuple(words), os.environ | environment, said))
    process.start()
    try:
        process.join(PATIENCE)
        if process.exitcode is None:
            raise TimeoutError(f"{' '.join(words)} takes more than {PATIENCE} seconds")
        return process.exitcode
    finally:
        process.kill()
        process.join()
        process.close()


def _command(words: tuple[str, ...], environment: Mapping[str, str], said: Path) -> None:
    """In the fork: be the command."""
    from harness.cli.main import main

    output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    os.environ.clear()  # which was that of the first call
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.argv = ["seedbed", *words, *_THERE]
    main()
