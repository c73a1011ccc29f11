"""Account migrations that need the network: followed from a hint, or confirmed by the new home.

Source: federation protocol sections 8.5 (check 6), 8.6 and 8.8.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from pod.domain import migrating as rules
from pod.domain import new_identity
from pod.domain.attribution import with_own_key
from pod.domain.entities import AccountMigration, AccountRename, Entity
from pod.domain.errors import (
    DomainError,
    Invalid,
    InvalidSender,
    Later,
    NotFound,
    Refused,
    Unfound,
)
from pod.domain.identity import DiasporaId
from pod.domain.incoming import Incoming
from pod.domain.moving import Move
from pod.domain.people import Person
from pod.jobs import backoff, receive, resolve
from pod.jobs.context import Context
from pod.store.tasks import PendingMigration
from pod.store.unit_of_work import UnitOfWork
from pod.wire import keys, magic_envelope
from pod.wire.errors import WireError

AnyMigration = AccountRename | AccountMigration


# --- asked to follow a hint ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Hint:
    """Somebody said that the person of the old ID is the candidate now. That proves nothing."""

    old_id: DiasporaId
    candidate: DiasporaId


def follow(context: Context, old_id: DiasporaId, candidate: DiasporaId) -> Person:
    """Fetch the proof that a person moved, from the old home or else the new one; act on it.

    Of an old ID that was known here everything is re-pointed; of an unknown one only the name of
    the new identity is kept, as its key can never be known.

    Returns:
        The newest identity of the person.

    Raises:
        Unfound: If nobody proves it.
        Later: If a pod that could prove it cannot be asked now.
    """
    hint = _Hint(old_id, candidate)
    problems: list[DomainError | WireError] = []
    for host in (old_id.host, candidate.host):
        try:
            body = _fetched(context, f"https://{host}/", old_id)
            return _learn(context, hint, body, is_old_home=host == old_id.host)
        except (Refused, Later, WireError) as error:
            problems.append(error)
    raise _failure(hint, problems)


def _failure(hint: _Hint, problems: list[DomainError | WireError]) -> Later | Unfound:
    reasons = "; ".join(map(str, problems))
    message = f"{hint.old_id} is said to be {hint.candidate} now, but nobody proves it: {reasons}"
    if any(isinstance(p, Later) and not isinstance(p, resolve.Absent) for p in problems):
        return Later(message)
    return Unfound(message)


def _fetched(context: Context, pod_url: str, old_id: DiasporaId) -> bytes:
    """What a pod has to say about an old ID; where it redirects to does not count."""
    url = f"{pod_url}fetch/account_rename/{quote(old_id, safe='@:')}"
    if pod_url == context.settings.url:
        raise NotFound(f"{old_id}: this pod itself knows of no move")
    reply = context.client.get(url, port=urlsplit(pod_url).port)
    if reply.status != 200:
        raise NotFound(f"{url} answers {reply.status}")
    return reply.body


def _learn(context: Context, hint: _Hint, body: bytes, *, is_old_home: bool) -> Person:
    with context.work() as work:
        old = work.people.by_id(hint.old_id)
    if old is not None and not old.stub:
        return _apply(context, hint, body)
    if not is_old_home:
        raise InvalidSender(f"{hint.old_id} is unknown here; only its own pod can tell who it is")
    return _alias(context, hint, body)


def _apply(context: Context, hint: _Hint, body: bytes) -> Person:
    """The old ID is known with its key, so the message is judged like one that was posted."""

    def expect(entity: Entity, sender: Person) -> None:
        _need_about(hint, entity)
        del sender  # the rules judge the sender

    entity = receive.apply_public(context, body, expect)
    about = _need_about(hint, entity)
    with context.work() as work:
        is_settled = work.migrations.by_old_id(hint.old_id) is not None
    if not is_settled and isinstance(entity, AccountRename):
        _confirm(context, entity, body)
    with context.work() as work:
        work.pending_migrations.discard(hint.old_id, about.new_id)
        return work.people.newest(work.people.need(hint.old_id))


def _need_about(hint: _Hint, entity: Entity) -> AnyMigration:
    if not isinstance(entity, AccountRename | AccountMigration):
        raise Invalid(f"{hint.old_id}: a {type(entity).__name__} proves no move")
    # Of several moves in a row the proof is about the first, the hint possibly about the last.
    if entity.old_id != hint.old_id:
        raise Invalid(f"{hint.old_id}: the proof is about {entity.old_id}")
    return entity


def _alias(context: Context, hint: _Hint, body: bytes) -> Person:
    """The old key is unknown for ever: the old home's own word, over https, stands for it."""
    envelope = magic_envelope.parse(body)
    if envelope.sender != hint.old_id:
        raise InvalidSender(f"{hint.old_id}: the proof is signed by {envelope.sender}")
    entity = _need_about(hint, receive.decoded(context, envelope.payload))
    new = resolve.attempt(context, lambda work: _agreed(work, entity))
    if isinstance(entity, AccountRename) and not entity.new_signature:
        _need_consent(context, entity, new)
    with context.work() as work:
        newest = work.people.newest(work.people.get(new.id))
        work.migrations.add_alias(hint.old_id, newest, body)
        return newest


