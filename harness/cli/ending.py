"""How the command ends: one clear line and an exit code, whatever has happened."""

import sys
import traceback
from collections.abc import Callable
from types import TracebackType

import typer

from harness.errors import HarnessError, UsageError
from harness.runtime import stopping

TYPERS_USAGE_ERROR = 2
TYPERS_INTERRUPTED = 130
INTERRUPTED = 2  # inconclusive, like a run that was stopped half-way


class Verdict(Exception):
    """A command is over and its result wants this exit status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def end_with(app: Callable[[], object]) -> None:
    """Run the command and exit; every error of ours becomes one clear line and an exit code."""
    stopping.listen()
    with _Defects():
        status = _status(app)
    sys.exit(status)


def _status(app: Callable[[], object]) -> int:
    try:
        app()
    except Verdict as verdict:
        return verdict.status
    except HarnessError as error:
        typer.echo(f"seedbed: {error}", err=True)
        return error.exit_status
    except KeyboardInterrupt:
        typer.echo("seedbed: interrupted", err=True)
        return INTERRUPTED
    except SystemExit as end:  # typer's own: help, or a usage error, which it calls 2
        return _TYPERS.get(end.code, end.code) if isinstance(end.code, int) else 0
    return 0


_TYPERS = {TYPERS_USAGE_ERROR: UsageError.exit_status, TYPERS_INTERRUPTED: INTERRUPTED}


class _Defects:
    """What nobody foresaw is a defect of ours: it is shown whole, and is no pod's failure."""

    def __enter__(self) -> None:
        """Nothing is wrong yet."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None and not issubclass(kind, SystemExit):
            traceback.print_exception(kind, error, trace)
            typer.echo("seedbed: this is a defect of seedbed itself; please report it", err=True)
            sys.exit(HarnessError.exit_status)
