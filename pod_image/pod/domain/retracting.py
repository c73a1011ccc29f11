"""What was said is taken back: by a local person, or by a message from another pod.

A retraction takes the way of what it retracts. Who may retract is decided by who signed the
envelope; the `author` element proves nothing, and names the sender of the envelope when sent here.

Source: federation protocol sections 4.11, 5.6 and 7.4.
"""

from collections.abc import Callable, Iterable, Mapping

from pod.domain import audience, migrating
from pod.domain.attribution import account_here
from pod.domain.content import Interaction, Post
from pod.domain.entities import Entity, Photo, Retraction
from pod.domain.errors import InvalidSender, Later, NotAllowed, Refused
from pod.domain.identity import Guid
from pod.domain.incoming import Incoming, Receiver
from pod.domain.people import Account, Person
from pod.domain.ports import InteractionKind, Work
from pod.domain.relaying import TARGET_TYPES, retraction_of

_KINDS: Mapping[str, InteractionKind] = {name: kind for kind, name in TARGET_TYPES.items()}
_ONLY_BY_AUTHOR: InteractionKind = "event_participation"
"""What a root author cannot retract: the deployed software would refuse it."""


def retract_post(work: Work, account: Account, post: Post) -> None:
    """Delete a post of the account's, here and wherever it was sent.

    Raises:
        NotAllowed: If it is somebody else's.
    """
    if post.author.id != account.person.id:
        raise NotAllowed(f"post {post.guid} is not yours")
    to = audience.subscribers(work, post)
    _forget_post(work, post)
    _send_to_all_told(work, _retraction(account, post.guid, "Post"), account, post, to)


def retract_interaction(work: Work, account: Account, interaction: Interaction) -> None:
    """Delete a comment, like or vote of the account's, or one on a post of the account's.

    Raises:
        NotAllowed: If neither it nor the post is the account's.
    """
    root = interaction.root
    if account.person.id not in {person.id for person in _entitled(interaction)}:
        raise NotAllowed(f"{interaction.entity} {interaction.guid} is not yours")
    root_account = account_here(work, root.author)
    if root_account is not None:
        by = account if interaction.entity == _ONLY_BY_AUTHOR else root_account
        _retract_here(work, interaction, by)
        return
    _forget_interaction(work, interaction)
    entity = retraction_of(interaction.guid, interaction.entity, account)
    audience.send_to_root(work, entity, account, root)


def _entitled(interaction: Interaction) -> tuple[Person, ...]:
    """Who may retract it: its author, and mostly also the root author (section 5.6)."""
    if interaction.entity == _ONLY_BY_AUTHOR:
        return (interaction.author,)
    return (interaction.author, interaction.root.author)


def _retract_here(
    work: Work, interaction: Interaction, by: Account, except_pods: tuple[str, ...] = ()
) -> None:
    """Delete an interaction under a local root, and tell everybody in an account's name."""
    to = _readers(work, interaction)
    _forget_interaction(work, interaction)
    entity = retraction_of(interaction.guid, interaction.entity, by)
    audience.send(work, entity, by, interaction.root, to, except_pods)


def _readers(work: Work, interaction: Interaction) -> tuple[Person, ...]:
    """Who must be told; asked before it is gone, for who wrote or was mentioned is among them."""
    is_comment = interaction.entity == "comment"
    return audience.readers(work, interaction.root, interaction.guid if is_comment else None)


def retract_photo(work: Work, account: Account, guid: Guid) -> None:
    """Delete a photo of the account's; if a post shows it, wherever that was sent.

    Raises:
        NotAllowed: If there is no such photo of the account's.
    """
    found = work.posts.photo(guid)
    if found is None or found[1].id != account.person.id:
        raise NotAllowed(f"there is no photo {guid} of yours")
    photo, author = found
    shown_in = photo.status_message_guid and work.posts.by_guid(photo.status_message_guid)
    _forget_photo(work, photo, author)
    if shown_in:
        to = audience.subscribers(work, shown_in)
        _send_to_all_told(work, _retraction(account, guid, "Photo"), account, shown_in, to)


def _send_to_all_told(
    work: Work, entity: Retraction, sender: Account, post: Post, to: Iterable[Person]
) -> None:
    """Send it on the route of the post, also to pods that have the post of former subscribers."""
    if post.public:
        told = work.outbox.told_publicly(post.guid)
        work.outbox.public(entity, sender, to, also_pods=told)
    else:
        audience.send(work, entity, sender, post, to)


def unsubscribe(work: Work, account: Account, post: Post) -> None:
    """Stop following a post."""
    guid = work.interactions.leave(account.person, post)
    if guid is None:
        return
    work.migrations.record_retraction("Participation", guid, account.person, work.now)
    if account_here(work, post.author) is None:
        entity = _retraction(account, guid, "Participation")
        work.outbox.private(entity, account, (post.author,))


def _retraction(account: Account, guid: Guid, target_type: str) -> Retraction:
    return Retraction(author=account.person.diaspora_id, target_guid=guid, target_type=target_type)


def _forget_post(work: Work, post: Post) -> None:
    work.posts.remove(post)
    work.migrations.record_retraction("Post", post.guid, post.author, work.now)


