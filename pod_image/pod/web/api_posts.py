"""Posts, photos, reshares and the stream of the person who asks."""

from __future__ import annotations

from pod.domain import posting, retracting
from pod.domain.audience import visible_post
from pod.domain.content import Post
from pod.domain.errors import NotFound
from pod.domain.identity import Guid
from pod.jobs import introductions, resolve
from pod.jobs.context import Context
from pod.store.unit_of_work import UnitOfWork
from pod.web.auth import account_of, act_of
from pod.web.http import Request, Response, Route, json_response
from pod.web.images import read_format
from pod.web.post_requests import read_draft
from pod.web.post_views import view_photo, view_post
from pod.wire.elements import clean

NO_CONTENT = Response(204)

# diaspora* asks for smaller images under these names; here there is one size.
_SIZES = ("thumb_large_", "thumb_medium_", "thumb_small_", "scaled_full_")


def upload_photo(context: Context, request: Request) -> Response:
    """Store an image; a post may show it later."""
    account = account_of(context, request)
    form = read_format(request.body)
    image = posting.Upload(
        media_type=form.media_type,
        extension=form.extension,
        content=request.body,
        width=form.width,
        height=form.height,
        text=clean(request.query.get("text", "")) or None,
    )
    with context.work(act_of(context, request)) as work:
        photo = posting.upload(work, work.need_account(account), image)
    view = view_photo(photo)
    return json_response({"guid": view["guid"], "url": view["url"]}, 201)


def delete_photo(context: Context, request: Request) -> Response:
    """Delete one's own photo, everywhere."""
    account = account_of(context, request)
    with context.work(act_of(context, request)) as work:
        guid = Guid(request.params["guid"])
        retracting.retract_photo(work, work.need_account(account), guid)
    return NO_CONTENT


def serve_image(context: Context, request: Request) -> Response:
    """The file of a photo of this pod."""
    name = request.params["name"]
    for size in _SIZES:
        name = name.removeprefix(size)
    with context.work() as work:
        found = work.posts.file(name)
    if found is None:
        raise NotFound(f"there is no image {name}")
    media_type, content = found
    safe = ("X-Content-Type-Options", "nosniff")
    return Response(200, content, (("Content-Type", media_type), safe))


def create_post(context: Context, request: Request) -> Response:
    """Post a status message."""
    account = account_of(context, request)
    draft = read_draft(request.json())
    introductions.meet(context, draft.text)

    def act(work: UnitOfWork) -> Post:
        return posting.post(work, work.need_account(account), draft)

    made = resolve.attempt(context, act, act_of(context, request))
    return json_response({"guid": made.guid}, 201)


def show_post(context: Context, request: Request) -> Response:
    """A post with everything on it."""
    account = account_of(context, request)
    with context.work() as work:
        post = visible_post(work, account, request.params["guid"])
        return json_response(view_post(work, account, post))


def delete_post(context: Context, request: Request) -> Response:
    """Delete one's own post, everywhere."""
    account = account_of(context, request)
    with context.work(act_of(context, request)) as work:
        post = visible_post(work, account, request.params["guid"])
        retracting.retract_post(work, work.need_account(account), post)
    return NO_CONTENT


def create_reshare(context: Context, request: Request) -> Response:
    """Reshare a public post."""
    account = account_of(context, request)
    with context.work(act_of(context, request)) as work:
        root = visible_post(work, account, request.params["guid"])
        made = posting.reshare(work, work.need_account(account), root)
    return json_response({"guid": made.guid}, 201)


def show_stream(context: Context, request: Request) -> Response:
    """What the person may see, newest first."""
    account = account_of(context, request)
    with context.work() as work:
        posts = work.posts.stream(account)
        return json_response([view_post(work, account, post) for post in posts])


ROUTES: tuple[Route, ...] = (
    Route("POST", "/api/photos", upload_photo),
    Route("DELETE", "/api/photos/{guid}", delete_photo),
    Route("GET", "/uploads/images/{name}", serve_image),
    Route("POST", "/api/posts", create_post),
    Route("GET", "/api/posts/{guid}", show_post),
    Route("DELETE", "/api/posts/{guid}", delete_post),
    Route("POST", "/api/posts/{guid}/reshares", create_reshare),
    Route("GET", "/api/stream", show_stream),
)
