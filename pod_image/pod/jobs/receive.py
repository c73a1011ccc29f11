"""From a message in the inbox to its effect.

Decrypt, open the envelope, find the sender's key, verify, decode, apply the rules; the effect and
the end of the inbox row are one transaction. Source: federation protocol sections 7.1 and 7.3.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import nullcontext

from pod.domain import receive as rules
from pod.domain.attribution import with_own_key
from pod.domain.entities import ENTITY_NAMES, AccountMigration, AccountRename, Entity
from pod.domain.errors import Later, Refused, SecondMove
from pod.domain.identity import DiasporaId
from pod.domain.incoming import Incoming
from pod.domain.people import Account, Person
from pod.jobs import backoff, introductions, resolve, restraint
from pod.jobs.context import Context
from pod.jobs.log import one_line
from pod.store.queues import Received
from pod.store.unit_of_work import UnitOfWork
from pod.wire import encrypted_envelope, entities, keys, magic_envelope
from pod.wire.errors import WireError

log = logging.getLogger(__name__)


class Unjudged(Later):
    """A verified account_rename whose new identity cannot be had now."""

    def __init__(self, rename: AccountRename, envelope: bytes, error: Later) -> None:
        super().__init__(str(error))
        self.rename = rename
        self.envelope = envelope


Expect = Callable[[Entity, Person], None]
"""Raises `Refused` if an entity, or its sender, is not what was asked for."""

_NAMES = {entity: name for name, entity in ENTITY_NAMES.items()}


def handle(context: Context, row: Received) -> None:
    """Handle a claimed message: apply, drop, or plan another attempt."""
    try:
        with context.work() as work:
            account_id = row.recipient_account_id
            recipient = None if account_id is None else work.accounts.get(account_id)
        process(context, row.body, recipient, finish=lambda work: _finish(context, work, row))
        context.crash.reach("receive.after_commit")
    except Unjudged as error:
        _hold(context, row, error)
    except (Refused, WireError) as error:
        _drop(context, row, error)
    except Later as error:
        _retry(context, row, error)


def process(
    context: Context,
    body: bytes,
    recipient: Account | None,
    *,
    finish: Callable[[UnitOfWork], None] = lambda _: None,
) -> Entity:
    """Apply a message as it was posted.

    Args:
        context: The pod.
        body: A magic envelope, or for a recipient an encrypted one.
        recipient: The addressed account; None on the public route.
        finish: Done in the same transaction as the effect.

    Raises:
        WireError: If the message cannot be used at all.
        Refused: If the sender may not say this.
        Later: If something that is needed cannot be had now.
    """
    envelope = _decrypted(body, recipient)
    return _apply(context, envelope, recipient, lambda _entity, _sender: None, finish)


def apply_public(context: Context, body: bytes, expect: Expect) -> Entity:
    """Apply a magic envelope that was fetched, exactly as if it had been posted publicly.

    Args:
        context: The pod.
        body: The magic envelope.
        expect: Called with the verified entity and its sender before anything is applied.

    Raises:
        WireError: If the envelope cannot be used.
        Refused: If it is not what was expected, or the sender may not say this.
        Later: If something that is needed cannot be had now.
    """
    return _apply(context, body, None, expect, lambda _: None)


def open_envelope(context: Context, body: bytes) -> tuple[Entity, Person]:
    """Verify a magic envelope with its sender's key, discovering the sender if need be; decode it.

    Raises:
        WireError: If it cannot be used.
        Refused: If its sender is known only as somebody who moved.
        Later: If the sender cannot be discovered now.
    """
    envelope = magic_envelope.parse(body)
    sender = resolve.attempt(context, lambda work: _sender(work, envelope.sender))
    envelope.verify(keys.load_public(sender.public_key))
    return decoded(context, envelope.payload), sender


def decoded(context: Context, payload: bytes) -> Entity:
    """The entity in a payload, as far as this pod has heard of it.

    Raises:
        WireError: If it cannot be used.
    """
    unknown = context.settings.unknown_forms
    return entities.decode(payload, now=context.clock.now(), unknown=unknown)


def _decrypted(body: bytes, recipient: Account | None) -> bytes:
    if recipient is None:
        return body
    return encrypted_envelope.unwrap(body, keys.load_own(recipient.private_key))


def _sender(work: UnitOfWork, sender: DiasporaId) -> Person:
    person = work.people.by_id(sender)
    if person is None and work.migrations.alias(sender) is not None:
        # Nothing but the name is known of it, so nothing it says can be verified.
        raise Refused(f"{sender} has moved, its key was never known here")
    return with_own_key(work, sender)


@restraint.one_message()
def _apply(
    context: Context,
    body: bytes,
    recipient: Account | None,
    expect: Expect,
    finish: Callable[[UnitOfWork], None],
) -> Entity:
    entity, sender = open_envelope(context, body)
    expect(entity, sender)
    introductions.meet_in(context, entity)

    def apply(work: UnitOfWork) -> None:
        # Read again: what was found outside may have changed until this transaction.
        incoming = Incoming(
            sender=work.people.get(sender.id),
            recipient=None if recipient is None else work.need_account(recipient),
            envelope=body,
        )
        rules.receive(work, entity, incoming)
        finish(work)
        _reach(context, entity, "migrate.before_commit")

    with context.linger() if introductions.has_links(entity) else nullcontext():
        try:
            resolve.attempt(context, apply)
        except Later as error:
            if isinstance(entity, AccountRename):
                raise Unjudged(entity, body, error) from None
            raise
        _reach(context, entity, "migrate.after_commit")
        introductions.follow_links(context, entity)
    _log_received(entity, sender)
    return entity


def _reach(context: Context, entity: Entity, point: str) -> None:
    """Of all messages those that tell of a move have crash points of their own."""
    if isinstance(entity, AccountRename | AccountMigration):
        context.crash.reach(point)


def _log_received(entity: Entity, sender: Person) -> None:
    log.info(
        "event=received entity=%s guid=%s sender=%s pod=%s",
        _NAMES[type(entity)],
        getattr(entity, "guid", None) or getattr(entity, "target_guid", "-"),
        sender.diaspora_id,
        sender.pod_url,
    )


def _finish(context: Context, work: UnitOfWork, row: Received) -> None:
    work.inbox.finish(row.id)
    context.crash.reach("receive.before_commit")


def _drop(context: Context, row: Received, error: Refused | WireError) -> None:
    reason = f"{type(error).__name__}: {one_line(error)}"
    with context.work() as work:
        work.inbox.drop(row.id, reason)
        # Told before the end is committed: who waits for that must find it in the log.
        log.info("event=dropped inbox=%s reason=%s", row.id, reason)
    if isinstance(error, SecondMove):
        log.warning("event=second_move inbox=%s reason=%s", row.id, one_line(error))


def _hold(context: Context, row: Received, error: Unjudged) -> None:
    """Let a rename wait for days, as one without consent does, and not block its lane."""
    from pod.jobs import migrating  # which applies by means of this module

    try:
        with context.work() as work:
            migrating.hold(work, error.rename, error.envelope)
            _finish(context, work, row)
    except Refused as refused:
        _drop(context, row, refused)
        return
    reason = one_line(error)
    log.info("event=postponed inbox=%s attempt=%s reason=%s", row.id, row.attempts + 1, reason)


def _retry(context: Context, row: Received, error: Later) -> None:
    delay = backoff.after_failure(row.attempts + 1)
    reason = f"{type(error).__name__}: {one_line(error)}"
    with context.work() as work:
        if delay is None:
            work.inbox.drop(row.id, f"given up: {reason}")
        else:
            work.inbox.postpone(row.id, context.clock.now() + delay, reason)
        event = "dropped" if delay is None else "postponed"
        log.info("event=%s inbox=%s attempt=%s reason=%s", event, row.id, row.attempts + 1, reason)
