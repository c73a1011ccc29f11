"""How other pods find out about people here: WebFinger, hCard, NodeInfo, and what came before.

An account that is locked is found, too: pods that are told of its migration must be able to check
it. Who moved away is answered with where to, by the setting `POD_OLD_ID_DISCOVERY`.

Source: federation protocol sections 2.1 to 2.7 and 8.8.
"""

from pod.domain.errors import Invalid, NotFound
from pod.domain.identity import InvalidIdentity, parse_user_input
from pod.domain.people import Person
from pod.domain.ports import Migration
from pod.jobs.context import Context
from pod.store.statistics import statistics
from pod.store.unit_of_work import UnitOfWork
from pod.web.http import Request, Response, Route, redirect
from pod.web.pictures import FOLDER, SIZES
from pod.wire import hcard, nodeinfo, webfinger

SOFTWARE = "seedbed"
VERSION = "0.1.0"

WEBFINGER = "/.well-known/webfinger"
LEGACY_WEBFINGER = "/.well-known/webfinger.xml"
_ANYBODY = ("Access-Control-Allow-Origin", "*")


class ParameterMissing(Invalid):
    """The address lacks what it needs."""

    status_hint = 400


# --- WebFinger -----------------------------------------------------------------------------------


def _webfinger(context: Context, request: Request) -> Response:
    found = _subject(context, request)
    if isinstance(found, Migration):
        return _moved(found, WEBFINGER)
    headers = (("Content-Type", webfinger.CONTENT_TYPE), _ANYBODY)
    return Response(200, webfinger.write_webfinger(found), headers)


def _legacy_webfinger(context: Context, request: Request) -> Response:
    found = _subject(context, request)
    if isinstance(found, Migration):
        return _moved(found, LEGACY_WEBFINGER)
    headers = (("Content-Type", webfinger.XRD_CONTENT_TYPE), _ANYBODY)
    return Response(200, webfinger.write_xrd(found), headers)


def _moved(migration: Migration, path: str) -> Response:
    # Only the next step: each home proves its own part of a chain of moves.
    new_id = migration.new.diaspora_id
    answer = redirect(f"https://{new_id.host}{path}?resource=acct:{new_id}", 301)
    return Response(answer.status, answer.body, (*answer.headers, _ANYBODY))


def _subject(context: Context, request: Request) -> webfinger.WebFinger | Migration:
    resource = request.query.get("resource")
    if not resource:
        raise ParameterMissing(f"{request.path}: needs ?resource=acct:name@{context.settings.host}")
    with context.work() as work:
        person = _local(work, resource)
        migration = work.migrations.of(person)
    # Without account_rename there is no word for where somebody went.
    if migration is None or "account_rename" not in context.settings.knows_forms:
        if person.closed:
            raise NotFound(f"{person.diaspora_id} has no account any more")
        return document_of(person)
    if context.settings.old_id_discovery == "redirect":
        return migration
    return document_of(migration.new)


def _local(work: UnitOfWork, resource: str) -> Person:
    try:
        person = work.people.by_id(parse_user_input(resource))
    except InvalidIdentity:
        person = None
    if person is None or not person.is_local:
        raise NotFound(f"{resource[:255]!r} has no account on this pod")
    return person


def document_of(person: Person) -> webfinger.WebFinger:
    """What WebFinger says about a person; for one who lives elsewhere, by the usual paths there."""
    url = person.pod_url
    return webfinger.WebFinger(
        subject=person.diaspora_id,
        hcard_url=f"{url}hcard/users/{person.guid}",
        seed_url=url,
        profile_url=f"{url}u/{person.diaspora_id.username}",
        atom_url=f"{url}public/{person.diaspora_id.username}.atom",
        salmon_url=f"{url}receive/users/{person.guid}",
        subscribe_template=f"{url}people?q={{uri}}",
        aliases=(f"{url}people/{person.guid}", f"{url}u/{person.diaspora_id.username}"),
    )


def _host_meta(context: Context, request: Request) -> Response:  # noqa: ARG001 - a handler
    body = webfinger.host_meta(context.settings.url)
    return Response(200, body, (("Content-Type", webfinger.XRD_CONTENT_TYPE), _ANYBODY))


# --- hCard ---------------------------------------------------------------------------------------


def _hcard(context: Context, request: Request) -> Response:
    guid = request.params["guid"]
    with context.work() as work:
        person = work.people.by_guid(guid)
        if person is None or not person.is_local or person.closed:
            raise NotFound(f"nobody of GUID {guid[:255]} lives on this pod")
        card = card_of(work, person)
    return Response(200, hcard.write_hcard(card), (("Content-Type", hcard.CONTENT_TYPE), _ANYBODY))


def card_of(work: UnitOfWork, person: Person) -> hcard.HCard:
    """What everybody may know about a local person, key included."""
    profile = work.people.profile(person)
    username = person.diaspora_id.username
    full_name = profile.full_name or " ".join(filter(None, (profile.first_name, profile.last_name)))
    large, medium, small = (f"{person.pod_url}{FOLDER}{name}" for name in SIZES)
    return hcard.HCard(
        guid=person.guid,
        nickname=username,
        full_name=full_name or username,
        first_name=profile.first_name,
        last_name=profile.last_name,
        public_key=person.public_key,
        photo_url=profile.image_url or large,
        photo_url_medium=profile.image_url_medium or medium,
        photo_url_small=profile.image_url_small or small,
        searchable=profile.searchable,
        url=person.pod_url,
    )


# --- NodeInfo ------------------------------------------------------------------------------------


def _nodeinfo_index(context: Context, request: Request) -> Response:  # noqa: ARG001 - a handler
    body = nodeinfo.nodeinfo_index(context.settings.url)
    return Response(200, body, (("Content-Type", "application/json; charset=utf-8"), _ANYBODY))


def _nodeinfo(context: Context, request: Request) -> Response:
    version = request.params["version"]
    if version not in nodeinfo.VERSIONS:
        raise NotFound(f"NodeInfo {version[:20]!r}: there are {', '.join(nodeinfo.VERSIONS)}")
    with context.work() as work:
        users = work.accounts.count()
        counted = statistics(work.connection)
    about = nodeinfo.NodeInfo(
        software=SOFTWARE,
        version=VERSION,
        node_name=context.settings.host,
        open_registrations=True,
        users_total=users,
        users_active_halfyear=users,
        users_active_month=users,
        local_posts=counted.local_posts,
        local_comments=counted.local_comments,
        features=tuple(sorted(context.settings.knows_forms)),
    )
    headers = (("Content-Type", nodeinfo.content_type(version)), _ANYBODY)
    return Response(200, nodeinfo.nodeinfo(version, about), headers)


ROUTES = (
    Route("GET", WEBFINGER, _webfinger),
    Route("GET", LEGACY_WEBFINGER, _legacy_webfinger),
    Route("GET", "/.well-known/host-meta", _host_meta),
    Route("GET", "/hcard/users/{guid}", _hcard),
    Route("GET", "/.well-known/nodeinfo", _nodeinfo_index),
    Route("GET", "/nodeinfo/{version}", _nodeinfo),
)
