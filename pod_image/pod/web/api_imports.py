"""User API: taking an archive from an account, and moving here with one."""

from __future__ import annotations

import json

from pod.domain.exporting import export
from pod.jobs import import_wizard, importing
from pod.jobs.context import Context
from pod.jobs.import_wizard import Choice
from pod.web.auth import account_of, act_of
from pod.web.fields import needed_text
from pod.web.http import Request, Response, Route, json_response
from pod.wire import archive as files


def _export(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    with context.work() as work:
        archive = export(work, work.need_account(account))
    name = f"{account.username}_diaspora_data.json.gz"
    headers = (
        ("Content-Type", files.CONTENT_TYPE),
        ("Content-Disposition", f'attachment; filename="{name}"'),
        ("Cache-Control", "no-store"),
    )
    return Response(200, files.write(archive), headers)


def _upload(context: Context, request: Request) -> Response:
    offer = import_wizard.upload(context, request.body, act_of(context, request))
    return json_response(
        {
            "import": offer.guid,
            "old_id": offer.old_id,
            "username": offer.username,
            "username_available": offer.is_available,
            "email": offer.email,
        },
        201,
    )


def _choose(context: Context, request: Request) -> Response:
    body = request.json()
    choice = Choice(
        username=needed_text(body, "username"),
        email=needed_text(body, "email"),
        password=needed_text(body, "password"),
    )
    guid = request.params["guid"]
    new_id = import_wizard.choose(context, guid, choice, act_of(context, request))
    return json_response({"message": import_wizard.SCHEDULED, "diaspora_id": new_id}, 202)


def _state(context: Context, request: Request) -> Response:
    with context.work() as work:
        row = importing.need(work, request.params["guid"])
    return json_response({"state": row.state, "report": json.loads(row.report)})


def _abort(context: Context, request: Request) -> Response:
    importing.abort(context, request.params["guid"])
    return _state(context, request)


ROUTES: tuple[Route, ...] = (
    Route("GET", "/api/export", _export),
    Route("POST", "/api/imports", _upload),
    Route("POST", "/api/imports/{guid}", _choose),
    Route("GET", "/api/imports/{guid}", _state),
    Route("DELETE", "/api/imports/{guid}", _abort),
)
