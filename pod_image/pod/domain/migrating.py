"""Whether to believe that an account has moved, and what to answer those who do not know it yet.

Two wire forms tell of the same event. In both the old identity speaks, and the new one has to
agree, or whoever holds any key could push what they wrote onto somebody else.

Source: federation protocol sections 8.1, 8.5 and 8.7.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pod.domain import moving, new_identity
from pod.domain.content import Post
from pod.domain.entities import (
    ENTITY_NAMES,
    AccountDeletion,
    AccountMigration,
    AccountRename,
    Entity,
)
from pod.domain.errors import Conflict, InvalidSender, PersonMissing, Refused, SecondMove
from pod.domain.identity import DiasporaId
from pod.domain.incoming import Incoming, Receiver
from pod.domain.moving import Move
from pod.domain.people import Person
from pod.domain.ports import Migration, WireForm, Work

MAX_LINKS = 5
"""How many moves in a row are believed."""

_NAMES = {entity: name for name, entity in ENTITY_NAMES.items()}


# --- account_rename ------------------------------------------------------------------------------


def receive_rename(work: Work, rename: AccountRename, incoming: Incoming) -> None:
    """Judge a rename; apply it, or keep it until the new home has confirmed it.

    Raises:
        Refused: If it is forged, contradicts what is known, or is not wanted in this form.
        PersonMissing: If the new identity has to be discovered first.
    """
    if incoming.sender.diaspora_id != rename.old_id:
        raise InvalidSender(f"account_rename of {rename.old_id}: sent by somebody else")
    move = judge(work, rename, incoming)
    if move is None:
        _keep_rename(work, rename, incoming)
        return
    if rename.new_signature:
        settle(work, move)
    elif work.policy.require_new_signature:
        raise Refused(f"account_rename of {rename.old_id}: has no new_signature, needed here")
    else:
        # The new home is asked by a job, since nothing is fetched while rules are applied.
        work.migrations.hold(rename.old_id, rename.new_id, incoming.envelope, work.now)


def judge(work: Work, rename: AccountRename, incoming: Incoming) -> Move | None:
    """Check everything about a rename but consent without a signature; None if it was applied.

    Raises:
        Refused: If it is forged or contradicts what is known.
        PersonMissing: If the new identity has to be discovered first.
    """
    old = incoming.sender
    if old.stub:
        raise PersonMissing(old.diaspora_id)
    if is_applied(work, old, rename.new_id):
        return None
    new_identity.check(work, rename, old.public_key)
    new = new_identity.confirmed(work, rename)
    _check_state(work, old, new)
    return Move(
        old=old,
        new=new,
        profile=rename.person.profile,
        form="account_rename",
        envelope=incoming.envelope,
    )


def is_applied(work: Work, old: Person, new_id: DiasporaId) -> bool:
    """Whether this very move is known.

    Raises:
        SecondMove: If the old ID has moved elsewhere: the first move wins.
    """
    known = work.migrations.of(old)
    if known is not None and known.new.diaspora_id != new_id:
        raise SecondMove(
            f"{old.diaspora_id} has moved to {known.new.diaspora_id}, so not to {new_id}; "
            "if both are signed, the old key may be stolen"
        )
    return known is not None


# --- account_migration ---------------------------------------------------------------------------


def receive_migration(work: Work, entity: AccountMigration, incoming: Incoming) -> None:
    """Judge and apply the deployed form, in either variant.

    Raises:
        Refused: If it is forged or contradicts what is known.
        PersonMissing: If one of the identities has to be discovered first.
    """
    sender = incoming.sender
    if sender.diaspora_id != entity.author:
        raise InvalidSender(f"account_migration of {entity.author}: sent by somebody else")
    old = _identity(work, entity.old_id)
    if is_applied(work, old, entity.new_id):
        _keep_migration(work, entity, old, incoming)
        return
    new = _identity(work, entity.new_id)
    _check_signature(work, entity, old, new)
    if new_identity.same_key(work, old.public_key, new.public_key):
        raise Refused(f"account_migration of {old.diaspora_id}: both identities have one key")
    _check_state(work, old, new)
    settle(
        work,
        Move(
            old=old,
            new=new,
            profile=entity.profile,
            form="account_migration",
            envelope=incoming.envelope,
            remote_photo_path=entity.remote_photo_path,
        ),
    )


def _check_signature(work: Work, entity: AccountMigration, old: Person, new: Person) -> None:
    """Check the proof of the identity that has not sealed the envelope."""
    other = old if entity.is_variant_b else new
    work.crypto.verify_migration(entity, other.public_key)


def _identity(work: Work, diaspora_id: DiasporaId) -> Person:
    """The person of exactly that ID: an alias has no key of its own."""
    person = work.people.by_id(diaspora_id)
    if person is None or person.stub:
        raise PersonMissing(diaspora_id)
    return person


# --- the same move, told in the other form -------------------------------------------------------


def _keep_rename(work: Work, rename: AccountRename, incoming: Incoming) -> None:
    old = incoming.sender
    if _lacks(work, old, "account_rename"):
        new_identity.check(work, rename, old.public_key)
        new_identity.confirmed(work, rename)
        work.migrations.add_second(old, incoming.envelope)


def _keep_migration(work: Work, entity: AccountMigration, old: Person, incoming: Incoming) -> None:
    # Deployed software mishandles the other variant, so it is no answer.
    if not entity.is_variant_b and _lacks(work, old, "account_migration"):
        _check_signature(work, entity, old, _identity(work, entity.new_id))
        work.migrations.add_second(old, incoming.envelope)


def _lacks(work: Work, old: Person, form: WireForm) -> bool:
    """Whether this is the old home, and cannot answer in that form yet."""
    migration = work.migrations.of(old)
    return old.is_local and migration is not None and form not in migration.envelopes


# --- both ----------------------------------------------------------------------------------------


def _check_state(work: Work, old: Person, new: Person) -> None:
    """Check the move against what happened before.

    Raises:
        Refused: If the new identity is closed, or lives here and nobody asked for this here.
        Conflict: If the moves would make a circle or too long a chain.
    """
    if new.is_local:
        raise Refused(f"{old.diaspora_id} to {new.diaspora_id}: that account did not import it")
    if new.closed and work.migrations.of(new) is None:
        raise Refused(f"{old.diaspora_id} to {new.diaspora_id}: that account is closed")
    check_chain(work, old, new)


def check_chain(work: Work, old: Person, new: Person) -> None:
    """Check that a move makes no circle and no long chain.

    Raises:
        Conflict: If it does.
    """
    ahead = [person.id for person in _following(work, new)]
    if old.id in ahead:
        raise Conflict(f"{old.diaspora_id} to {new.diaspora_id}: the moves would make a circle")
    if _behind(work, old) + len(ahead) > MAX_LINKS:
        raise Conflict(f"{old.diaspora_id} to {new.diaspora_id}: more than {MAX_LINKS} moves")


def _following(work: Work, person: Person) -> Iterator[Person]:
    """The person, and who they became after each move."""
    for _ in range(MAX_LINKS + 1):
        yield person
        migration = work.migrations.of(person)
        if migration is None:
            return
        person = migration.new


def _behind(work: Work, person: Person, limit: int = MAX_LINKS) -> int:
    """How many moves in a row led to the person."""
    if limit == 0:
        return 0
    before = work.migrations.to(person)
    return max((1 + _behind(work, each.old, limit - 1) for each in before), default=0)


def settle(work: Work, move: Move) -> None:
    """Apply a move that everybody concerned agrees to; of a deleted account only note it."""
    if work.migrations.is_deleted(move.old):
        moving.record(work, move)
        work.migrations.complete(move.old, work.now)
        return
    moving.apply(work, move)


RECEIVERS: Mapping[type[Entity], Receiver] = {
    AccountRename: receive_rename,
    AccountMigration: receive_migration,
}


# --- those who do not know it yet ----------------------------------------------------------------


def answer_for_closed(work: Work, entity: Entity, incoming: Incoming) -> None:
    """Answer what came privately for a closed account: it moved, or it was deleted.

    Nothing of the message is kept. A setting passes it on to the new home.
    """
    account = incoming.recipient
    if account is None or isinstance(entity, AccountRename | AccountMigration):
        return
    migration = work.migrations.of(account.person)
    if migration is not None:
        _answer(work, migration, incoming)
        _forward(work, _NAMES[type(entity)], incoming, work.people.newest(migration.new))
    elif work.migrations.is_deleted(account.person) and _may_answer(work, account.person, incoming):
        deletion = AccountDeletion(author=account.person.diaspora_id)
        work.outbox.public(deletion, account, [incoming.sender])


def answer_for_moved_root(work: Work, root: Post, incoming: Incoming) -> bool:
    """Answer what was sent here because of a post whose author used to live here.

    Returns:
        Whether that was the case; then the message is not to be stored.
    """
    migration = _moved_from_here(work, root.author)
    if migration is None:
        return False
    _answer(work, migration, incoming)
    if incoming.is_public:
        _forward(work, "forwarded", incoming, root.author)
    return True


def _moved_from_here(work: Work, person: Person, limit: int = MAX_LINKS) -> Migration | None:
    for migration in work.migrations.to(person):
        if migration.old.is_local:
            return migration
        earlier = _moved_from_here(work, migration.old, limit - 1) if limit else None
        if earlier is not None:
            return earlier
    return None


def _answer(work: Work, migration: Migration, incoming: Incoming) -> None:
    """Send the message that tells of the move, as it was received or first sent."""
    if _may_answer(work, migration.old, incoming):
        moving.tell_pods(work, migration, [incoming.sender.pod_url])


def _may_answer(work: Work, old: Person, incoming: Incoming) -> bool:
    """Whether the sender's pod may be told: only once an hour, or we could be made a weapon."""
    sender = incoming.sender
    return not sender.is_local and work.migrations.may_reply(old, sender.pod_url, work.now)


def _forward(work: Work, entity_name: str, incoming: Incoming, to: Person) -> None:
    if work.policy.relay_to_new_home and not to.is_local:
        is_private = not incoming.is_public
        work.outbox.forward(
            entity_name, incoming.envelope, incoming.sender, to, is_private=is_private
        )
