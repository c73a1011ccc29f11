"""Private conversations: every author sends to every other participant directly.

Source: federation protocol sections 4.10 and 9 (row 8).
"""

from collections.abc import Iterable, Mapping

from pod.domain import entities
from pod.domain.content import Conversation
from pod.domain.entities import Entity
from pod.domain.errors import (
    Conflict,
    Invalid,
    InvalidSender,
    Later,
    NotAllowed,
    NotFound,
    Refused,
)
from pod.domain.identity import DiasporaId, Guid
from pod.domain.incoming import Incoming, Receiver
from pod.domain.people import Account, Person
from pod.domain.ports import Work
from pod.domain.retracted import refuse_retracted

MAX_SUBJECT = 255
MAX_TEXT = 65535
NOTIFICATION = "private_message"


# --- what an account does ------------------------------------------------------------------------


def start(
    work: Work, account: Account, recipients: Iterable[Person], *, subject: str, text: str
) -> entities.Conversation:
    """Begin a conversation with its first message.

    Raises:
        Invalid: If subject or text is empty or too long, or nobody is addressed.
        NotFound: If a recipient's account is closed.
        NotAllowed: If a recipient is no contact: their pod would refuse the conversation.
    """
    _check_length("subject", subject, MAX_SUBJECT)
    _check_length("text", text, MAX_TEXT)
    me = account.person
    others = _addressed(work, account, recipients)
    entity = entities.Conversation(
        author=me.diaspora_id,
        guid=work.ids.guid("conversation"),
        subject=subject,
        created_at=work.now,
        participants=(me.diaspora_id, *(person.diaspora_id for person in others)),
    )
    first = _message(work, account, entity.guid, text)
    conversation = work.conversations.add(entity, me, (me, *others))
    work.conversations.add_message(first, me, conversation)
    # The talk travels with its first message inside.
    sent = work.conversations.entity(conversation)
    work.outbox.private(sent, account, others)
    _notify_local(work, conversation, me)
    return sent


def _addressed(work: Work, account: Account, people: Iterable[Person]) -> tuple[Person, ...]:
    newest = {person.id: person for person in map(work.people.newest, people)}
    newest.pop(account.person.id, None)
    if not newest:
        raise Invalid("conversation: address at least one other person")
    for person in newest.values():
        if person.closed:
            raise NotFound(f"{person.diaspora_id} is closed; nobody would read the message")
        if work.sharing.contact(account, person) is None:
            raise NotAllowed(f"{person.diaspora_id} is no contact; share with them first")
    return tuple(newest.values())


def reply(work: Work, account: Account, guid: str, text: str) -> entities.Message:
    """Add a message to a conversation.

    Raises:
        NotFound: If the account has no part in such a conversation.
        Invalid: If the text is empty or too long.
    """
    _check_length("text", text, MAX_TEXT)
    conversation = own(work, account, guid)
    me = account.person
    message = _message(work, account, conversation.guid, text)
    work.conversations.add_message(message, me, conversation)
    others = [one for one in conversation.participants if one.id != me.id and not one.closed]
    work.outbox.private(message, account, others)
    _notify_local(work, conversation, me)
    return message


def own(work: Work, account: Account, guid: str) -> Conversation:
    """A conversation in which the account participates.

    Raises:
        NotFound: If there is none with that GUID.
    """
    conversation = work.conversations.by_guid(guid)
    if conversation is None or not work.conversations.is_visible(conversation, account.person):
        raise NotFound(f"conversation {guid}: {account.username} has no part in one of that GUID")
    return conversation


def _message(work: Work, account: Account, conversation: Guid, text: str) -> entities.Message:
    return entities.Message(
        author=account.person.diaspora_id,
        guid=work.ids.guid("message"),
        text=text,
        created_at=work.now,
        conversation_guid=conversation,
    )


def _notify_local(work: Work, conversation: Conversation, author: Person) -> None:
    others = [one for one in conversation.participants if one.id != author.id]
    for account in work.accounts.local(others):
        if work.conversations.is_visible(conversation, account.person):
            _notify(work, account, author, conversation.guid)


def _notify(work: Work, account: Account, actor: Person, guid: Guid) -> None:
    if not work.sharing.is_blocked(account, actor):
        work.notifications.add(account, NOTIFICATION, actor, work.now, target_guid=guid)


def _check_length(what: str, text: str, limit: int) -> None:
    if not text.strip() or len(text) > limit:
        raise Invalid(f"{what}: 1 to {limit} characters are needed")


