"""The import wizard as pages: upload the archive, choose a name, be told to wait for a mail.

There is no captcha yet, and as log-ins here are tokens and no cookies, nobody is ever logged in.

Source: seed specification sections 5 and 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from pod.domain.errors import DomainError, Invalid
from pod.jobs import import_wizard, importing
from pod.jobs.context import Context
from pod.jobs.import_wizard import Choice, Offer
from pod.web.http import Request, Response, Route, text_response
from pod.web.templates import Templates
from pod.wire.errors import WireError

_TEXTS = {
    "page": """<!DOCTYPE html>
<html lang="en"><head><meta charset="UTF-8"><title>Move your account to {{ host }}</title></head>
<body><h1>Move your account to {{ host }}</h1>
{% if problem %}<p role="alert">{{ problem }}</p>
{% endif %}{% block content %}{% endblock %}
</body></html>
""",
    "upload": """{% extends "page" %}{% block content %}
<p>Export your account on its present pod, then choose the file here.</p>
<form method="post" action="/users/import" enctype="multipart/form-data">
<p><label>Archive <input type="file" name="archive" accept=".gz" required></label></p>
<p><button>Check the archive</button></p></form>{% endblock %}""",
    "choose": """{% extends "page" %}{% block content %}
<p>The archive of {{ old_id }} is valid.</p>
<form method="post" action="/users/import/{{ guid }}">
<p><label>Name <input name="username" value="{{ username }}" required></label>@{{ host }}</p>
<p><label>Email <input type="email" name="email" value="{{ email }}" required></label></p>
<p><label>Password <input type="password" name="password" required></label></p>
<p><label>Password again <input type="password" name="confirmation" required></label></p>
<p><button>Move</button></p></form>{% endblock %}""",
    "scheduled": """{% extends "page" %}{% block content %}<p>{{ message }}</p>{% endblock %}""",
}
_TEMPLATES = Templates(_TEXTS)


def _page(context: Context, name: str, status: int = 200, **values: object) -> Response:
    text = _TEMPLATES.render(name, host=context.settings.host, **values)
    return text_response(text, status)


def _begin(context: Context, request: Request) -> Response:  # noqa: ARG001 - a handler
    try:
        import_wizard.need_imports(context)
    except DomainError as error:
        return _page(context, "page", error.status_hint, problem=error)
    return _page(context, "upload")


def _upload(context: Context, request: Request) -> Response:
    try:
        offer = import_wizard.upload(context, _file(request, "archive"))
    except (DomainError, WireError) as error:
        name = "upload" if context.settings.imports else "page"
        return _page(context, name, error.status_hint, problem=error)
    username = offer.username if offer.is_available else ""
    problem = None if username else f"The name {offer.username} is taken here; choose another."
    return _choose_page(context, offer, username, problem)


def _choose_page(context: Context, offer: Offer, username: str, problem: str | None) -> Response:
    return _page(
        context,
        "choose",
        guid=offer.guid,
        old_id=offer.old_id,
        username=username,
        email=offer.email,
        problem=problem,
    )


def _choose(context: Context, request: Request) -> Response:
    form, guid = _form(request), request.params["guid"]
    with context.work() as work:
        row = importing.need(work, guid)
    try:
        import_wizard.choose(context, guid, _choice(form))
    except DomainError as error:
        values = {"guid": guid, "old_id": row.old_id, "problem": error}
        kept = {name: form.get(name, "") for name in ("username", "email")}
        return _page(context, "choose", error.status_hint, **values, **kept)
    return _page(context, "scheduled", 202, message=import_wizard.SCHEDULED)


def _choice(form: Mapping[str, str]) -> Choice:
    password = form.get("password", "")
    if password != form.get("confirmation"):
        raise Invalid("the passwords differ; type the same twice")
    return Choice(username=form.get("username", ""), email=form.get("email", ""), password=password)


def _form(request: Request) -> Mapping[str, str]:
    try:
        return dict(parse_qsl(request.body.decode(), max_num_fields=20))
    except ValueError:
        raise Invalid("the form cannot be read; fill it in again") from None


def _file(request: Request, name: str) -> bytes:
    """A file from a multipart form."""
    content_type = request.headers.get("content-type", "")
    if not content_type.lower().startswith("multipart/form-data"):
        raise Invalid("choose the file that the export gave you")
    head = f"Content-Type: {content_type}\r\n\r\n".encode(errors="replace")
    message = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + request.body)
    for part in message.iter_parts():
        if part.get_param("name", header="content-disposition") == name:
            payload = part.get_payload(decode=True)
            return payload if isinstance(payload, bytes) else b""
    raise Invalid("choose the file that the export gave you")


ROUTES: tuple[Route, ...] = (
    Route("GET", "/users/import", _begin),
    Route("POST", "/users/import", _upload),
    Route("POST", "/users/import/{guid}", _choose),
)
