"""Pods that lose a part of what only an archive can bring them."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from pod.domain.content import Post
from pod.domain.entities import Reshare, StatusMessage
from pod.domain.errors import Refused
from pod.domain.people import Account, Person
from pod.domain.ports import Work
from tests.mutants.mutant import mutant

CONTENT = "pod.domain.importing_content"
NOTHING_KNOWN = "a_pod_that_knew_nothing"


@mutant(
    f"{CONTENT}:_add_message",
    on="pod4",
    caught="parts_come_with_the_whole",
    at="pod4",
    naming=("location", "presence"),
    by=NOTHING_KNOWN,
)
def places_stay_behind(
    original: Callable[..., Post], work: Work, account: Account, entity: StatusMessage
) -> Post:
    """A post that comes with an archive has no place any more."""
    return original(work, account, replace(entity, location=None))


@mutant(
    f"{CONTENT}:_add_message",
    on="pod4",
    caught="everyone_entitled_has_it",
    at="pod4",
    naming=("photo", "presence"),
    by=NOTHING_KNOWN,
)
def pictures_of_posts_stay_behind(
    original: Callable[..., Post], work: Work, account: Account, entity: StatusMessage
) -> Post:
    """A post that comes with an archive has no pictures any more."""
    return original(work, account, replace(entity, photos=()))


@mutant(
    f"{CONTENT}:_add_reshare",
    on="pod4",
    caught="everyone_entitled_has_it",
    at="pod4",
    naming=("post", "presence"),
    by=NOTHING_KNOWN,
)
def reshares_stay_behind(
    _original: Callable[..., Post], _work: Work, _account: Account, _entity: Reshare
) -> Post:
    """Reshares of an archive are refused."""
    raise Refused("no reshares here")


@mutant(
    f"{CONTENT}:people_mentioned",
    on="pod4",
    caught="mentions_follow_the_text",
    at="pod4",
    naming=("post", "mentions"),
    by=NOTHING_KNOWN,
)
def mentions_stay_behind(
    _original: Callable[..., Iterable[Person]], _work: Work, _text: str
) -> Iterable[Person]:
    """Nobody is mentioned in the posts of an archive."""
    return ()
