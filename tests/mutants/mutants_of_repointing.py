"""Pods that forget something when everything that named the old person has to name the new one."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Connection, update

from pod.domain.people import Person
from pod.store.migrations import Migrations
from pod.store.schema import relayable_signatures
from tests.mutants.mutant import mutant

REDIRECT = "pod.store.repointing:redirect"
MOVED = "all_that_carol_made"

Redirect = Callable[[Connection, Column[Any], int, int], None]


def _skip(
    place: tuple[str, str], original: Redirect, column: Column[Any], values: tuple[Any, ...]
) -> None:
    connection, old, new = values
    if (column.table.name, column.name) != place:
        original(connection, column, old, new)


@mutant(
    REDIRECT,
    on="pod3",
    caught="nothing_names_the_moved",
    naming=("mention", "mentioned person"),
    by=MOVED,
)
def mentions_are_not_repointed(
    original: Redirect, connection: Connection, column: Column[Any], old: int, new: int
) -> None:
    """Who is mentioned stays the old person."""
    _skip(("mentions", "person_id"), original, column, (connection, old, new))


@mutant(
    REDIRECT,
    on="pod3",
    caught="nothing_is_left_of_the_old_identity",
    naming=("notifications row", "actor_id"),
    by=MOVED,
)
def notifications_are_not_repointed(
    original: Redirect, connection: Connection, column: Column[Any], old: int, new: int
) -> None:
    """Notifications lead to the old person."""
    _skip(("notifications", "actor_id"), original, column, (connection, old, new))


@mutant(
    REDIRECT,
    on="pod3",
    caught="nothing_names_the_moved",
    naming=("conversation", "participants"),
    by=MOVED,
)
def participants_are_not_repointed(
    original: Redirect, connection: Connection, column: Column[Any], old: int, new: int
) -> None:
    """The old person stays in the conversations."""
    place = ("conversation_participants", "person_id")
    _skip(place, original, column, (connection, old, new))


@mutant(
    REDIRECT,
    on="pod3",
    caught="the_author_is_who_made_it",
    naming=("comment", "author"),
    by=MOVED,
)
def comments_keep_their_author(
    original: Redirect, connection: Connection, column: Column[Any], old: int, new: int
) -> None:
    """Comments stay with the old person."""
    _skip(("comments", "author_id"), original, column, (connection, old, new))


@mutant(
    REDIRECT,
    on="pod3",
    caught="nothing_names_the_moved",
    naming=("post", "root_author"),
    by=MOVED,
)
def reshares_keep_their_root_author(
    original: Redirect, connection: Connection, column: Column[Any], old: int, new: int
) -> None:
    """Reshares say that what they share is by the old person."""
    _skip(("posts", "root_author_id"), original, column, (connection, old, new))


@mutant(
    REDIRECT,
    on="pod1",
    caught="nothing_is_left_of_the_old_identity",
    naming=("blocks row", "person_id"),
    by="a_block_stays_a_block",
)
def blocks_are_not_repointed(
    original: Redirect, connection: Connection, column: Column[Any], old: int, new: int
) -> None:
    """Whoever ignored the old person hears the new one."""
    _skip(("blocks", "person_id"), original, column, (connection, old, new))


@mutant(
    "pod.store.migrations:Migrations.repoint",
    on="pod3",
    caught="signatures_verify",
    naming=("signature", "author_signature"),
    by=MOVED,
)
def signatures_are_repointed_too(
    original: Callable[..., None], self: Migrations, old: Person, new: Person
) -> None:
    """What was signed with the old key is said to be signed by the new person."""
    original(self, old, new)
    signatures = update(relayable_signatures)
    signatures = signatures.where(relayable_signatures.c.signer_id == old.id)
    self._connection.execute(signatures.values(signer_id=new.id))


@mutant(
    "pod.store.migrations:Migrations.repoint",
    on="pod3",
    caught="same_content_everywhere",
    naming=("photo", "remote_photo_path"),
    by=MOVED,
)
def photos_are_looked_for_at_the_new_home(
    original: Callable[..., None], self: Migrations, old: Person, new: Person
) -> None:
    """The files of old photos are said to be where nobody has put them."""
    original(self, old, new)
    self.move_photos(new, f"{new.pod_url}uploads/images/")
