"""What a person types into the search: an ID, the address of a post, or a `diaspora://` link.

Source: federation protocol sections 1.5 and 2.4.
"""

import re
from dataclasses import dataclass

from pod.domain.errors import Invalid, Later, NotFound
from pod.domain.identity import DiasporaId, Guid, InvalidIdentity, parse_user_input
from pod.domain.people import Account, Person
from pod.domain.text import entity_links
from pod.jobs import discover, fetch
from pod.jobs.context import Context

_ADDRESS = re.compile(r"https://([^/@?#\s]+)/(?:posts|p)/([^/?#\s]+)/?")
_POSTS = ("post", "status_message", "reshare")


@dataclass(frozen=True, slots=True)
class FoundPost:
    """A post that this pod has, and that the account may see."""

    guid: Guid


def search(context: Context, account: Account, text: str) -> Person | FoundPost:
    """Find what is meant; asks other pods.

    Raises:
        Invalid: If nothing is searched for.
        NotFound: If there is no such person or post, or it is nothing that can be found.
        Later: If the pod that knows cannot be asked now.
    """
    text = text.strip()
    if not text:
        raise Invalid("search: say for what (?q=)")
    if "://" in text:
        return _post(context, account, *_what(text))
    try:
        return _person(context, parse_user_input(text))
    except InvalidIdentity as error:
        raise NotFound(f"search: {error}") from None


def _person(context: Context, diaspora_id: DiasporaId) -> Person:
    """Ask the home pod even about people known before: they may have moved meanwhile."""
    try:
        person = discover.refresh(context, diaspora_id)
    except Later:
        with context.work() as work:
            known = work.people.by_id(diaspora_id)
        if known is None or known.stub:
            raise
        person = known
    if person.closed:
        raise NotFound(f"{diaspora_id} has no account any more")
    return person


def _what(text: str) -> tuple[str, Guid, DiasporaId]:
    """The type and GUID of an entity, and somebody at whose pod to ask for it."""
    links = entity_links(text)
    if links:
        author, kind, guid = links[0]
        return kind, guid, author
    address = _ADDRESS.fullmatch(text)
    try:
        if address is not None:
            # The address names the pod but not the author; only the host matters for asking.
            return "post", Guid(address[2]), DiasporaId(f"anybody@{address[1].lower()}")
    except InvalidIdentity:
        pass
    raise NotFound(f"search: {text[:200]!r} is no diaspora ID, post address or diaspora:// link")


def _post(
    context: Context, account: Account, kind: str, guid: Guid, at: DiasporaId
) -> Person | FoundPost:
    if kind not in _POSTS:
        raise NotFound(f"search: {kind} {guid} is nothing that can be shown by itself")
    if not _is_visible(context, account, guid):
        if at.host == context.settings.host:
            raise NotFound(f"post {guid} is not on this pod, or not for {account.username}")
        fetch.fetch(context, kind, guid, at)
    if not _is_visible(context, account, guid):
        raise NotFound(f"post {guid} is not for {account.username}")
    return FoundPost(guid)


def _is_visible(context: Context, account: Account, guid: Guid) -> bool:
    with context.work() as work:
        post = work.posts.by_guid(guid)
        return post is not None and not post.stub and work.posts.is_visible(post, account)
