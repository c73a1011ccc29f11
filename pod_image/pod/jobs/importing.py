"""The import of an archive, stage by stage; each commits, so that a pod that dies goes on.

    validated → scheduled → importing → announcing → announced → unlocked → done

The account is made, locked, when the person has chosen a name. Then people and posts that the
archive needs are looked up; then one transaction gives the new account what the old ID had here and
pours the archive in. Until that is committed, an abort leaves everything as it was. Afterwards the
move is announced, the account unlocked, the person told.

Source: seed specification section 5.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from functools import partial

from pod.domain import importing as rules
from pod.domain import moving
from pod.domain.archive import Archive
from pod.domain.errors import Conflict, DomainError, Later, NotFound, Refused
from pod.domain.identity import DiasporaId
from pod.domain.people import Account
from pod.domain.ports import Migration
from pod.domain.validating import validate
from pod.jobs import discover, fetch
from pod.jobs.context import Context
from pod.jobs.log import one_line
from pod.store.imports import remove_account
from pod.store.tasks import Import
from pod.store.unit_of_work import UnitOfWork
from pod.wire import archive as files
from pod.wire.errors import WireError

log = logging.getLogger(__name__)

ABORTABLE = frozenset({"validated", "scheduled", "importing"})
MAX_MAILED_LINES = 100


def step(context: Context, import_id: int) -> None:
    """Take an import through all stages that are left.

    What makes the whole import impossible ends it as if it had never begun, and a mail says why.
    """
    while (row := _read(context, import_id)).state in _STAGES:
        log.info("event=import import=%s state=%s", row.guid, row.state)
        try:
            _STAGES[row.state](context, row)
        except (DomainError, WireError) as error:
            if row.state not in ABORTABLE:
                raise
            _fail(context, row, error)


def _read(context: Context, import_id: int) -> Import:
    with context.work() as work:
        return work.imports.get(import_id)


def _archive(work: UnitOfWork, row: Import) -> Archive:
    return files.read_again(work.imports.archive(row.id))  # uploaded, and checked then


def _account(work: UnitOfWork, row: Import) -> Account:
    if row.account_id is None:
        raise NotFound(f"import {row.guid}: its account is gone")
    return work.accounts.get(row.account_id)


def _need_state(work: UnitOfWork, row: Import) -> None:
    """Go on only if nobody has aborted the import meanwhile."""
    state = work.imports.get(row.id).state
    if state != row.state:
        raise Conflict(f"import {row.guid}: is {state} now, was {row.state}")


# --- before the transaction ----------------------------------------------------------------------


def ask_home(context: Context, owner: DiasporaId) -> None:
    """Let the owner's pod say whether the account is still there, or has moved since.

    What is known here may be old. A pod that cannot be asked keeps nobody from leaving it.

    Raises:
        Refused: If the account is not there any more, or is not who it was.
    """
    with context.work() as work:
        person = work.people.by_id(owner)
    if person is None or person.stub or person.closed:
        return  # is going to be discovered, or refused
    try:
        discover.refresh(context, owner)
    except Later as error:
        log.info("event=import_owner_not_asked owner=%s reason=%s", owner, one_line(error))
    except Refused as error:
        raise Refused(f"archive: {owner.host} does not vouch for its owner: {error}") from None


def _begin(context: Context, row: Import) -> None:
    context.crash.reach("import.account_created")
    with context.work() as work:
        _need_state(work, row)
        work.imports.update(row.id, state="importing")


def _merge(context: Context, row: Import) -> None:
    with context.work() as work:
        archive = _archive(work, row)
    ask_home(context, archive.owner)
    _look_up(context, archive)
    context.crash.reach("import.fetched")
    with context.work() as work:
        _need_state(work, row)
        report = rules.pour(work, _account(work, row), archive, validate(work, archive))
        lines = json.dumps(report.lines, ensure_ascii=False)
        work.imports.update(row.id, state="announcing", report=lines)
        context.crash.reach("migrate.before_commit")
    context.crash.reach("migrate.after_commit")
    context.crash.reach("import.committed")


def _look_up(context: Context, archive: Archive) -> None:
    """Get people and posts that are not known yet; what cannot be had is dealt with later."""
    with context.work() as work:
        people = rules.unknown_people(work, archive)
        moved = rules.said_to_have_moved(work, archive)
    unreachable: set[str] = set()
    for name in people:
        _try(name.host, unreachable, partial(discover.discover, context, name))
    for name in moved:
        _try(name.host, unreachable, partial(discover.refresh, context, name))
    with context.work() as work:
        posts = rules.unknown_posts(work, archive)
    for post in posts:
        get = partial(fetch.fetch, context, "post", post.guid, post.author, post.author)
        _try(post.author.host, unreachable, get)


def _try(host: str, unreachable: set[str], get: Callable[[], object]) -> None:
    """Ask a pod, but one that does not answer only once."""
    if host in unreachable:
        return
    try:
        get()
    except Later as error:
        unreachable.add(host)
        log.info("event=import_lookup_failed pod=%s reason=%s", host, one_line(error))
    except (Refused, WireError) as error:
        log.info("event=import_lookup_failed pod=%s reason=%s", host, one_line(error))


# --- after it ------------------------------------------------------------------------------------


def _announce(context: Context, row: Import) -> None:
    with context.work() as work:
        account, archive = _account(work, row), _archive(work, row)
        moving.announce(work, account, _migration(work, row), archive)
        work.imports.update(row.id, state="announced")
    context.crash.reach("import.announced")


def _migration(work: UnitOfWork, row: Import) -> Migration:
    migration = work.migrations.by_old_id(row.old_id)
    if migration is None:
        raise NotFound(f"import {row.guid}: no record of the move of {row.old_id}")
    return migration


def _unlock(context: Context, row: Import) -> None:
    with context.work() as work:
        work.accounts.set_state(_account(work, row), "open")
        work.imports.update(row.id, state="unlocked")
    context.crash.reach("import.unlocked")


def _tell(context: Context, row: Import) -> None:
    """Mail the person; and forget the archive, as the old private key is in it."""
    with context.work() as work:
        account = _account(work, row)
        text = _done_text(account, row, json.loads(row.report))
        work.mails.add(account.email, "Your account is available", text, work.now)
        _close(work, row, "done")


def _done_text(account: Account, row: Import, losses: list[str]) -> str:
    text = (
        f"Your account has moved: {row.old_id} is {account.person.diaspora_id} now.\n"
        f"You can log in as {account.username}.\n"
    )
    if not losses:
        return f"{text}Everything in your archive was merged.\n"
    shown = "".join(f"- {line}\n" for line in losses[:MAX_MAILED_LINES])
    more = len(losses) - MAX_MAILED_LINES
    rest = f"and {more} more\n" if more > 0 else ""
    return f"{text}\nThis could not be merged:\n{shown}{rest}"


_STAGES: Mapping[str, Callable[[Context, Import], None]] = {
    "scheduled": _begin,
    "importing": _merge,
    "announcing": _announce,
    "announced": _unlock,
    "unlocked": _tell,
}


# --- ends ----------------------------------------------------------------------------------------


def abort(context: Context, guid: str) -> None:
    """End an import as if it had never begun.

    Raises:
        NotFound: If there is no such import.
        Conflict: If it is too late: the move is being announced, or the import has ended.
    """
    with context.work() as work:
        row = need(work, guid)
        if row.state not in ABORTABLE:
            raise Conflict(f"import {guid} is {row.state}, it cannot be aborted any more")
        _undo(work, row, "aborted")


def need(work: UnitOfWork, guid: str) -> Import:
    """The import of that GUID.

    Raises:
        NotFound: If there is none.
    """
    row = work.imports.by_guid(guid)
    if row is None:
        raise NotFound(f"import {guid[:255]}: there is none; upload the archive again")
    return row


def _fail(context: Context, row: Import, error: DomainError | WireError) -> None:
    log.warning("event=import_failed import=%s reason=%s", row.guid, one_line(error))
    with context.work() as work:
        row = work.imports.get(row.id)
        if row.state not in ABORTABLE:
            return  # aborted meanwhile
        _undo(work, row, "failed", [str(error)])
        if row.email:
            text = f"The import of {row.old_id} was not possible, nothing has changed.\n{error}\n"
            work.mails.add(row.email, "Your account could not be moved", text, work.now)


def _undo(work: UnitOfWork, row: Import, state: str, report: list[str] | None = None) -> None:
    if row.account_id is not None:
        remove_account(work, work.accounts.get(row.account_id))
    if report:
        work.imports.update(row.id, report=json.dumps(report, ensure_ascii=False))
    _close(work, row, state)


def _close(work: UnitOfWork, row: Import, state: str) -> None:
    work.imports.update(row.id, state=state, archive=b"", password_hash=None)
