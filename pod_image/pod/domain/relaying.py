"""Comments, likes, votes and answers on their way through the root author's pod.

Whoever interacts sends to the root author's pod; that pod passes on what it accepted, exactly as
its author signed it, in an envelope of the root author's. Nobody else relays anything.

Source: federation protocol section 5.
"""

from pod.domain import audience, migrating, notices
from pod.domain.attribution import account_here, with_own_key
from pod.domain.content import Post
from pod.domain.entities import (
    Comment,
    EventParticipation,
    Like,
    PollParticipation,
    Relayable,
    Retraction,
)
from pod.domain.errors import Conflict, EntityMissing, Invalid, InvalidSender, Later, Refused
from pod.domain.identity import Guid
from pod.domain.incoming import Incoming
from pod.domain.people import Account, Person
from pod.domain.ports import InteractionKind, Work
from pod.domain.retracted import refuse_retracted

KINDS: dict[type[Relayable], InteractionKind] = {
    Comment: "comment",
    Like: "like",
    PollParticipation: "poll_participation",
    EventParticipation: "event_participation",
}
TARGET_TYPES: dict[InteractionKind, str] = {
    "comment": "Comment",
    "like": "Like",
    "poll_participation": "PollParticipation",
    "event_participation": "EventParticipation",
}
"""What a retraction calls them."""


def receive(work: Work, entity: Relayable, incoming: Incoming) -> None:
    """Check a relayable, store it, and pass it on if the root author lives here."""
    refuse_retracted(work, TARGET_TYPES[KINDS[type(entity)]], entity.guid)
    root = _root(work, entity, incoming)
    signer = with_own_key(work, entity.author)
    author = work.people.newest(signer)
    if not _may_send(work, incoming.sender, author, root):
        _refuse_sender(work, entity, root, incoming)
        return
    _check_route(work, author, root, incoming)
    is_signed = author.id != root.author.id
    if is_signed:
        work.crypto.verify_relayable(entity, signer.public_key)
    if _is_known(work, entity, author):
        return
    account = account_here(work, root.author)
    if account is not None and work.sharing.is_blocked(account, author):
        _send_back(work, entity, author, account, root)
        return
    keep(work, entity, author, root, signer=signer if is_signed else None)
    if account is not None:
        pass_on(work, entity, account, root, except_pods=(incoming.sender.pod_url,))


def _root(work: Work, entity: Relayable, incoming: Incoming) -> Post:
    """The post at the root of the thread.

    Raises:
        EntityMissing: If it is not known here, and may be fetched as it is public.
        Later: If it is not known here and private: it has yet to arrive.
        Refused: If it was here and was retracted.
    """
    found = _known_root(work, entity)
    if found is not None:
        return found
    refuse_retracted(work, parent_type(entity).title(), entity.parent_guid)
    if not incoming.is_public:
        raise Later(f"parent {entity.parent_guid} of {entity.guid} has not arrived yet")
    raise EntityMissing(parent_type(entity), entity.parent_guid, entity.author)


def _known_root(work: Work, entity: Relayable) -> Post | None:
    match parent_type(entity):
        case "poll":
            return work.posts.by_poll(entity.parent_guid)
        case "event":
            return work.posts.by_event(entity.parent_guid)
        case "comment":
            comment = work.interactions.find("comment", entity.parent_guid)
            return None if comment is None else comment.root
        case _:
            return work.posts.by_guid(entity.parent_guid)


def parent_type(entity: Relayable) -> str:
    """What the parent of a relayable is called when it is fetched."""
    match entity:
        case PollParticipation():
            return "poll"
        case EventParticipation():
            return "event"
        case Like() if entity.parent_type == "Comment":
            return "comment"
        case _:
            return "post"


def _may_send(work: Work, sender: Person, author: Person, root: Post) -> bool:
    """The sender rule: the root author, or the author to the root author's pod (section 5.4)."""
    if sender.id == root.author.id:
        return True
    return sender.id == author.id and account_here(work, root.author) is not None


def _refuse_sender(work: Work, entity: Relayable, root: Post, incoming: Incoming) -> None:
    """Answer someone who does not know that the root author moved away from here; refuse others."""
    is_by_sender = incoming.sender.diaspora_id == entity.author
    if is_by_sender and migrating.answer_for_moved_root(work, root, incoming):
        return
    raise InvalidSender(
        f"{incoming.sender.diaspora_id} may not send {entity.guid} by {entity.author} here: "
        f"it goes through the pod of {root.author.diaspora_id}"
    )


def _check_route(work: Work, author: Person, root: Post, incoming: Incoming) -> None:
    """What hangs on a limited post comes privately, from people who were addressed."""
    if root.public:
        return
    if incoming.is_public:
        raise Refused(f"post {root.guid} is limited, nothing on it may come publicly")
    if account_here(work, root.author) is None or author.id == root.author.id:
        return
    if all(person.id != author.id for person in work.posts.audience(root)):
        raise InvalidSender(f"post {root.guid} was not addressed to {author.diaspora_id}")


def _is_known(work: Work, entity: Relayable, author: Person) -> bool:
    """Whether it is stored already.

    Raises:
        Conflict: If the GUID is in use for something else.
    """
    for kind in KINDS.values():
        known = work.interactions.find(kind, entity.guid)
        if known is not None and (kind, author.id) != (KINDS[type(entity)], known.author.id):
            raise Conflict(f"{entity.guid} is another person's {known.entity} here")
        if known is not None:
            return True
    return False


def _send_back(work: Work, entity: Relayable, author: Person, account: Account, root: Post) -> None:
    """Tell somebody whom the root author blocks that the interaction is gone."""
    if isinstance(entity, EventParticipation):
        return  # only its author can retract it
    retraction = retraction_of(entity.guid, KINDS[type(entity)], account)
    audience.send(work, retraction, account, root, (author,))


def retraction_of(guid: Guid, kind: InteractionKind, sender: Account) -> Retraction:
    """The retraction of an interaction, by the one who will send it."""
    return Retraction(
        author=sender.person.diaspora_id, target_guid=guid, target_type=TARGET_TYPES[kind]
    )


def keep(
    work: Work, entity: Relayable, author: Person, root: Post, *, signer: Person | None
) -> None:
    """Store an interaction, what was signed of it, and whom it mentions; tell local people.

    Args:
        work: The unit of work.
        entity: As it came, or as it was just made.
        author: Whose it is, by today's name.
        root: The post at the root of the thread.
        signer: Who signed it, by the name of then; None if the signature was not verified.
    """
    _check_answer(work, entity, root)
    work.interactions.add(entity, author, root)
    if signer is not None and entity.author_signature:
        work.interactions.sign(entity, signer)
    if isinstance(entity, Comment):
        notices.mention_in_comment(work, entity, author, root)
    notices.tell_interaction(work, entity, author, root)


def _check_answer(work: Work, entity: Relayable, root: Post) -> None:
    if isinstance(entity, PollParticipation):
        poll = getattr(work.posts.entity(root), "poll", None)
        answers = () if poll is None else poll.poll_answers
        if all(answer.guid != entity.poll_answer_guid for answer in answers):
            raise Invalid(f"poll {entity.parent_guid} has no answer {entity.poll_answer_guid}")


def pass_on(
    work: Work,
    entity: Relayable,
    account: Account,
    root: Post,
    except_pods: tuple[str, ...] = (),
) -> None:
    """Send an interaction to everybody entitled, in an envelope of the local root author's."""
    to = audience.readers_of(work, root, entity)
    audience.send(work, entity, account, root, to, except_pods)
