"""Pods that do not tell of a move, do not believe it, or do not act on it."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import update

from pod.domain import sharing
from pod.domain.archive import Archive, ArchivedContact
from pod.domain.entities import Conversation, Entity
from pod.domain.incoming import Incoming
from pod.domain.people import Account, Person
from pod.domain.ports import Migration, Work
from pod.store.people import People
from pod.store.schema import people
from tests.mutants.mutant import mutant
from tests.mutants.mutants_of_repointing import MOVED

KNOWS = "everyone_knows_of_the_move"
CLOSED = "the_moved_are_closed"


@mutant(
    "pod.domain.migrating:_answer",
    on="pod1",
    caught=KNOWS,
    at="pod4",
    naming=("person carol@pod1", "account_migration"),
    by="pod4_was_never_told",
)
def old_home_does_not_answer_for_the_old_id(_original: object, *_args: object) -> None:
    """The old home drops what is meant for the old ID and tells nobody why."""


@mutant(
    "pod.domain.migrating:answer_for_moved_root",
    on="pod1",
    caught=KNOWS,
    at="pod4",
    naming=("person carol@pod1", "account_migration"),
    by="dave_comments_before_pod4_has_heard",
)
def old_home_answers_private_messages_only(_original: object, *_args: object) -> bool:
    """What comes publicly for the old ID is rejected and not answered."""
    return False


@mutant(
    "pod.domain.migrating:answer_for_closed",
    on="pod1",
    caught="nobody_else_has_it",
    naming=("conversation", "presence"),
    by="pod4_was_told_but_the_message_is_lost",
)
def old_home_keeps_what_it_answers(
    original: Callable[..., None], work: Work, entity: Entity, incoming: Incoming
) -> None:
    """The old home answers for the old ID, and stores the message all the same."""
    original(work, entity, incoming)
    if isinstance(entity, Conversation):
        named = (work.people.newest(work.people.need(name)) for name in entity.participants)
        work.conversations.add(entity, incoming.sender, tuple(named))


@mutant(
    "pod.domain.moving:announce",
    on="pod2",
    caught=KNOWS,
    at="pod3",
    naming=("person carol@pod1", "account_migration"),
    by=MOVED,
)
def only_the_old_home_is_told(
    _original: object, work: Work, _account: Account, migration: Migration, _archive: Archive
) -> None:
    """The new home tells the old one of the move, and nobody else."""
    pods = [migration.old.pod_url]
    work.outbox.envelope(migration.form, migration.envelope, migration.old, pods)


@mutant(
    "pod.store.migrations:Migrations.complete",
    on="pod3",
    caught=KNOWS,
    naming=("account_migration carol@pod1", "completed"),
    by=MOVED,
)
def moves_are_never_completed(_original: object, *_args: object) -> None:
    """The record of the move stays one of a move that is going on."""


@mutant(
    "pod.domain.moving:_tell_sharers",
    on="pod3",
    caught="contacts_mirror_each_other",
    naming=("contact bob@pod3→christy@pod2", "receiving"),
    by=MOVED,
)
def followers_do_not_say_so_again(_original: object, *_args: object) -> None:
    """Nobody tells the new home who shares with the person that moved there."""


@mutant(
    "pod.domain.moving:_sharers",
    on="pod3",
    caught="contacts_mirror_each_other",
    naming=("contact fay@pod3→christy@pod2", "receiving"),
    by=MOVED,
)
def only_mutual_followers_say_so_again(
    _original: object, work: Work, person: Person
) -> Iterable[int]:
    """Who shares without being shared with is not told to the new home."""
    contacts = work.sharing.contacts_about(person)
    return (contact.account_id for contact in contacts if contact.receiving and contact.sharing)


@mutant(
    "pod.domain.sharing:_hear",
    on="pod2",
    caught="contacts_mirror_each_other",
    naming=("contact christy@pod2→bob@pod3", "sharing"),
    by=MOVED,
)
def new_home_loses_who_shares(
    original: Callable[..., None], work: Work, account: Account, person: Person, **_flags: bool
) -> None:
    """What followers say again is not heard: the flag of the contact gets lost."""
    original(work, account, person, sharing=False)


@mutant(
    "pod.domain.importing:_take_contact",
    on="pod2",
    caught="contacts_mirror_each_other",
    naming=("contact christy@pod2→dave@pod4", "sharing"),
    by="whom_she_follows_is_not_believed",
)
def archives_tell_who_shares(
    original: Callable[..., None], work: Work, account: Account, archived: ArchivedContact
) -> None:
    """Whoever is in an archive as a contact is taken to share back."""
    original(work, account, archived)
    person = work.people.need(archived.person.diaspora_id)
    work.sharing.set_contact(account, person, sharing=True)


@mutant(
    "pod.domain.moving:_close_account",
    on="pod1",
    caught=CLOSED,
    naming=("account carol@pod1", "state"),
    by=MOVED,
)
def old_account_stays_open(_original: object, *_args: object) -> None:
    """One can go on logging in at the old home."""


@mutant(
    "pod.store.people:People.close",
    on="pod3",
    caught=CLOSED,
    naming=("person carol@pod1", "closed"),
    by=MOVED,
)
def old_person_stays_open(original: Callable[..., None], self: People, person: Person) -> None:
    """The old person is emptied but not closed."""
    original(self, person)
    statement = update(people).where(people.c.id == person.id).values(closed=False)
    self._connection.execute(statement)


@mutant(
    "pod.store.people:People._update_profile",
    on="pod3",
    caught=CLOSED,
    naming=("profile carol@pod1", "first_name"),
    by=MOVED,
)
def old_profile_is_not_emptied(
    original: Callable[..., None], self: People, person: Person, values: dict[str, Any]
) -> None:
    """The old person is closed but keeps the profile."""
    if values.get("first_name") is not None:
        original(self, person, values)


@mutant(
    "pod.jobs.crypto:WireCrypto.verify_rename",
    on="pod3",
    caught=KNOWS,
    naming=("account_migration mallory@pod3", "new_id"),
    by="nobody_becomes_somebody",
)
def consent_is_not_verified(_original: object, *_args: object) -> None:
    """A rename is believed although the new identity did not sign it."""


@mutant(
    "pod.domain.moving:apply",
    on="pod2",
    caught=KNOWS,
    naming=("person carol@pod1", "account_migration"),
    by="a_pod_without_imports",
)
def moves_are_ignored_where_nobody_can_move_to(_original: object, *_args: object) -> None:
    """A pod that takes in nobody does not follow moves to other pods either."""


@mutant(
    "pod.domain.exporting:_Exporter._mentioning",
    on="pod1",
    caught=KNOWS,
    at="pod4",
    naming=("person carol@pod1", "account_migration"),
    by="who_had_anything_to_do_with_her",
)
def who_mentions_the_owner_is_not_exported(_original: object, _self: object) -> None:
    """The archive does not say who mentions its owner, so nobody tells them."""


@mutant(
    "pod.domain.moving:_close_account",
    on="pod1",
    caught="contacts_mirror_each_other",
    at="pod3",
    naming=("contact bob@pod3", "sharing"),
    by="an_old_home_that_closes_the_account",
)
def old_home_stops_sharing(original: Callable[..., None], work: Work, old: Person) -> None:
    """As it closes the account, the old home tells all contacts that it shares no more."""
    account = work.accounts.by_person(old)
    if account is not None:
        for contact in work.sharing.contacts(account):
            sharing.tell(work, account, contact.person, sharing=False)
    original(work, old)
