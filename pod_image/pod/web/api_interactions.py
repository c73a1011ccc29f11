"""What a person does about a post: comment, like, vote, follow it, and take that back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pod.domain import interacting, retracting
from pod.domain.audience import visible_post
from pod.domain.content import Interaction
from pod.domain.entities import Comment, EventParticipation, Like, PollParticipation, Relayable
from pod.domain.errors import NotFound
from pod.domain.identity import Guid
from pod.domain.people import Account
from pod.jobs import introductions, resolve
from pod.jobs.context import Context
from pod.store.unit_of_work import UnitOfWork
from pod.web.auth import account_of, act_of
from pod.web.http import Request, Response, Route, json_response
from pod.web.post_requests import read_text

NO_CONTENT = Response(204)

Result = TypeVar("Result")
Verb = Callable[[UnitOfWork, Account, str], Result]
"""What an account does to the thing of a GUID."""


def _act(context: Context, request: Request, verb: Verb[Result]) -> Result:
    """Let the person who asks do something to what the path names."""
    account = account_of(context, request)
    guid = request.params["guid"]

    def act(work: UnitOfWork) -> Result:
        return verb(work, work.need_account(account), guid)

    return resolve.attempt(context, act, act_of(context, request))


def _made(entity: Relayable) -> Response:
    return json_response({"guid": entity.guid}, 201)


def create_comment(context: Context, request: Request) -> Response:
    """Comment on a post."""
    text = read_text(request.json(), "text")
    account_of(context, request)  # nobody is looked up for strangers
    introductions.meet(context, text)

    def comment(work: UnitOfWork, account: Account, guid: str) -> Comment:
        return interacting.comment(work, account, visible_post(work, account, guid), text)

    return _made(_act(context, request, comment))


def delete_comment(context: Context, request: Request) -> Response:
    """Delete one's own comment, or one on one's own post."""

    def delete(work: UnitOfWork, account: Account, guid: str) -> None:
        retracting.retract_interaction(work, account, _comment(work, account, guid))

    _act(context, request, delete)
    return NO_CONTENT


def _comment(work: UnitOfWork, account: Account, guid: str) -> Interaction:
    found = work.interactions.find("comment", guid)
    if found is None or not work.posts.is_visible(found.root, account):
        raise NotFound(f"there is no comment {guid} for you here")
    return found


def like_post(context: Context, request: Request) -> Response:
    """Like a post."""

    def like(work: UnitOfWork, account: Account, guid: str) -> Like:
        return interacting.like(work, account, visible_post(work, account, guid))

    return _made(_act(context, request, like))


def like_comment(context: Context, request: Request) -> Response:
    """Like a comment."""

    def like(work: UnitOfWork, account: Account, guid: str) -> Like:
        comment = _comment(work, account, guid)
        return interacting.like(work, account, comment.root, comment)

    return _made(_act(context, request, like))


def unlike_post(context: Context, request: Request) -> Response:
    """Take back a like of a post."""

    def unlike(work: UnitOfWork, account: Account, guid: str) -> None:
        _take_back_like(work, account, visible_post(work, account, guid).guid, "Post")

    _act(context, request, unlike)
    return NO_CONTENT


def unlike_comment(context: Context, request: Request) -> Response:
    """Take back a like of a comment."""

    def unlike(work: UnitOfWork, account: Account, guid: str) -> None:
        _take_back_like(work, account, _comment(work, account, guid).guid, "Comment")

    _act(context, request, unlike)
    return NO_CONTENT


def _take_back_like(work: UnitOfWork, account: Account, target: Guid, target_type: str) -> None:
    like = Like(
        author=account.person.diaspora_id, guid=target, parent_guid=target, parent_type=target_type
    )
    found = work.interactions.existing_like(account.person, like)
    if found is None:
        raise NotFound(f"you do not like {target}")
    retracting.retract_interaction(work, account, found)


def vote(context: Context, request: Request) -> Response:
    """Vote in the poll of a post."""
    answer = read_text(request.json(), "answer")

    def choose(work: UnitOfWork, account: Account, guid: str) -> PollParticipation:
        return interacting.vote(work, account, visible_post(work, account, guid), answer)

    return _made(_act(context, request, choose))


def attend(context: Context, request: Request) -> Response:
    """Answer the invitation of a post: accepted, declined or tentative."""
    status = read_text(request.json(), "status")

    def answer(work: UnitOfWork, account: Account, guid: str) -> EventParticipation:
        return interacting.answer(work, account, visible_post(work, account, guid), status)

    return _made(_act(context, request, answer))


def take_back_answer(context: Context, request: Request) -> Response:
    """Take back one's answer to an invitation."""

    def take_back(work: UnitOfWork, account: Account, guid: str) -> None:
        post = visible_post(work, account, guid)
        found = work.interactions.existing_answer(account.person, post)
        if found is None:
            raise NotFound(f"you have not answered the invitation of {guid}")
        retracting.retract_interaction(work, account, found)

    _act(context, request, take_back)
    return NO_CONTENT


def participate(context: Context, request: Request) -> Response:
    """Follow the discussion of a post."""

    def subscribe(work: UnitOfWork, account: Account, guid: str) -> None:
        interacting.subscribe(work, account, visible_post(work, account, guid))

    _act(context, request, subscribe)
    return NO_CONTENT


def leave(context: Context, request: Request) -> Response:
    """Stop following the discussion of a post."""

    def unsubscribe(work: UnitOfWork, account: Account, guid: str) -> None:
        retracting.unsubscribe(work, account, visible_post(work, account, guid))

    _act(context, request, unsubscribe)
    return NO_CONTENT


ROUTES: tuple[Route, ...] = (
    Route("POST", "/api/posts/{guid}/comments", create_comment),
    Route("DELETE", "/api/comments/{guid}", delete_comment),
    Route("POST", "/api/posts/{guid}/likes", like_post),
    Route("DELETE", "/api/posts/{guid}/likes", unlike_post),
    Route("POST", "/api/comments/{guid}/likes", like_comment),
    Route("DELETE", "/api/comments/{guid}/likes", unlike_comment),
    Route("POST", "/api/posts/{guid}/votes", vote),
    Route("POST", "/api/posts/{guid}/answers", attend),
    Route("DELETE", "/api/posts/{guid}/answers", take_back_answer),
    Route("PUT", "/api/posts/{guid}/participation", participate),
    Route("DELETE", "/api/posts/{guid}/participation", leave),
)
