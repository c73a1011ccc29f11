"""Atom feeds of people's public posts, which WebFinger points to.

Source: federation protocol section 2.2; RFC 4287.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pod.domain.content import Post
from pod.domain.entities import Reshare, StatusMessage
from pod.domain.errors import NotFound
from pod.domain.people import Person
from pod.jobs.context import Context
from pod.web.discovery import card_of
from pod.web.http import Request, Response, Route
from pod.web.post_views import time_text
from pod.wire.elements import escape, escape_attribute

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
LENGTH = 25
_TITLE_CHARACTERS = 80


def _feed(context: Context, request: Request) -> Response:
    username = request.params["username"]
    with context.work() as work:
        account = work.accounts.by_username(username)
        if account is None or account.state == "closed":
            raise NotFound(f"nobody on this pod is called {username[:32]!r}")
        person = account.person
        name = card_of(work, person).full_name
        posts = [post for post in work.posts.by_author(person) if post.public][-LENGTH:]
        dated = [(post, work.posts.entity(post)) for post in reversed(posts)]
    body = "".join(_document(person, name, dated, context.clock.now()))
    return Response(200, body.encode(), (("Content-Type", CONTENT_TYPE),))


def _document(
    person: Person,
    name: str,
    posts: list[tuple[Post, StatusMessage | Reshare]],
    now: datetime,
) -> Iterator[str]:
    own = f"{person.pod_url}public/{person.diaspora_id.username}.atom"
    page = f"{person.pod_url}u/{person.diaspora_id.username}"
    updated = next((entity.created_at for _, entity in posts if entity.created_at), now)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield f"<title>Public posts of {escape(name)}</title>\n<id>{escape(own)}</id>\n"
    yield f'<link rel="self" type="application/atom+xml" href="{escape_attribute(own)}"/>\n'
    yield f'<link rel="alternate" type="text/html" href="{escape_attribute(page)}"/>\n'
    yield f"<updated>{time_text(updated)}</updated>\n"
    yield f"<author><name>{escape(name)}</name><uri>{escape(page)}</uri></author>\n"
    for post, entity in posts:
        yield from _entry(f"{person.pod_url}posts/{post.guid}", entity, updated)
    yield "</feed>\n"


def _entry(address: str, entity: StatusMessage | Reshare, updated: datetime) -> Iterator[str]:
    text = entity.text if isinstance(entity, StatusMessage) else f"Reshare of {entity.root_author}"
    title = (text.splitlines() or [""])[0][:_TITLE_CHARACTERS] or "A post"
    time = time_text(entity.created_at or updated)
    yield f"<entry><title>{escape(title)}</title><id>{escape(address)}</id>"
    yield f'<link rel="alternate" type="text/html" href="{escape_attribute(address)}"/>'
    yield f"<published>{time}</published><updated>{time}</updated>"
    yield f'<content type="text">{escape(text)}</content></entry>\n'


ROUTES = (Route("GET", "/public/{username}.atom", _feed),)
