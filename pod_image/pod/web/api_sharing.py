"""User API: contacts, aspects, blocks and followed tags."""

from pod.domain import sharing
from pod.domain.errors import NotFound
from pod.domain.identity import parse_user_input
from pod.domain.people import Contact, Person
from pod.jobs import discover
from pod.jobs.context import Context
from pod.store.unit_of_work import UnitOfWork
from pod.web.auth import account_of, act_of
from pod.web.fields import needed_text, texts
from pod.web.http import Request, Response, Route, json_response


def _discovered(context: Context, request: Request) -> Person:
    return discover.discover(context, parse_user_input(request.params["diaspora_id"]))


def _known(work: UnitOfWork, request: Request) -> Person:
    diaspora_id = parse_user_input(request.params["diaspora_id"])
    person = work.people.by_id(diaspora_id) or work.migrations.alias(diaspora_id)
    if person is None:
        raise NotFound(f"{diaspora_id} is not known here")
    return person


# --- contacts ------------------------------------------------------------------------------------


def _contacts(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    with context.work() as work:
        found = [_contact_json(work, contact) for contact in work.sharing.contacts(account)]
    return json_response(found)


def _contact_json(work: UnitOfWork, contact: Contact) -> dict[str, object]:
    return {
        "diaspora_id": contact.person.diaspora_id,
        "sharing": contact.sharing,
        "receiving": contact.receiving,
        "aspects": [aspect.name for aspect in work.sharing.memberships(contact)],
    }


def _share(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    names = texts(request.json(), "aspects")
    person = _discovered(context, request)
    with context.work(act_of(context, request)) as work:
        sharing.share(work, work.need_account(account), person, names)
    return Response(204)


def _unshare(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    with context.work(act_of(context, request)) as work:
        sharing.unshare(work, work.need_account(account), _known(work, request))
    return Response(204)


# --- aspects -------------------------------------------------------------------------------------


def _aspects(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    with context.work() as work:
        found = work.sharing.aspects(account)
    return json_response([{"name": aspect.name, "position": aspect.position} for aspect in found])


def _add_aspect(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    name = needed_text(request.json(), "name")
    with context.work(act_of(context, request)) as work:
        aspect = sharing.add_aspect(work, account, name)
    return json_response({"name": aspect.name, "position": aspect.position}, 201)


def _remove_aspect(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    with context.work(act_of(context, request)) as work:
        sharing.remove_aspect(work, work.need_account(account), request.params["name"])
    return Response(204)


# --- blocks and tags -----------------------------------------------------------------------------


def _blocks(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    with context.work() as work:
        found = work.sharing.blocked(account)
    return json_response([person.diaspora_id for person in found])


def _block(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    person = _discovered(context, request)
    with context.work(act_of(context, request)) as work:
        sharing.block(work, work.need_account(account), person)
    return Response(204)


def _unblock(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    with context.work() as work:
        sharing.unblock(work, account, _known(work, request))
    return Response(204)


def _tags(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    with context.work() as work:
        return json_response(list(work.sharing.followed_tags(account)))


def _follow_tag(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    tag = sharing.normal_tag(request.params["tag"])
    with context.work() as work:
        work.sharing.follow_tag(account, tag)
    return Response(204)


def _unfollow_tag(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    tag = sharing.normal_tag(request.params["tag"])
    with context.work() as work:
        work.sharing.unfollow_tag(account, tag)
    return Response(204)


ROUTES = (
    Route("GET", "/api/contacts", _contacts),
    Route("PUT", "/api/contacts/{diaspora_id}", _share),
    Route("DELETE", "/api/contacts/{diaspora_id}", _unshare),
    Route("GET", "/api/aspects", _aspects),
    Route("POST", "/api/aspects", _add_aspect),
    Route("DELETE", "/api/aspects/{name}", _remove_aspect),
    Route("GET", "/api/blocks", _blocks),
    Route("PUT", "/api/blocks/{diaspora_id}", _block),
    Route("DELETE", "/api/blocks/{diaspora_id}", _unblock),
    Route("GET", "/api/tags", _tags),
    Route("PUT", "/api/tags/{tag}", _follow_tag),
    Route("DELETE", "/api/tags/{tag}", _unfollow_tag),
)
