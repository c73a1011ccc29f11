"""Pods that leave something out of an archive, or do not merge it as it was."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from pod.domain.content import Post
from pod.domain.entities import Comment, Like, Relayable, StatusMessage
from pod.domain.errors import NotFound
from pod.domain.identity import DiasporaId
from pod.domain.people import Account
from pod.domain.ports import Work
from pod.store.migrations import Migrations
from tests.mutants.mutant import mutant
from tests.mutants.mutants_of_repointing import MOVED

CONTENT = "pod.domain.importing_content"
UNSEEN = "what_the_new_home_has_never_seen"


@mutant(
    f"{CONTENT}:_address",
    on="pod2",
    caught="everyone_entitled_has_it",
    at="pod1",
    naming=("comment", "presence"),
    by="old_limited_discussions",
)
def audiences_are_not_merged(_original: object, *_args: object) -> None:
    """The new home forgets whom limited posts were for, and relays what is said to nobody."""


@mutant(
    f"{CONTENT}:_take_others",
    on="pod2",
    caught="signatures_verify",
    naming=("signature", "author_signature"),
    by=MOVED,
)
def comments_of_others_are_signed_anew(
    original: Callable[..., None], work: Work, account: Account, entity: Relayable
) -> None:
    """What others have signed is signed with the key of the account that moved."""
    original(work, account, entity)
    signer = work.people.need(entity.author)
    work.interactions.sign(work.crypto.sign_relayable(entity, account.private_key), signer)


@mutant(
    "pod.store.interactions:Interactions.sign",
    on="pod2",
    caught="signatures_verify",
    naming=("comment", "signature"),
    by=MOVED,
)
def signatures_of_what_was_known_are_not_kept(_original: object, *_args: object) -> None:
    """Now that the new home relays a discussion it has no signatures of what it knew before."""


@mutant(
    f"{CONTENT}:_take_own",
    on="pod2",
    caught="same_content_everywhere",
    naming=("comment", "created_at"),
    by=UNSEEN,
)
def own_comments_lose_their_time(
    original: Callable[..., None],
    work: Work,
    account: Account,
    owner: DiasporaId,
    entity: Relayable,
) -> None:
    """A comment that comes with the archive is as old as the import."""
    if isinstance(entity, Comment):
        entity = replace(entity, created_at=work.now)
    original(work, account, owner, entity)


@mutant(
    f"{CONTENT}:take_conversations",
    on="pod2",
    caught="everyone_entitled_has_it",
    naming=("conversation", "presence"),
    by=MOVED,
)
def conversations_are_not_merged(_original: object, *_args: object) -> None:
    """Private conversations stay behind."""


@mutant(
    "pod.domain.exporting:_Exporter._own_relayables",
    on="pod1",
    caught="everyone_entitled_has_it",
    at="pod2",
    naming=("like", "presence"),
    by=UNSEEN,
)
def own_likes_of_comments_are_not_exported(
    original: Callable[..., Iterator[Relayable]], self: object
) -> Iterator[Relayable]:
    """The archive lacks which comments its owner likes."""
    return (each for each in original(self) if not _is_of_comment(each))


@mutant(
    "pod.domain.exporting:_Exporter._others_relayables",
    on="pod1",
    caught="everyone_entitled_has_it",
    at="pod2",
    naming=("like", "presence"),
    by=UNSEEN,
)
def likes_of_comments_are_not_exported(
    original: Callable[..., Iterator[Relayable]], self: object
) -> Iterator[Relayable]:
    """The archive lacks which comments under its owner's posts others like."""
    return (each for each in original(self) if not _is_of_comment(each))


def _is_of_comment(entity: Relayable) -> bool:
    return isinstance(entity, Like) and entity.parent_type == "Comment"


@mutant(
    f"{CONTENT}:_root",
    on="pod2",
    caught="private_items_stay_private",
    naming=("comment", "comments.text"),
    by=MOVED,
)
def comments_come_without_their_post(
    original: Callable[..., Post], work: Work, entity: Relayable
) -> Post:
    """A comment under a limited post that is not for the new home is kept there all the same."""
    try:
        return original(work, entity)
    except NotFound:
        debora = work.people.need(DiasporaId("debora@pod1.test"))
        return work.posts.add_stub(entity.parent_guid, debora)


@mutant(
    f"{CONTENT}:_add_message",
    on="pod2",
    caught="parts_come_with_the_whole",
    naming=("poll", "presence"),
    by=MOVED,
)
def polls_are_not_merged(
    original: Callable[..., Post], work: Work, account: Account, entity: StatusMessage
) -> Post:
    """Posts come without their polls."""
    return original(work, account, replace(entity, poll=None))


@mutant(
    f"{CONTENT}:_add_message",
    on="pod2",
    caught="same_content_everywhere",
    naming=("poll_answer", "position"),
    by=MOVED,
)
def answers_of_polls_are_turned_round(
    original: Callable[..., Post], work: Work, account: Account, entity: StatusMessage
) -> Post:
    """The first answer of a poll is the last at the new home."""
    if entity.poll is not None:
        answers = tuple(reversed(entity.poll.poll_answers))
        entity = replace(entity, poll=replace(entity.poll, poll_answers=answers))
    return original(work, account, entity)


@mutant(
    "pod.store.migrations:Migrations.is_retracted",
    on="pod2",
    caught="nobody_else_has_it",
    naming=("comment", "presence"),
    by="an_old_archive",
)
def retracted_comments_come_back(_original: object, _self: Migrations, *_what: str) -> bool:
    """What was retracted since the export comes back with the archive."""
    return False
