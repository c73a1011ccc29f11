"""The logs of pods that live in this process: each line goes to the file of the pod at work."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from harness.facts.identity import PodName

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class LogSplitter(logging.Handler):
    """Writes what is logged to the file of the pod that is at work."""

    def __init__(self, logger: str, files: Mapping[PodName, Path]) -> None:
        """Listen to a logger.

        Args:
            logger: The top of the pods' loggers: the name of their package.
            files: Where each pod's lines go.
        """
        super().__init__()
        self.setFormatter(logging.Formatter(_FORMAT))
        self._files: dict[PodName, TextIO] = {
            pod: path.open("a", encoding="utf-8", buffering=1) for pod, path in files.items()
        }
        self._at_work: list[PodName] = []
        self._logger = logging.getLogger(logger)
        self._logger.addHandler(self)
        self._logger.setLevel(logging.INFO)

    @contextmanager
    def of(self, pod: PodName) -> Iterator[None]:
        """Let lines be this pod's; one pod may ask another while it is at work."""
        self._at_work.append(pod)
        try:
            yield
        finally:
            self._at_work.pop()

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; what is logged while no pod is at work is nobody's."""
        if self._at_work:
            self._files[self._at_work[-1]].write(self.format(record) + "\n")

    def close(self) -> None:
        """Stop listening and close the files."""
        self._logger.removeHandler(self)
        for file in self._files.values():
            file.close()
        super().close()