def _agreed(work: UnitOfWork, entity: AnyMigration) -> Person:
    """The new identity, if its signature in the message is good as far as there is one."""
    if isinstance(entity, AccountRename):
        new_identity.check(work, entity, None)
        new = new_identity.confirmed(work, entity)
        if not entity.new_signature and work.policy.require_new_signature:
            raise Refused(f"account_rename of {entity.old_id}: has no new_signature, needed here")
    else:
        new = with_own_key(work, entity.new_id)
        work.crypto.verify_migration(entity, new.public_key)
    if new.is_local:
        raise Refused(f"{entity.old_id} to {entity.new_id}: that account did not import it")
    if new.closed and work.migrations.of(new) is None:
        raise Refused(f"{entity.old_id} to {entity.new_id}: that account is closed")
    return new


# --- waiting for the new home --------------------------------------------------------------------


def hold(work: UnitOfWork, rename: AccountRename, envelope: bytes) -> None:
    """Keep a rename whose new identity cannot be discovered now; it was looked for once.

    Raises:
        Refused: If it could not be applied even if it were found.
    """
    if not rename.new_signature and work.policy.require_new_signature:
        raise Refused(f"account_rename of {rename.old_id}: has no new_signature, needed here")
    due = work.services.now() + backoff.FIRST_OF_LONG
    work.pending_migrations.add(rename.old_id, rename.new_id, envelope, due, attempts=0)


def retry(context: Context, row: PendingMigration) -> None:
    """Ask for the new identity of a pending rename, and whether it agrees; apply it if so.

    Raises:
        Later: If it does not agree yet, or cannot be asked.
        Refused: If the rename cannot be applied any more.
        WireError: If it cannot be read any more.
    """
    entity, _ = receive.open_envelope(context, row.envelope)
    if not isinstance(entity, AccountRename):
        raise Invalid(f"{row.old_id}: a {type(entity).__name__} needs no consent")
    _confirm(context, entity, row.envelope)


def _confirm(context: Context, rename: AccountRename, envelope: bytes) -> None:
    """Apply a rename if the new identity has signed it, or the new home serves the same."""

    def judge(work: UnitOfWork) -> Move | None:
        return rules.judge(work, rename, _incoming(work, rename, envelope))

    def settle(work: UnitOfWork) -> None:
        again = judge(work)
        if again is not None:
            rules.settle(work, again)
        context.crash.reach("migrate.before_commit")

    move = resolve.attempt(context, judge)
    if move is not None:
        if not rename.new_signature:
            _need_consent(context, rename, move.new)
        resolve.attempt(context, settle)
        context.crash.reach("migrate.after_commit")


def _incoming(work: UnitOfWork, rename: AccountRename, envelope: bytes) -> Incoming:
    return Incoming(sender=work.people.need(rename.old_id), recipient=None, envelope=envelope)


def _need_consent(context: Context, rename: AccountRename, new: Person) -> None:
    """Ask the new home for the rename; a rename that is only known to it is not served by it.

    Raises:
        Later: If it does not serve the same one; it may do so when its owner comes to it.
    """
    try:
        body = _fetched(context, new.pod_url, rename.old_id)
        served = receive.decoded(context, magic_envelope.parse(body).payload)
    except (NotFound, WireError) as error:
        raise Later(f"{rename.old_id} to {rename.new_id}: not confirmed yet: {error}") from None
    if not _means_the_same(served, rename, new):
        raise Later(f"{rename.old_id}: {new.pod_url} serves another move than {rename.new_id}")


def _means_the_same(served: Entity, rename: AccountRename, new: Person) -> bool:
    if isinstance(served, AccountMigration):
        return (served.old_id, served.new_id) == (rename.old_id, rename.new_id)
    if not isinstance(served, AccountRename):
        return False
    told, found = rename.person, served.person
    same_key = keys.fingerprint(keys.load_public(found.exported_key)) == keys.fingerprint(
        keys.load_public(new.public_key)
    )
    same_names = (served.old_id, found.author, found.guid) == (
        rename.old_id,
        told.author,
        told.guid,
    )
    return same_key and same_names
