"""Undoing what an import made before it was announced."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from pod.domain.people import Account
from pod.store import rows
from pod.store.schema import accounts, completions, imports, people, profiles
from pod.store.unit_of_work import UnitOfWork


def remove_account(work: UnitOfWork, account: Account) -> None:
    """Take back an account that was made for an import; its name is free again.

    If somebody has referred to it meanwhile, it is closed instead, and the name stays taken.
    """
    for table in (imports, completions):
        rows.change(work.connection, table, {"account_id": None}, account_id=account.id)
    work.accounts.clear(account)
    try:
        with work.connection.begin_nested():
            _delete(work, account)
    except IntegrityError:
        work.accounts.set_state(account, "closed")
        work.people.close(account.person)


def _delete(work: UnitOfWork, account: Account) -> None:
    rows.remove(work.connection, accounts, id=account.id)
    rows.remove(work.connection, profiles, person_id=account.person.id)
    rows.remove(work.connection, people, id=account.person.id)
