"""Pods that tell too much of people, or do not note that they are gone."""

from pod.domain import profiles
from pod.domain.entities import Profile
from pod.domain.people import Account, Person
from pod.domain.ports import Work
from tests.mutants.mutant import mutant

PRIVATE = "private_profiles_stay_private"
DELETED = "a_deleted_account"


@mutant(
    "pod.store.migrations:Migrations.record_deletion",
    on="pod2",
    caught="everyone_knows_of_the_deletion",
    naming=("person bob@pod3", "account_deletion"),
    by=DELETED,
)
def deletions_are_not_recorded(_original: object, *_args: object) -> None:
    """The deleted person is closed, but nothing says why."""


@mutant(
    "pod.domain.closing:_bury",
    on="pod2",
    caught="nobody_else_has_it",
    naming=("post", "presence"),
    by="a_deleted_account",
)
def deleted_accounts_leave_their_posts(_original: object, work: Work, person: Person) -> None:
    """What a deleted person has posted stays."""
    work.people.close(person)
    work.migrations.record_deletion(person, work.now)


@mutant(
    "pod.domain.profiles:publish",
    on="pod1",
    caught=PRIVATE,
    at="pod3",
    naming=("profile debora@pod1", ""),
    by="a_profile_tells_each_pod",
)
def the_whole_profile_goes_to_everybody(_original: object, work: Work, account: Account) -> None:
    """What only those may see whom the account shares with goes to everybody concerned."""
    profile = work.people.profile(account.person)
    work.outbox.private(profile, account, profiles.profile_recipients(work, account))


@mutant(
    "pod.domain.moving:_shown_profile",
    on="pod4",
    caught=PRIVATE,
    at="pod3",
    naming=("profile dora@pod4", ""),
    by="a_private_profile_stays_private",
)
def the_whole_profile_is_in_the_announcement(
    _original: object, work: Work, account: Account
) -> Profile:
    """The public message that tells of a move has the private fields of the profile, too."""
    return work.people.profile(account.person)
