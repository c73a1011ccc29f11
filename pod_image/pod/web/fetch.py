"""Public posts and comments for other pods, signed by their authors.

Source: federation protocol sections 6.1, 6.2 and 8.6.
"""

from __future__ import annotations

from pod.domain.attribution import account_here
from pod.domain.content import Interaction, Post
from pod.domain.entities import Entity
from pod.domain.errors import NotFound
from pod.jobs.context import Context
from pod.jobs.fetch import POST_TYPES
from pod.store.unit_of_work import UnitOfWork
from pod.web import migrations
from pod.web.http import Request, Response, Route, redirect
from pod.wire.magic_envelope import CONTENT_TYPE


def fetch(context: Context, request: Request) -> Response:
    """Serve an entity of a local author; point to the owner's pod for one of a remote author."""
    type_, guid = request.params["type"], request.params["guid"]
    if type_ == "account_rename" and type_ in context.settings.knows_forms:
        return migrations.fetch_rename(context, guid)
    with context.work() as work:
        found = _find(work, type_, guid)
        if found is None:
            raise NotFound(f"there is no public {type_} {guid} here")
        account = account_here(work, found.author)
        if account is not None:
            payload = work.services.encode(_entity(work, found))
            envelope = work.services.seal(payload, account)
            return Response(200, envelope, (("Content-Type", CONTENT_TYPE),))
    if found.author.is_local:
        raise NotFound(f"the author of {type_} {guid} has closed the account")
    return redirect(f"{found.author.pod_url}fetch/{type_}/{guid}")


def _find(work: UnitOfWork, type_: str, guid: str) -> Post | Interaction | None:
    if type_ == "comment":
        comment = work.interactions.find("comment", guid)
        return comment if comment is not None and comment.root.public else None
    post = None
    if type_ in POST_TYPES:
        post = work.posts.by_guid(guid)
    elif type_ == "poll":
        post = work.posts.by_poll(guid)
    elif type_ == "event":
        post = work.posts.by_event(guid)
    return post if post is not None and post.public else None


def _entity(work: UnitOfWork, found: Post | Interaction) -> Entity:
    if isinstance(found, Post):
        return work.posts.entity(found)
    # As it was signed, if it was: a signature does not follow its author to a new ID.
    signed = work.interactions.signed(found.entity, found.guid)
    return work.interactions.entity(found) if signed is None else signed[0]


ROUTES: tuple[Route, ...] = (Route("GET", "/fetch/{type}/{guid}", fetch),)
