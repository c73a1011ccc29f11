"""Undoing what an import made before it was announced."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from pod.domain.people import Account
from pod.store.schema import accounts, completions, imports, people, profiles
from pod.store.unit_of_work import UnitOfWork


def remove_account(work: UnitOfWork, account: Account) -> None:
    """Take back an account that was made for an import; its name is free again.

    If somebody has referred to it meanwhile, it is closed instead, and the name stays taken.
    """
    for table in (imports, completions):
        mine = table.c.account_id == account.id
        work.connection.execute(update(table).where(mine).values(account_id=None))
    work.accounts.clear(account)
    try:
        with work.connection.begin_nested():
            _delete(work, account)
    except IntegrityError:
        work.accounts.set_state(account, "closed")
        work.people.close(account.person)


def _delete(work: UnitOfWork, account: Account) -> None:
    for table, column, value in (
        (accounts, accounts.c.id, account.id),
        (profiles, profiles.c.person_id, account.person.id),
        (people, people.c.id, account.person.id),
    ):
        work.connection.execute(delete(table).where(column == value))
