"""Work that takes several attempts over days: imports, completions, pending migrations."""

from __future__ import annotations

import logging

from pod.domain.errors import Later, Refused
from pod.jobs import backoff, completing, importing, migrating
from pod.jobs.context import Context
from pod.jobs.log import one_line
from pod.store.tasks import Completion, Import, PendingMigration
from pod.store.unit_of_work import UnitOfWork
from pod.wire.errors import WireError

log = logging.getLogger(__name__)


def go_on_with_import(context: Context, row: Import) -> None:
    """Take the next step of an import that was claimed.

    What ends an import is dealt with there; what comes out of it may go better the next time.
    """
    try:
        importing.step(context, row.id)
    except (Later, Refused, WireError) as error:
        _postpone_import(context, row, error)
    else:
        with context.work() as work:
            work.imports.finish(row.id)


def fail_import(work: UnitOfWork, row: Import) -> None:
    """End an import that cannot succeed."""
    work.imports.update(row.id, state="failed")
    work.imports.finish(row.id)


def _postpone_import(context: Context, row: Import, error: Exception) -> None:
    delay = backoff.long_term(row.attempts + 1)
    log.info("event=import_postponed import=%s reason=%s", row.guid, one_line(error))
    with context.work() as work:
        if delay is None:
            fail_import(work, row)
        else:
            work.imports.retry(row.id, context.clock.now() + delay)


def judge_again(context: Context, row: PendingMigration) -> None:
    """Judge a pending migration that was claimed; what is refused now, is refused for good."""
    try:
        migrating.retry(context, row)
    except Later as error:
        delay = backoff.long_term(row.attempts + 2)
        _log_postponed("migration", row.old_id, error)
        with context.work() as work:
            if delay is None:
                work.pending_migrations.finish(row.id)
            else:
                work.pending_migrations.retry(row.id, context.clock.now() + delay)
        return
    except (Refused, WireError) as error:
        log.warning("event=migration_refused sender=%s reason=%s", row.old_id, one_line(error))
    with context.work() as work:
        work.pending_migrations.finish(row.id)


def complete(context: Context, row: Completion) -> None:
    """Attempt a completion that was claimed; pods that say no today may say yes tomorrow."""
    try:
        completing.retry(context, row)
    except (Later, Refused, WireError) as error:
        _log_postponed(row.kind, row.subject, error)
        delay = backoff.long_term(row.attempts + 2)
        if delay is not None:
            with context.work() as work:
                work.completions.retry(row.id, context.clock.now() + delay)
            return
        _tell(context, row)
    with context.work() as work:
        work.completions.finish(row.id)


def _log_postponed(what: str, name: str, error: Exception) -> None:
    log.info("event=postponed entity=%s guid=%s reason=%s", what, name, one_line(error))


def _tell(context: Context, row: Completion) -> None:
    """Tell the person whose archive mentioned it that something will stay incomplete."""
    if row.account_id is None:
        return
    with context.work() as work:
        account = work.accounts.get(row.account_id)
        text = (
            f"Your archive mentions the {row.kind} {row.subject}.\n"
            f"It could not be fetched from {row.at.host} within days, so it stays incomplete.\n"
        )
        subject = f"A {row.kind} of your archive could not be found"
        work.mails.add(account.email, subject, text, work.now)
