"""A message from another pod is judged, and handed to the rule for its entity.

What is the same for all entities is judged here: who may send them, on which route, to whom. The
rules themselves are with their topics; `RECEIVERS` lists them.

Source: federation protocol sections 3.4, 3.5, 7.1 (steps 8 to 12), 7.4 and 8.5.
"""

from collections.abc import Mapping

from pod.domain import (
    closing,
    conversing,
    interacting,
    migrating,
    profiles,
    received_posts,
    retracting,
    sharing,
)
from pod.domain.entities import (
    RELAYABLES,
    AccountMigration,
    AccountRename,
    Contact,
    Conversation,
    Entity,
    Message,
    Participation,
    Photo,
    Profile,
    Retraction,
    StatusMessage,
)
from pod.domain.errors import InvalidSender, PersonMissing, Refused
from pod.domain.incoming import Incoming, Receiver
from pod.domain.ports import Work

RECEIVERS: Mapping[type[Entity], Receiver] = {
    **sharing.RECEIVERS,
    **profiles.RECEIVERS,
    **closing.RECEIVERS,
    **conversing.RECEIVERS,
    **received_posts.RECEIVERS,
    **interacting.RECEIVERS,
    **retracting.RECEIVERS,
    **migrating.RECEIVERS,
}

_MIGRATIONS = (AccountRename, AccountMigration)
_PRIVATE_ONLY = (Contact, Conversation, Message, Participation)
# Who may send these depends on what they refer to: their own rules decide.
_SENT_BY_OTHERS = (*RELAYABLES, Retraction)


def receive(work: Work, entity: Entity, incoming: Incoming) -> None:
    """Apply one message.

    Args:
        work: The unit of work; the caller commits or rolls back.
        entity: What the message carries.
        incoming: Its verified sender, and the account addressed.

    Raises:
        Refused: If it may not be; it is dropped.
        Missing: If something must be fetched first.
        Later: If it cannot be judged yet.
    """
    receiver = RECEIVERS[type(entity)]
    _check_sender(work, entity, incoming)
    _check_route(entity, incoming)
    if _is_for_closed(entity, incoming):
        migrating.answer_for_closed(work, entity, incoming)
        return
    receiver(work, entity, incoming)


def _check_sender(work: Work, entity: Entity, incoming: Incoming) -> None:
    """The author sends, from elsewhere, under a name still in use, with a key known of it."""
    sender = incoming.sender
    if sender.stub:
        raise PersonMissing(sender.diaspora_id)
    if not isinstance(entity, _SENT_BY_OTHERS) and sender.diaspora_id != entity.author:
        raise InvalidSender(
            f"{type(entity).__name__} of {entity.author} was sent by {sender.diaspora_id}"
        )
    if isinstance(entity, _MIGRATIONS):
        return  # an old name may tell once more what became of it
    if sender.closed or work.people.newest(sender).id != sender.id:
        raise InvalidSender(f"{sender.diaspora_id} is closed and says nothing any more")
    if sender.is_local:
        raise InvalidSender(f"{sender.diaspora_id} lives here; from elsewhere it is a repetition")


def _check_route(entity: Entity, incoming: Incoming) -> None:
    """What is limited to some people does not travel in the open."""
    if not incoming.is_public:
        return
    if isinstance(entity, _PRIVATE_ONLY):
        raise Refused(f"{type(entity).__name__} of {entity.author} came publicly")
    if isinstance(entity, StatusMessage | Photo) and not entity.public:
        raise Refused(f"limited {type(entity).__name__} {entity.guid} came publicly")
    if isinstance(entity, Profile) and not entity.public and _is_extended(entity):
        raise Refused(f"profile of {entity.author}: private fields came publicly")


def _is_extended(profile: Profile) -> bool:
    return any(getattr(profile, name) for name in profiles.EXTENDED)


def _is_for_closed(entity: Entity, incoming: Incoming) -> bool:
    """Whether the addressed account is closed; a migration itself is never answered with one."""
    if incoming.recipient is None or isinstance(entity, _MIGRATIONS):
        return False
    return incoming.recipient.state == "closed"
