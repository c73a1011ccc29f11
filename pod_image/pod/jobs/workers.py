"""Threads that turn the crank, in a server."""

from __future__ import annotations

import threading

from pod.jobs.context import Context
from pod.jobs.worker import log_trouble, step
from pod.store.engine import TROUBLE

TROUBLE_SECONDS = 1.0
"""How long a thread waits if the database cannot even say what is due."""

STOP_SECONDS = 5.0
"""How long an orderly end waits for jobs; what is not done by then is done after the next start."""


class Workers:
    """A few threads; idle ones wait for the bell or for the next thing that falls due."""

    def __init__(self, context: Context, number: int) -> None:
        self._context = context
        self._stopping = False
        self._threads: list[threading.Thread] = []
        context.has_workers = True
        for index in range(number):
            self._start(index)

    def stop(self) -> None:
        """Let every thread finish its job and end."""
        self._stopping = True
        self._context.wake()
        for thread in list(self._threads):
            thread.join(STOP_SECONDS)
        self._context.has_workers = False

    def _start(self, index: int) -> None:
        thread = threading.Thread(
            target=self._run, args=(index,), name=f"worker-{index}", daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def _run(self, index: int) -> None:
        """Work until the end; a thread that an error of ours ends is replaced.

        The error itself is printed by `threading.excepthook`.
        """
        try:
            while not self._stopping:
                count = self._context.bell.count
                try:
                    if not step(self._context):
                        self._context.bell.wait(count, self._context.seconds_to_next())
                except TROUBLE as error:
                    log_trouble(error)
                    self._context.bell.wait(count, TROUBLE_SECONDS)
        finally:
            self._threads.remove(threading.current_thread())
            if not self._stopping:
                self._start(index)
