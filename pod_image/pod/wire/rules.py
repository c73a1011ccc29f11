"""What must hold between the properties of one entity.

Only what the entity itself shows: who may send it, and whether what it refers to exists, is for
`pod.domain.receive`.

Source: federation protocol sections 3.4, 4 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable

from pod.domain.entities import (
    AccountMigration,
    AccountRename,
    Contact,
    Conversation,
    Embed,
    Event,
    Message,
    Person,
    Photo,
    Poll,
    Profile,
    Reshare,
    StatusMessage,
)
from pod.domain.identity import DiasporaId
from pod.wire.errors import InvalidEntity
from pod.wire.keys import load_public

MAX_PROFILE_TAGS = 5


def _same_author(author: DiasporaId, nested: Iterable[Photo | Message | Event | None]) -> None:
    """Nobody may bring along what somebody else is said to have written."""
    for entity in nested:
        if entity is not None and entity.author != author:
            raise InvalidEntity(f"a nested {type(entity).__name__} has another author")


def status_message(entity: StatusMessage) -> None:
    """Photos and event belong to the author of the post."""
    _same_author(entity.author, (*entity.photos, entity.event))


def poll(entity: Poll) -> None:
    """There is something to choose from."""
    if len(entity.poll_answers) < 2:
        raise InvalidEntity("poll_answers: at least two are needed")


def embed(entity: Embed) -> None:
    """Either a link or nothing, not both."""
    if (entity.url is not None) == entity.nothing:
        raise InvalidEntity("either url is given or nothing is true")


def reshare(entity: Reshare) -> None:
    """The root is named whole, or not at all if it was deleted."""
    if (entity.root_author is None) != (entity.root_guid is None):
        raise InvalidEntity("root_author and root_guid: both or none")


def contact(entity: Contact) -> None:
    """Nobody shares with someone they block."""
    if entity.blocking and (entity.following or entity.sharing):
        raise InvalidEntity("blocking excludes following and sharing")


def profile(entity: Profile) -> None:
    """A profile has few tags."""
    if (entity.tag_string or "").count("#") > MAX_PROFILE_TAGS:
        raise InvalidEntity(f"tag_string: more than {MAX_PROFILE_TAGS} tags")


def conversation(entity: Conversation) -> None:
    """The author takes part, and wrote the messages that come along."""
    if entity.author not in entity.participants:
        raise InvalidEntity("participants: the author is not among them")
    _same_author(entity.author, entity.messages)


def account_migration(entity: AccountMigration) -> None:
    """There are two identities, and it is said which is the old one."""
    if entity.is_variant_b and entity.old_identity is None:
        raise InvalidEntity("old_identity: needed if the new identity is the author")
    if entity.old_id == entity.new_id:
        raise InvalidEntity("the old and the new identity are the same")


def person(entity: Person) -> None:
    """The profile is the person's own, and the key is one.

    Raises:
        InvalidKey: If the key is not one that we accept.
    """
    if entity.profile.author != entity.author:
        raise InvalidEntity("profile: has another author")
    load_public(entity.exported_key)


def account_rename(entity: AccountRename) -> None:
    """There are two identities."""
    if entity.old_id == entity.new_id:
        raise InvalidEntity("the old and the new identity are the same")