def _forget_interaction(work: Work, interaction: Interaction) -> None:
    work.interactions.remove(interaction)
    target_type = TARGET_TYPES[interaction.entity]
    work.migrations.record_retraction(target_type, interaction.guid, interaction.author, work.now)


def _forget_photo(work: Work, photo: Photo, author: Person) -> None:
    work.posts.remove_photo(photo.guid)
    work.migrations.record_retraction("Photo", photo.guid, author, work.now)


def receive(work: Work, entity: Retraction, incoming: Incoming) -> None:
    """Delete what the sender may retract; done already if it was retracted before.

    Raises:
        Later: If there is no such thing here: the retraction may have overtaken it.
        Refused: If this type is not retracted, or not by this sender.
    """
    take_back = _TARGETS.get(entity.target_type)
    if take_back is None:
        raise Refused(f"a {entity.target_type[:40]!r} cannot be retracted")
    kind = "Post" if take_back is _take_back_post else entity.target_type
    if work.migrations.is_retracted(kind, entity.target_guid):
        return
    if not take_back(work, entity, incoming):
        raise Later(f"{entity.target_type} {entity.target_guid} is not known here (yet)")


def _take_back_post(work: Work, entity: Retraction, incoming: Incoming) -> bool:
    post = work.posts.by_guid(entity.target_guid)
    if post is None:
        return False
    _allow(incoming, entity, post.author)
    _forget_post(work, post)
    return True


def _take_back_photo(work: Work, entity: Retraction, incoming: Incoming) -> bool:
    found = work.posts.photo(entity.target_guid)
    if found is None:
        return False
    _allow(incoming, entity, found[1])
    _forget_photo(work, *found)
    return True


def _take_back_interaction(work: Work, entity: Retraction, incoming: Incoming) -> bool:
    found = work.interactions.find(_KINDS[entity.target_type], entity.target_guid)
    if found is None:
        return False
    root = found.root
    _allow(incoming, entity, *_entitled(found))
    account = account_here(work, root.author)
    if account is not None:
        _pass_on(work, found, account, incoming)
        return True
    if incoming.is_public and incoming.sender.id != root.author.id:
        # Meant for the root author's pod, which this one may have been.
        migrating.answer_for_moved_root(work, root, incoming)
    _forget_interaction(work, found)
    return True


def _pass_on(work: Work, target: Interaction, account: Account, incoming: Incoming) -> None:
    """Tell everybody in the root author's name; where only the author may, in the author's own."""
    sender = incoming.sender
    if target.entity != _ONLY_BY_AUTHOR:
        _retract_here(work, target, account, except_pods=(sender.pod_url,))
        return
    to = _readers(work, target)
    _forget_interaction(work, target)
    others = [one for one in to if not one.is_local and one.pod_url != sender.pod_url]
    if target.root.public:
        pods = {one.pod_url for one in others}
        work.outbox.envelope("retraction", incoming.envelope, sender, sorted(pods))
        return
    for person in others:
        work.outbox.forward("retraction", incoming.envelope, sender, person, is_private=True)


def _take_back_participation(work: Work, entity: Retraction, incoming: Incoming) -> bool:
    found = work.interactions.subscription(entity.target_guid)
    if found is None:
        return False
    author, post = found
    _allow(incoming, entity, author)
    work.interactions.leave(author, post)
    work.migrations.record_retraction("Participation", entity.target_guid, author, work.now)
    return True


def _take_back_poll(work: Work, entity: Retraction, incoming: Incoming) -> bool:
    post = work.posts.by_poll(entity.target_guid)
    if post is None:
        return False
    _allow(incoming, entity, post.author)
    work.posts.remove_poll(post)
    work.migrations.record_retraction("Poll", entity.target_guid, post.author, work.now)
    return True


def _take_back_conversation(work: Work, entity: Retraction, incoming: Incoming) -> bool:
    found = work.conversations.by_guid(entity.target_guid)
    if found is None:
        return False
    _allow(incoming, entity, found.author)
    work.conversations.remove(found)
    work.migrations.record_retraction("Conversation", found.guid, found.author, work.now)
    return True


def _stop_sharing(work: Work, entity: Retraction, incoming: Incoming) -> bool:
    """The deprecated way to stop sharing: a person retracts himself, privately."""
    if incoming.recipient is None or entity.target_guid != incoming.sender.guid:
        raise InvalidSender(f"{incoming.sender.diaspora_id} may retract only himself, privately")
    work.sharing.set_contact(incoming.recipient, incoming.sender, sharing=False)
    return True


def _allow(incoming: Incoming, entity: Retraction, *entitled: Person) -> None:
    if all(person.id != incoming.sender.id for person in entitled):
        raise InvalidSender(
            f"{incoming.sender.diaspora_id} may not retract "
            f"{entity.target_type} {entity.target_guid}"
        )


_TARGETS: Mapping[str, Callable[[Work, Retraction, Incoming], bool]] = {
    "Post": _take_back_post,
    "StatusMessage": _take_back_post,
    "Reshare": _take_back_post,
    "Photo": _take_back_photo,
    "Participation": _take_back_participation,
    "Poll": _take_back_poll,
    "Conversation": _take_back_conversation,
    "Person": _stop_sharing,
    **dict.fromkeys(_KINDS, _take_back_interaction),
}

RECEIVERS: Mapping[type[Entity], Receiver] = {Retraction: receive}
