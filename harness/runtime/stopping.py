"""Being told to stop: by Ctrl-C, or a signal that means the same, and once only."""

import signal
import sys
from types import FrameType

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def listen() -> None:
    """From now on each of these signals interrupts the main thread as Ctrl-C does."""
    for number in STOPS:
        signal.signal(number, _stop)


def is_stopped() -> bool:
    """Whether this process was told to stop, even if that came where nobody could hear it."""
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def _stop(_number: int, _frame: FrameType | None) -> None:
    """Stop as Ctrl-C does, and once only, so that cleaning up is not cut short."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    sys.unraisablehook = _tell_of_defects
    raise KeyboardInterrupt


def _tell_of_defects(trouble: "sys.UnraisableHookArgs") -> None:
    """What is cut off before anybody can close it, such as a file just opened, is none."""
    if not issubclass(trouble.exc_type, ResourceWarning | KeyboardInterrupt):
        sys.__unraisablehook__(trouble)
