"""Who shares with whom: starting and stopping, blocks, and what other pods say about it.

A contact has two directions. Ours, `receiving`, we decide and tell the other side with a Contact;
theirs, `sharing`, we only ever learn from their Contact. Both pods therefore hold mirror images.

Source: federation protocol sections 4.8 and 7.4.
"""

from collections.abc import Iterable, Mapping

from pod.domain import profiles
from pod.domain.entities import Contact, Entity
from pod.domain.errors import Invalid, InvalidSender, NotAllowed, NotFound, Refused
from pod.domain.incoming import Incoming, Receiver
from pod.domain.people import Account, Aspect, Person
from pod.domain.ports import Work

MAX_NAME = 255


def share(work: Work, account: Account, person: Person, aspects: Iterable[str]) -> None:
    """Share with a person who is in these aspects from now on.

    Raises:
        NotFound: If there is no such aspect, or the person's account is closed.
        Invalid: If no aspect is named.
        NotAllowed: If the person is the account's own, or blocked.
    """
    person = work.people.newest(person)
    _check_may_share(work, account, person)
    chosen = [need_aspect(work, account, name) for name in dict.fromkeys(aspects)]
    if not chosen:
        raise Invalid(f"sharing with {person.diaspora_id}: name at least one aspect")
    before = work.sharing.contact(account, person)
    contact = work.sharing.set_contact(account, person, receiving=True)
    if contact is not None:
        work.sharing.set_memberships(contact, chosen)
    if before is None or not before.receiving:
        tell(work, account, person, sharing=True)
        profiles.introduce(work, account, person)


def _check_may_share(work: Work, account: Account, person: Person) -> None:
    if person.id == account.person.id:
        raise NotAllowed(f"{person.diaspora_id} is the account's own person; share with others")
    if person.closed:
        raise NotFound(f"{person.diaspora_id} is closed; nobody is left to share with")
    if work.sharing.is_blocked(account, person):
        raise NotAllowed(f"{person.diaspora_id} is blocked; lift the block first")


def unshare(work: Work, account: Account, person: Person) -> None:
    """Stop sharing with a person; nothing happens if the account does not share."""
    person = work.people.newest(person)
    contact = work.sharing.contact(account, person)
    if contact is None or not contact.receiving:
        return
    work.sharing.set_memberships(contact, ())
    work.sharing.set_contact(account, person, receiving=False)
    tell(work, account, person, sharing=False)


def tell(work: Work, account: Account, person: Person, *, sharing: bool) -> None:
    """Let a person's home pod know whether the account shares with them."""
    entity = Contact(
        author=account.person.diaspora_id,
        recipient=person.diaspora_id,
        following=sharing,
        sharing=sharing,
    )
    work.outbox.private(entity, account, [person])
    for other in work.accounts.local([person]):
        _hear(work, other, account.person, sharing=sharing)


def _hear(work: Work, account: Account, person: Person, *, sharing: bool) -> None:
    """A person shares with the account from now on, or no longer."""
    before = work.sharing.contact(account, person)
    work.sharing.set_contact(account, person, sharing=sharing)
    started = sharing and (before is None or not before.sharing)
    if not started or work.sharing.is_blocked(account, person):
        return
    work.notifications.add(account, "started_sharing", person, work.now)
    _follow_back(work, account, person)


def _follow_back(work: Work, account: Account, person: Person) -> None:
    name = account.auto_follow_back_aspect
    contact = work.sharing.contact(account, person)
    if not account.auto_follow_back or name is None or (contact and contact.receiving):
        return
    # An aspect removed since it was chosen must not make us refuse the other's Contact.
    if work.sharing.aspect(account, name) is not None:
        share(work, account, person, [name])


def receive_contact(work: Work, entity: Contact, incoming: Incoming) -> None:
    """Note whether the sender shares with the account addressed.

    Only `sharing` counts, as in the deployed software; whoever blocks does not share.

    Raises:
        Refused: If it came publicly.
        InvalidSender: If it is meant for somebody else: private envelopes can be passed on.
    """
    account = incoming.recipient
    if account is None:
        raise Refused("contact: only accepted by the private route")
    # Passed on by an old home it names the old ID; nobody is looked up for a stranger's message.
    named = work.people.by_id(entity.recipient) or work.migrations.alias(entity.recipient)
    if named is None or work.people.newest(named).id != account.person.id:
        raise InvalidSender(f"contact for {entity.recipient} was sent to {account.username}")
    sender = work.people.newest(incoming.sender)
    if sender.id != account.person.id:
        _hear(work, account, sender, sharing=entity.sharing and not entity.blocking)


# --- aspects -------------------------------------------------------------------------------------


def need_aspect(work: Work, account: Account, name: str) -> Aspect:
    """The account's aspect of that name.

    Raises:
        NotFound: If there is none.
    """
    found = work.sharing.aspect(account, name)
    if found is None:
        raise NotFound(f"aspect {name[:MAX_NAME]!r}: {account.username} has none of that name")
    return found


def add_aspect(work: Work, account: Account, name: str) -> Aspect:
    """Make an aspect.

    Raises:
        Invalid: If the name is empty or too long.
        Conflict: If there is one of that name.
    """
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME:
        raise Invalid(f"aspect name: 1 to {MAX_NAME} characters are needed")
    return work.sharing.add_aspect(account, name)


def remove_aspect(work: Work, account: Account, name: str) -> None:
    """Remove an aspect; people who were in no other are no longer shared with.

    Raises:
        NotFound: If there is none of that name.
    """
    aspect = need_aspect(work, account, name)
    members = work.sharing.members([aspect])
    work.sharing.remove_aspect(aspect)
    for person in members:
        contact = work.sharing.contact(account, person)
        if contact is not None and not work.sharing.memberships(contact):
            unshare(work, account, person)


# --- blocks and tags -----------------------------------------------------------------------------


def block(work: Work, account: Account, person: Person) -> None:
    """Ignore a person. Nobody is told, but that the account no longer shares.

    Raises:
        NotAllowed: If the person is the account's own.
    """
    person = work.people.newest(person)
    if person.id == account.person.id:
        raise NotAllowed(f"{person.diaspora_id} is the account's own person; block others")
    unshare(work, account, person)
    work.sharing.block(account, person)


def unblock(work: Work, account: Account, person: Person) -> None:
    """Ignore a person no longer."""
    work.sharing.unblock(account, work.people.newest(person))


def normal_tag(text: str) -> str:
    """A tag without #, in lower case.

    Raises:
        Invalid: If it is empty, too long or has white space.
    """
    tag = text.strip().removeprefix("#").lower()
    if not 0 < len(tag) <= MAX_NAME or tag.split() != [tag]:
        raise Invalid(f"tag {text[:40]!r}: one word of 1 to {MAX_NAME} characters is needed")
    return tag


RECEIVERS: Mapping[type[Entity], Receiver] = {Contact: receive_contact}
