"""Pages for people who come with a browser: the pod, its people, their public posts."""

from typing import Any

from pod.domain.entities import Reshare, StatusMessage
from pod.domain.errors import NotFound
from pod.domain.identity import Guid, InvalidIdentity, parse_user_input
from pod.domain.people import Person
from pod.jobs.context import Context
from pod.store.unit_of_work import UnitOfWork
from pod.web import pictures
from pod.web.discovery import card_of
from pod.web.http import Request, Response, Route, redirect, text_response
from pod.web.templates import Templates

_TEXTS = {
    "page": """<!DOCTYPE html>
<html lang="en"><head><meta charset="UTF-8"><title>{% block title %}{{ host }}{% endblock %}</title>
</head><body>
{% block content %}{% endblock %}
</body></html>
""",
    "home": """{% extends "page" %}{% block content %}<h1>{{ host }}</h1>
<p>A pod of the federated social network, home to {{ people }} people.</p>
<p><a href="/users/import">Move your account here</a></p>{% endblock %}""",
    "person": """{% extends "page" %}{% block title %}{{ card.full_name }}{% endblock %}
{% block content %}<h1>{{ card.full_name }}</h1>
<p><img src="{{ card.photo_url_medium }}" alt="" width="100" height="100"> {{ person.diaspora_id }}
</p>{% if profile.public and profile.bio %}<p>{{ profile.bio }}</p>{% endif %}
<ul>{% for guid, text in posts %}
<li><a href="/posts/{{ guid }}">{{ text }}</a></li>{% endfor %}</ul>
{% endblock %}""",
    "moved": """{% extends "page" %}{% block title %}{{ person.diaspora_id }}{% endblock %}
{% block content %}<h1>{{ person.diaspora_id }}</h1>
<p>moved to <a href="{{ new.pod_url }}people/{{ new.guid }}">{{ new.diaspora_id }}</a></p>
{% endblock %}""",
    "post": """{% extends "page" %}{% block content %}<p>{{ author }} wrote:</p>
<blockquote>{{ text }}</blockquote>{% endblock %}""",
}
_TEMPLATES = Templates(_TEXTS)


def _page(name: str, context: Context, **values: Any) -> Response:  # noqa: ANN401 - for a template
    text = _TEMPLATES.render(name, host=context.settings.host, **values)
    return text_response(text)


def _home(context: Context, request: Request) -> Response:  # noqa: ARG001 - a handler
    with context.work() as work:
        people = work.accounts.count()
    return _page("home", context, people=people)


def _person(context: Context, request: Request) -> Response:
    with context.work() as work:
        person = work.people.by_guid(request.params["guid"])
        if person is None:
            raise NotFound(f"nobody of GUID {request.params['guid']} is known here")
        new = work.people.newest(person)
        if new.id != person.id:
            return _page("moved", context, person=person, new=new)
        if person.closed:
            raise NotFound(f"{person.diaspora_id} has no account any more")
        if not person.is_local:
            return redirect(f"{person.pod_url}people/{person.guid}")
        return _page(
            "person",
            context,
            person=person,
            card=card_of(work, person),
            profile=work.people.profile(person),
            posts=_public_posts(work, person),
        )


def _people(context: Context, request: Request) -> Response:
    """Whom a "subscribe" link of another pod means, if that person is known here."""
    try:
        name = parse_user_input(request.query.get("q", ""))
    except InvalidIdentity as error:
        raise NotFound(str(error)) from None
    with context.work() as work:
        person = work.people.by_id(name)
    if person is None:
        raise NotFound(f"{name} is not known on this pod; log in and search for them")
    return redirect(f"/people/{person.guid}")


def _public_posts(work: UnitOfWork, author: Person) -> list[tuple[Guid, str]]:
    posts = [post for post in work.posts.by_author(author) if post.public]
    return [(post.guid, _text(work.posts.entity(post))) for post in reversed(posts)]


def _text(entity: StatusMessage | Reshare) -> str:
    return entity.text if isinstance(entity, StatusMessage) else f"Reshare of {entity.root_author}"


def _by_username(context: Context, request: Request) -> Response:
    username = request.params["username"]
    with context.work() as work:
        account = work.accounts.by_username(username)
    if account is None:
        raise NotFound(f"nobody on this pod is called {username[:32]!r}")
    return redirect(f"/people/{account.person.guid}")


def _post(context: Context, request: Request) -> Response:
    with context.work() as work:
        post = work.posts.by_guid(request.params["guid"])
        if post is None or post.stub or not post.public:
            raise NotFound(f"post {request.params['guid']} is not public here")
        if not post.author.is_local:
            return redirect(f"{post.author.pod_url}posts/{post.guid}")
        text = _text(work.posts.entity(post))
        return _page("post", context, author=post.author.diaspora_id, text=text)


ROUTES = (
    *pictures.ROUTES,
    Route("GET", "/", _home),
    Route("GET", "/people", _people),
    Route("GET", "/people/{guid}", _person),
    Route("GET", "/u/{username}", _by_username),
    Route("GET", "/posts/{guid}", _post),
)
