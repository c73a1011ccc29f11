"""Turns the crank: one due thing of any queue, done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import TracebackType

from pod.jobs import backoff, deliver, mail, receive, tasks
from pod.jobs.context import Context
from pod.jobs.log import one_line
from pod.store.due import QUEUES, next_due
from pod.store.engine import TROUBLE
from pod.store.mails import Mail, Mails
from pod.store.queues import Deliveries, Delivery, Inbox, Queue, Received
from pod.store.tasks import (
    Completion,
    Completions,
    Import,
    Imports,
    PendingMigration,
    PendingMigrations,
)
from pod.store.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

_Row = Received | Delivery | Mail | Import | PendingMigration | Completion
_End = Callable[[UnitOfWork], None]


@dataclass(frozen=True, slots=True)
class _Job:
    """Something claimed: how to do it, and how to end it if we fail in a way nobody foresaw."""

    run: Callable[[], None]
    give_up: _End
    queue: type[Queue]
    row: _Row

    def end_after(self, error: Exception, now: datetime) -> _End:
        """How to end it after an error: trouble of the database passes, our own mistakes do not."""
        delay = backoff.after_failure(self.row.attempts + 1)
        if delay is None or not isinstance(error, TROUBLE):
            return self.give_up
        then = now + delay
        return lambda work: self.queue(work).retry(self.row.id, then)


def step(context: Context) -> bool:
    """Claim one due thing and do it.

    Returns:
        Whether there was something to do.
    """
    if context.is_frozen:
        return False
    _end_failed(context)
    if context.is_idle():
        return False
    count = context.bell.count
    job = _claim(context, count)
    if job is None:
        return False
    with _Guard(context, job):
        job.run()
    return True


def recover(context: Context) -> None:
    """Queue again what a process that died was working on; call it before the first step."""
    context.failed.clear()
    with context.work() as work:
        for queue in QUEUES:
            queue(work).requeue()


def _end_failed(context: Context) -> None:
    """Write down how jobs that failed have ended, so that no row is being worked on for ever."""
    while context.failed:
        end = context.failed.popleft()
        try:
            with context.work() as work:
                end(work)
        except TROUBLE:
            context.failed.append(end)
            raise


class _Guard:
    """Ends a job that our own mistake broke: tried again, it would break again, for ever.

    The exception itself goes on. After trouble of the database the job is only put off, and the
    pod goes on. A pod that dies (`Crashed` is no `Exception`) ends nothing.
    """

    def __init__(self, context: Context, job: _Job) -> None:
        self._context = context
        self._job = job

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        """Look at what happened."""
        if not isinstance(error, Exception):
            return False
        self._context.failed.append(self._job.end_after(error, self._context.clock.now()))
        try:
            _end_failed(self._context)
        except TROUBLE as trouble:
            log_trouble(trouble)  # written down by the next step
        if isinstance(error, TROUBLE):
            log_trouble(error)
            return True
        return False


def log_trouble(error: Exception) -> None:
    """Say that the database could not work."""
    reason = one_line(getattr(error, "orig", error))  # without the statement
    log.error("event=database_trouble reason=%s", reason)


def _claim(context: Context, count: int) -> _Job | None:
    now = context.clock.now()
    with context.work() as work:
        if context.is_frozen:  # since we looked last
            return None
        for source in _SOURCES:
            job = source(context, work, now)
            if job is not None:
                return job
        context.idle_since(count, next_due(work, now))
    return None


def _inbox(context: Context, work: UnitOfWork, now: datetime) -> _Job | None:
    # Half of the workers: what comes in may have to wait for other pods' answers.
    row = work.inbox.claim(now, max(1, context.settings.workers // 2))
    if row is None:
        return None
    run = partial(receive.handle, context, row)

    def give_up(work: UnitOfWork) -> None:
        work.inbox.drop(row.id, "our own error, see the log")

    return _Job(run, give_up, Inbox, row)


def _deliveries(context: Context, work: UnitOfWork, now: datetime) -> _Job | None:
    row = work.deliveries.claim(now, max(1, context.settings.workers - 1))
    if row is None:
        return None
    run = partial(deliver.handle, context, row)
    return _Job(run, lambda work: work.deliveries.abandon(row.id), Deliveries, row)


def _mails(context: Context, work: UnitOfWork, now: datetime) -> _Job | None:
    row = work.mails.claim(now, 1)
    if row is None:
        return None
    run = partial(mail.send, context, row)
    return _Job(run, lambda work: work.mails.abandon(row.id), Mails, row)


def _imports(context: Context, work: UnitOfWork, now: datetime) -> _Job | None:
    row = work.imports.claim(now, 1)
    if row is None:
        return None
    run = partial(tasks.go_on_with_import, context, row)
    return _Job(run, lambda work: tasks.fail_import(work, row), Imports, row)


def _pending(context: Context, work: UnitOfWork, now: datetime) -> _Job | None:
    row = work.pending_migrations.claim(now, 1)
    if row is None:
        return None
    run = partial(tasks.judge_again, context, row)
    return _Job(run, lambda work: work.pending_migrations.finish(row.id), PendingMigrations, row)


def _completions(context: Context, work: UnitOfWork, now: datetime) -> _Job | None:
    row = work.completions.claim(now, 1)
    if row is None:
        return None
    run = partial(tasks.complete, context, row)
    return _Job(run, lambda work: work.completions.finish(row.id), Completions, row)


_SOURCES = (_inbox, _deliveries, _mails, _imports, _pending, _completions)
