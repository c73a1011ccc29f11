"""Pods that send to too many or too few, or do not keep what they got as it was."""

from collections.abc import Callable
from dataclasses import replace

from pod.domain.content import Interaction, Post
from pod.domain.entities import Comment, Entity
from pod.domain.people import Account, Person
from pod.domain.ports import Work
from pod.store.interactions import Interactions
from tests.mutants.mutant import mutant

TAKEN_BACK = "what_is_taken_back"


@mutant(
    "pod.domain.audience:subscribers",
    on=("pod1", "pod2"),
    caught="nobody_else_has_it",
    at="pod4",
    naming=("post", "presence"),
    by="pod4_refuses_the_message_and_is_answered",
)
def limited_posts_reach_followers(
    original: Callable[..., tuple[Person, ...]], work: Work, post: Post
) -> tuple[Person, ...]:
    """A limited post goes to everybody who follows its author."""
    account = work.accounts.by_person(post.author)
    followers = work.sharing.contacts(account) if account is not None else ()
    return (*original(work, post), *(contact.person for contact in followers))


@mutant(
    "pod.domain.relaying:pass_on",
    on="pod2",
    caught="everyone_entitled_has_it",
    at="pod3",
    naming=("comment", "presence"),
    by="old_public_discussions",
)
def comments_are_not_relayed(_original: object, *_args: object, **_named: object) -> None:
    """The pod of a post's author keeps comments to itself."""


@mutant(
    "pod.domain.received_posts:mention_in_post",
    on="pod2",
    caught="mentions_follow_the_text",
    naming=("post", "mentions"),
    by="conversations_polls_and_mentions",
)
def mentions_in_received_posts_are_overlooked(_original: object, *_args: object) -> None:
    """Only mentions in own posts are stored."""


@mutant(
    "pod.store.interactions:Interactions.add",
    on="pod3",
    caught="same_content_everywhere",
    naming=("comment", "text"),
    by="old_public_discussions",
)
def comments_are_tidied_up(
    original: Callable[..., None], self: Interactions, entity: Entity, author: Person, root: Post
) -> None:
    """Question marks at the end of comments are left out."""
    if isinstance(entity, Comment):
        entity = replace(entity, text=entity.text.rstrip("?"))
    original(self, entity, author, root)


@mutant(
    "pod.domain.retracting:_retract_here",
    on="pod1",
    caught="nobody_else_has_it",
    at="pod2",
    naming=("comment", "presence"),
    by=TAKEN_BACK,
)
def retractions_are_not_relayed(
    _original: object, work: Work, interaction: Interaction, _account: Account, **_named: object
) -> None:
    """A comment that was taken back goes from the pod of the post's author, and from no other."""
    work.interactions.remove(interaction)


@mutant(
    "pod.store.interactions:Interactions._remove_signature",
    on="pod2",
    caught="no_reference_dangles",
    naming=("signature", "key"),
    by=TAKEN_BACK,
)
def signatures_outlive_what_they_sign(_original: object, *_args: object) -> None:
    """The signature of a comment stays when the comment is retracted."""
