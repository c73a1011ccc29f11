"""Turns the crank: one due thing of any queue, done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import TracebackType

from pod.jobs import deliver, mail, receive, tasks
from pod.jobs.context import Context
from pod.store.due import QUEUES, next_due
from pod.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Job:
    """Something claimed: how to do it, and how to end it if we fail in a way nobody foresaw."""

    run: Callable[[], None]
    give_up: Callable[[UnitOfWork], None]


def step(context: Context) -> bool:
    """Claim one due thing and do it.

    Returns:
        Whether there was something to do.
    """
    if context.is_frozen or context.is_idle():
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
    with context.work() as work:
        for queue in QUEUES:
            queue(work).requeue()


class _Guard:
    """Ends a job that our own mistake broke: tried again, it would break again, for ever.

    The exception itself goes on. A pod that dies (`Crashed` is no `Exception`) ends nothing.
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
    ) -> None:
        """Look at what happened."""
        if isinstance(error, Exception):
            with self._context.work() as work:
                self._job.give_up(work)


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
    return _Job(run, lambda work: work.inbox.drop(row.id, "our own error, see the log"))


def _deliveries(context: Context, work: UnitOfWork, now: datetime) -> _Job | None:
    row = work.deliveries.claim(now, max(1, context.settings.workers - 1))
    if row is None:
        return None
    return _Job(partial(deliver.handle, context, row), lambda work: work.deliveries.abandon(row.id))


def _mails(context: Context, work: UnitOfWork, now: datetime) -> _Job | None:
    row = work.mails.claim(now, 1)
    if row is None:
        return None
    return _Job(partial(mail.send, context, row), lambda work: work.mails.abandon(row.id))


def _imports(context: Context, work: UnitOfWork, now: datetime) -> _Job | None:
    row = work.imports.claim(now, 1)
    if row is None:
        return None
    run = partial(tasks.go_on_with_import, context, row)
    return _Job(run, lambda work: tasks.fail_import(work, row))


def _pending(context: Context, work: UnitOfWork, now: datetime) -> _Job | None:
    row = work.pending_migrations.claim(now, 1)
    if row is None:
        return None
    run = partial(tasks.judge_again, context, row)
    return _Job(run, lambda work: work.pending_migrations.finish(row.id))


def _completions(context: Context, work: UnitOfWork, now: datetime) -> _Job | None:
    row = work.completions.claim(now, 1)
    if row is None:
        return None
    run = partial(tasks.complete, context, row)
    return _Job(run, lambda work: work.completions.finish(row.id))


_SOURCES = (_inbox, _deliveries, _mails, _imports, _pending, _completions)
