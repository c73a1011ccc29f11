"""The end of an account: what goes, what stays under nobody's name.

Posts, photos, participations and mentions go. Comments, likes and messages stay, as they belong to
talks of others, by a person whose profile is empty.

Source: federation protocol sections 4.12 and 7.4.
"""

from collections.abc import Mapping

from pod.domain import profiles
from pod.domain.entities import AccountDeletion, Entity
from pod.domain.errors import NotAllowed, Refused
from pod.domain.incoming import Incoming, Receiver
from pod.domain.people import Account, Person
from pod.domain.ports import Work


def delete_account(work: Work, account: Account) -> None:
    """Close the account for good and tell everybody who has to do with it.

    Raises:
        NotAllowed: If it is not open: closed already, or an import is running.
    """
    if account.state != "open":
        raise NotAllowed(f"account {account.username} is {account.state}, it cannot be deleted now")
    entity = AccountDeletion(author=account.person.diaspora_id)
    work.outbox.public(entity, account, profiles.profile_recipients(work, account))
    _bury(work, account.person)
    work.accounts.clear(account)
    work.accounts.set_state(account, "closed")


def receive_deletion(work: Work, entity: AccountDeletion, incoming: Incoming) -> None:
    """Close the sender.

    Raises:
        Refused: If the person lives here: their account is deleted by themselves, not by a message.
    """
    person = incoming.sender
    if person.is_local:
        raise Refused(f"account_deletion of {entity.author}: that account is on this pod")
    if not work.migrations.is_deleted(person):
        _bury(work, person)


def _bury(work: Work, person: Person) -> None:
    for post in work.posts.by_author(person):
        work.posts.remove(post)
    for photo in work.posts.photos_of(person):
        work.posts.remove_photo(photo.guid)
    for _, post in work.interactions.participated(person):
        work.interactions.leave(person, post)
    _forget_contacts(work, person)
    work.people.unmention(person)
    work.people.close(person)
    work.migrations.record_deletion(person, work.now)


def _forget_contacts(work: Work, person: Person) -> None:
    for contact in work.sharing.contacts_about(person):
        account = work.accounts.get(contact.account_id)
        work.sharing.set_contact(account, person, sharing=False, receiving=False)


RECEIVERS: Mapping[type[Entity], Receiver] = {AccountDeletion: receive_deletion}
