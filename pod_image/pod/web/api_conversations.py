"""User API: private conversations and notifications."""

from pod.domain import conversing, entities
from pod.domain.identity import parse_user_input
from pod.jobs import discover
from pod.jobs.context import Context
from pod.web.auth import account_of, act_of
from pod.web.fields import needed_text, texts
from pod.web.http import Request, Response, Route, json_response
from pod.web.post_views import time_text


def _conversations(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    with context.work() as work:
        talks = work.conversations
        found = [talks.entity(each) for each in talks.of(account.person)]
    return json_response([_summary(each) for each in found])


def _summary(conversation: entities.Conversation) -> dict[str, object]:
    return {
        "guid": conversation.guid,
        "subject": conversation.subject,
        "author": conversation.author,
        "participants": list(conversation.participants),
        "created_at": time_text(conversation.created_at),
    }


def _conversation(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    with context.work() as work:
        found = conversing.own(work, account, request.params["guid"])
        conversation = work.conversations.entity(found)
    messages = [_message_json(message) for message in conversation.messages]
    return json_response({**_summary(conversation), "messages": messages})


def _message_json(message: entities.Message) -> dict[str, object]:
    return {
        "guid": message.guid,
        "author": message.author,
        "text": message.text,
        "created_at": time_text(message.created_at),
    }


def _start(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    body = request.json()
    subject, text = needed_text(body, "subject"), needed_text(body, "text")
    addressed = [parse_user_input(each) for each in texts(body, "recipients")]
    recipients = [discover.discover(context, each) for each in addressed]
    with context.work(act_of(context, request)) as work:
        me = work.need_account(account)
        sent = conversing.start(work, me, recipients, subject=subject, text=text)
    return json_response({"guid": sent.guid, "message_guid": sent.messages[0].guid}, 201)


def _reply(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    text = needed_text(request.json(), "text")
    with context.work(act_of(context, request)) as work:
        me = work.need_account(account)
        message = conversing.reply(work, me, request.params["guid"], text)
    return json_response({"guid": message.guid}, 201)


def _notifications(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    with context.work() as work:
        return json_response(list(work.notifications.of(account)))


ROUTES = (
    Route("GET", "/api/conversations", _conversations),
    Route("POST", "/api/conversations", _start),
    Route("GET", "/api/conversations/{guid}", _conversation),
    Route("POST", "/api/conversations/{guid}/messages", _reply),
    Route("GET", "/api/notifications", _notifications),
)