# --- what others say -----------------------------------------------------------------------------


def receive_conversation(work: Work, entity: entities.Conversation, incoming: Incoming) -> None:
    """Store a conversation that the addressed account takes part in.

    Raises:
        Refused: If it came publicly, or its author is blocked or no contact of the account.
        InvalidSender: If author or account do not participate, or a message is by somebody else.
        Conflict: If the GUID belongs to a conversation of another author.
    """
    account = _recipient(incoming, "conversation")
    author = work.people.newest(incoming.sender)
    if any(message.author != entity.author for message in entity.messages):
        raise InvalidSender(f"conversation {entity.guid}: a message is not by {entity.author}")
    participants = _resolved(work, entity.participants)
    for needed in (author, account.person):
        if needed.id not in participants:
            raise InvalidSender(f"conversation {entity.guid}: {needed.diaspora_id} has no part")
    _check_welcome(work, account, author)
    refuse_retracted(work, "Conversation", entity.guid)
    stored = work.conversations.by_guid(entity.guid)
    if stored is None:
        people = tuple(participants.values())
        others = _others_here(work, people, account)
        conversation = work.conversations.add(entity, author, people, hidden_from=others)
        for message in entity.messages:
            _store_message(work, message, author, conversation)
    elif stored.author.id != author.id:
        raise Conflict(f"conversation {entity.guid} was begun by {stored.author.diaspora_id}")
    else:
        work.conversations.show(stored, account.person)
    _notify(work, account, author, entity.guid)


def _others_here(work: Work, people: Iterable[Person], account: Account) -> tuple[Person, ...]:
    """Who else lives here: whether they want it is decided when it comes to them."""
    accounts = work.accounts.local(people)
    return tuple(other.person for other in accounts if other.id != account.id)


def _resolved(work: Work, ids: Iterable[DiasporaId]) -> dict[int, Person]:
    newest = (work.people.newest(work.people.need(diaspora_id)) for diaspora_id in ids)
    return {person.id: person for person in newest}


def _check_welcome(work: Work, account: Account, author: Person) -> None:
    if work.sharing.is_blocked(account, author):
        raise Refused(f"{account.username} ignores {author.diaspora_id}")
    if work.sharing.contact(account, author) is None:
        raise NotAllowed(f"{author.diaspora_id} is no contact of {account.username}")


def receive_message(work: Work, entity: entities.Message, incoming: Incoming) -> None:
    """Add a message to a conversation of the addressed account.

    Raises:
        Refused: If it came publicly, or the account blocks its author.
        InvalidSender: If its author or the account does not participate.
        Later: If the conversation has not come to the account yet; messages may overtake it.
        Conflict: If the GUID belongs to a message of another author.
    """
    account = _recipient(incoming, "message")
    author = work.people.newest(incoming.sender)
    conversation = work.conversations.by_guid(entity.conversation_guid)
    if conversation is None:
        refuse_retracted(work, "Conversation", entity.conversation_guid)
        raise Later(f"message {entity.guid}: its conversation is not known here yet")
    for needed in (author, account.person):
        if not _participates(needed, conversation):
            raise InvalidSender(f"message {entity.guid}: {needed.diaspora_id} has no part in it")
    if work.sharing.is_blocked(account, author):
        raise Refused(f"{account.username} ignores {author.diaspora_id}")
    if not work.conversations.is_visible(conversation, account.person):
        raise Later(f"message {entity.guid}: {account.username} has not accepted its conversation")
    _store_message(work, entity, author, conversation)
    _notify(work, account, author, conversation.guid)


def _store_message(
    work: Work, message: entities.Message, author: Person, conversation: Conversation
) -> None:
    if message.conversation_guid != conversation.guid:
        raise Invalid(f"message {message.guid}: belongs to another conversation")
    known = work.conversations.message(message.guid)
    if known is None:
        work.conversations.add_message(message, author, conversation)
    elif known[1].id != author.id or known[0].conversation_guid != conversation.guid:
        raise Conflict(f"message {message.guid}: the GUID belongs to another message")


def _participates(person: Person, conversation: Conversation) -> bool:
    return any(one.id == person.id for one in conversation.participants)


def _recipient(incoming: Incoming, what: str) -> Account:
    if incoming.recipient is None:
        raise Refused(f"{what}: only accepted by the private route")
    return incoming.recipient


RECEIVERS: Mapping[type[Entity], Receiver] = {
    entities.Conversation: receive_conversation,
    entities.Message: receive_message,
}
