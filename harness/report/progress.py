"""What happens, shown while it happens: on stderr, moving in a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO


class Progress(Protocol):
    """Where a run tells what it does."""

    def say(self, text: str) -> None:
        """A line that stays."""
        ...

    def now(self, text: str) -> None:
        """What is going on, until something else is."""
        ...

    def over(self) -> None:
        """Nothing goes on any more."""
        ...

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Something that takes a while; its end tells how long."""
        ...


class PlainProgress:
    """One line per event, each with the seconds since the start: for logs and pipes."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._began = time.monotonic()

    def say(self, text: str) -> None:
        """Print a line, at once."""
        print(f"[{time.monotonic() - self._began:7.2f}] {text}", file=self._stream, flush=True)

    def now(self, text: str) -> None:
        """What goes on does not fit into lines that stay."""

    def over(self) -> None:
        """Nothing moves here."""

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Print how long it took, when it is over."""
        began = time.monotonic()
        yield
        self.say(f"{name}: {time.monotonic() - began:.2f} s")


class LiveProgress:
    """Lines as above, and below them a spinner with what is going on now."""

    def __init__(self) -> None:
        # Imported here: only a terminal needs it.
        from rich.console import Console

        self._console = Console(file=sys.stderr, highlight=False, soft_wrap=True)
        self._spinner = self._console.status("")
        self._began = time.monotonic()

    def say(self, text: str) -> None:
        """Print a line above the spinner."""
        from rich.markup import escape

        self._console.print(f"[dim]{time.monotonic() - self._began:7.2f}[/dim] {escape(text)}")

    def now(self, text: str) -> None:
        """Spin beside what is going on."""
        from rich.markup import escape

        self._spinner.update(f"{escape(text)} …")
        self._spinner.start()

    def over(self) -> None:
        """Take the spinner away."""
        self._spinner.stop()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Spin while it lasts; then print how long it took."""
        began = time.monotonic()
        self.now(name)
        try:
            yield
        finally:
            self.over()
        self.say(f"{name}: {time.monotonic() - began:.2f} s")


class Silence:
    """Says nothing: for tests, and for `--quiet`."""

    def say(self, text: str) -> None:
        """Keep it."""

    def now(self, text: str) -> None:
        """Keep it."""

    def over(self) -> None:
        """It never began."""

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Let it happen."""
        del name
        yield


def progress(*, quiet: bool = False) -> Progress:
    """What fits the standard error stream."""
    if quiet:
        return Silence()
    return LiveProgress() if sys.stderr.isatty() else PlainProgress()
