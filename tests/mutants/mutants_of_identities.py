"""Pods at which somebody who moved there is not quite the same as before."""

from collections.abc import Callable
from dataclasses import replace

from pod.domain import profiles
from pod.domain.archive import Archive
from pod.domain.entities import Profile
from pod.domain.people import Account, Person
from pod.domain.ports import Work
from tests.mutants.mutant import mutant
from tests.mutants.mutants_of_repointing import MOVED

SAME = "people_are_who_they_were"

TakeSettings = Callable[..., None]


@mutant(
    "pod.domain.importing:_take_profile",
    on="pod2",
    caught=SAME,
    naming=("profile christy@pod2", "image_url"),
    by=MOVED,
)
def pictures_get_lost(
    original: Callable[..., Profile], work: Work, account: Account, archive: Archive, owner: Person
) -> Profile:
    """Who has moved has no picture any more, and everybody is told so."""
    bare = replace(archive.profile, image_url=None, image_url_medium=None, image_url_small=None)
    return original(work, account, replace(archive, profile=bare), owner)


@mutant(
    "pod.domain.importing:_take_profile",
    on="pod2",
    caught=SAME,
    naming=("profile christy@pod2", "bio"),
    by=MOVED,
)
def only_the_public_profile_is_merged(
    original: Callable[..., Profile], work: Work, account: Account, archive: Archive, owner: Person
) -> Profile:
    """What only friends may see of a profile stays behind."""
    bare = profiles.without_extended(archive.profile)
    return original(work, account, replace(archive, profile=bare), owner)


@mutant(
    "pod.domain.importing:_take_settings",
    on="pod2",
    caught=SAME,
    naming=("tag of christy@pod2", "gardening"),
    by=MOVED,
)
def followed_tags_are_not_merged(
    original: TakeSettings, work: Work, account: Account, archive: Archive, report: object
) -> None:
    """The new account follows no tags."""
    original(work, account, replace(archive, followed_tags=()), report)


@mutant(
    "pod.domain.importing:_take_people",
    on="pod2",
    caught=SAME,
    naming=("block of christy@pod2", "mallory@pod3"),
    by=MOVED,
)
def blocks_are_not_merged(
    original: TakeSettings, work: Work, account: Account, archive: Archive, report: object
) -> None:
    """Whoever was ignored is heard again."""
    original(work, account, replace(archive, blocks=()), report)
