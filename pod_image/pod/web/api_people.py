"""User API: profiles, people, and finding them."""

from pod.domain import audience, interacting, profiles
from pod.domain.errors import NotFound
from pod.domain.identity import parse_user_input
from pod.jobs import search
from pod.jobs.context import Context
from pod.web.auth import account_of, act_of
from pod.web.http import Request, Response, Route, json_response
from pod.web.person_json import person_json, profile_json


def _profile(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    with context.work() as work:
        return json_response(profile_json(work.people.profile(account.person)))


def _edit_profile(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    with context.work(act_of(context, request)) as work:
        profile = profiles.edit(work, work.need_account(account), request.json())
        return json_response(profile_json(profile))


def _person(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    diaspora_id = parse_user_input(request.params["diaspora_id"])
    with context.work() as work:
        person = work.people.by_id(diaspora_id) or work.migrations.alias(diaspora_id)
        if person is None:
            raise NotFound(f"{diaspora_id} is not known here; search for it first")
        found = person_json(work, account, person)
        if person.diaspora_id != diaspora_id:
            found |= {"moved_to": person.diaspora_id, "diaspora_id": diaspora_id}
        return json_response(found)


def _search(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    found = search.search(context, account, request.query.get("q", ""))
    if isinstance(found, search.FoundPost):
        with context.work(act_of(context, request)) as work:
            # Who looks a post up wants to read on: its author's pod sends what happens to it.
            post = audience.visible_post(work, account, found.guid)
            interacting.subscribe(work, account, post)
        return json_response({"post": {"guid": found.guid}})
    with context.work() as work:
        return json_response({"person": person_json(work, account, found)})


ROUTES = (
    Route("GET", "/api/profile", _profile),
    Route("PATCH", "/api/profile", _edit_profile),
    Route("GET", "/api/people/{diaspora_id}", _person),
    Route("GET", "/api/search", _search),
)
