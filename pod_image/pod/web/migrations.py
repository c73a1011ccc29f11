"""Where an account went, for pods that ask.

Source: federation protocol section 8.6.
"""

from __future__ import annotations

from urllib.parse import quote

from pod.domain.errors import NotFound
from pod.domain.identity import DiasporaId, Guid, InvalidIdentity
from pod.domain.people import Person
from pod.domain.ports import Migration
from pod.jobs.context import Context
from pod.store.unit_of_work import UnitOfWork
from pod.web.http import Response, redirect
from pod.wire import magic_envelope


def fetch_rename(context: Context, key: str) -> Response:
    """Answer `GET /fetch/account_rename/{key}`; the key is an old diaspora ID or person GUID.

    Only the old home, and the new home that made it for an account of its own, serve the message
    itself: what the new home serves counts as its consent. Others point to the old home.

    Raises:
        NotFound: If nothing is known of such a move.
    """
    with context.work() as work:
        old = _person(work, key)
        migration = None if old is None else work.migrations.of(old)
        if migration is not None:
            return _answer(migration, key)
        old_id = _old_id(key)
        if old_id is not None and work.migrations.alias(old_id) is not None:
            return _elsewhere(f"https://{old_id.host}/", key)
    raise NotFound(f"account_rename {key[:255]}: no such move is known here")


def _person(work: UnitOfWork, key: str) -> Person | None:
    old_id = _old_id(key)
    if old_id is not None:
        return work.people.by_id(old_id)
    try:
        return work.people.by_guid(Guid(key))
    except InvalidIdentity:
        return None


def _old_id(key: str) -> DiasporaId | None:
    try:
        return DiasporaId(key)
    except InvalidIdentity:
        return None


def _answer(migration: Migration, key: str) -> Response:
    if migration.old.is_local or migration.originated_here:
        headers = (("Content-Type", magic_envelope.CONTENT_TYPE),)
        envelope = migration.envelopes.get("account_rename", migration.envelope)
        return Response(200, envelope, headers)
    return _elsewhere(migration.old.pod_url, key)


def _elsewhere(pod_url: str, key: str) -> Response:
    return redirect(f"{pod_url}fetch/account_rename/{quote(key, safe='@:')}")
