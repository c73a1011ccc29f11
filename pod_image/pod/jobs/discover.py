"""Find out who a diaspora ID is, by asking its home pod; and learn of moves on the way.

What an answer says about *another* ID is only a hint that the person moved. The proof is the
account migration itself, which `pod.jobs.migrating.follow` fetches, verifies and applies.

Source: federation protocol sections 2.4, 2.5 and 8.8.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from pod.domain.entities import Profile
from pod.domain.errors import Conflict, DomainError, Later, NotFound, Unfound
from pod.domain.identity import DiasporaId, InvalidIdentity, parse_user_input
from pod.domain.people import Person
from pod.jobs import migrating
from pod.jobs.client import MAX_REDIRECTS, Reply, UnsafeAddress
from pod.jobs.context import Context
from pod.jobs.log import one_line
from pod.store.unit_of_work import UnitOfWork
from pod.wire.discovery import (
    HCard,
    SubjectMismatch,
    WebFinger,
    read_hcard,
    read_webfinger,
)
from pod.wire.errors import WireError

log = logging.getLogger(__name__)

MAX_LINKS = 5
"""How many moves in a row are followed."""

STAND_IN_PICTURES = "/assets/user/default"
"""Where pods keep the pictures of people who have none; such a picture is no datum of a person."""

_chain: ContextVar[tuple[DiasporaId, ...]] = ContextVar("chain", default=())
"""The IDs being discovered now, each because the one before it leads there."""


class _Moved(Exception):
    """No error: a hint on the way."""

    def __init__(self, candidate: DiasporaId) -> None:
        super().__init__(candidate)
        self.candidate = candidate


def discover(context: Context, diaspora_id: DiasporaId) -> Person:
    """The person of an ID; asks the home pod only if the person is unknown or a stub.

    Returns:
        The person as stored, the newest one if the ID belongs to somebody who moved.

    Raises:
        NotFound: If there is no such person; `Unfound` if that may change.
        Conflict: If GUID or key belong to another ID.
        Later: If the home pod cannot be asked now, or answers what cannot be read.
    """
    known = _known(context, diaspora_id)
    return refresh(context, diaspora_id) if known is None or known.stub else known


def refresh(context: Context, diaspora_id: DiasporaId) -> Person:
    """The person of an ID, as the home pod presents them now; see `discover`.

    Of a person known before only names, pictures and `searchable` change.
    """
    known = _known(context, diaspora_id)
    if known is not None and (known.is_local or known.diaspora_id != diaspora_id):
        return known
    try:
        if diaspora_id.host == context.settings.host:
            raise NotFound(f"{diaspora_id} has no account on this pod")
        with _link(diaspora_id):
            return _asked(context, diaspora_id)
    except (DomainError, WireError) as error:
        # Said here, as most of those who ask go on without the person.
        log.info("event=undiscovered person=%s reason=%s", diaspora_id, one_line(error))
        raise


def _asked(context: Context, diaspora_id: DiasporaId) -> Person:
    try:
        webfinger = _webfinger(context, diaspora_id)
    except _Moved as hint:
        if "account_rename" not in context.settings.knows_forms:
            raise Unfound(f"{diaspora_id}: its pod tells of {hint.candidate}") from None
        return migrating.follow(context, diaspora_id, hint.candidate)
    _check_home(context, webfinger)
    card = _hcard(context, webfinger)
    with context.work() as work:
        return _store(work, webfinger, card)


def _known(context: Context, diaspora_id: DiasporaId) -> Person | None:
    with context.work() as work:
        person = work.people.by_id(diaspora_id) or work.migrations.alias(diaspora_id)
        return None if person is None else work.people.newest(person)


@contextmanager
def _link(diaspora_id: DiasporaId) -> Iterator[None]:
    """Refuse circles and long chains of people who moved."""
    chain = _chain.get()
    if diaspora_id in chain or len(chain) > MAX_LINKS:
        raise NotFound(f"{diaspora_id}: {' to '.join(chain)} leads nowhere")
    token = _chain.set((*chain, diaspora_id))
    try:
        yield
    finally:
        _chain.reset(token)


# --- asking --------------------------------------------------------------------------------------


def _webfinger(context: Context, diaspora_id: DiasporaId) -> WebFinger:
    reply = _ask_webfinger(context, diaspora_id)
    try:
        return read_webfinger(_content(reply, diaspora_id), diaspora_id)
    except SubjectMismatch as mismatch:
        raise _Moved(mismatch.found.subject) from None
    except WireError as error:
        # Who answers nonsense is being repaired, or a portal stands before it: no word on the ID.
        raise Later(f"{diaspora_id}: {reply.url} cannot be read: {error}") from None


def _ask_webfinger(context: Context, diaspora_id: DiasporaId) -> Reply:
    """Ask for the document; follows redirects that are about the same ID.

    A redirect to http is refused, whoever it is about.
    """
    url = f"https://{diaspora_id.host}/.well-known/webfinger?resource=acct:{diaspora_id}"
    try:
        context.client.check(url, _port(diaspora_id))
    except UnsafeAddress as error:
        raise NotFound(f"{diaspora_id}: {error}") from None  # the name itself leads to no pod
    for _ in range(MAX_REDIRECTS + 1):
        reply = _get(context, url, diaspora_id)
        target = _location(reply, diaspora_id)
        if target is None:
            return reply
        url = target
        if urlsplit(url).scheme != "https":
            raise Unfound(f"{diaspora_id}: its pod redirects to {url[:200]!r}, which is no https")
        candidate = _resource(url)
        if candidate not in (None, diaspora_id):
            raise _Moved(candidate)
    raise Unfound(f"{diaspora_id}: its pod redirects more than {MAX_REDIRECTS} times")


def _location(reply: Reply, about: DiasporaId) -> str | None:
    try:
        return reply.location
    except UnsafeAddress as error:
        raise Unfound(f"{about}: {error}") from None


def _resource(url: str) -> DiasporaId | None:
    """Whom a WebFinger address is about."""
    values = parse_qs(urlsplit(url).query).get("resource")
    try:
        return parse_user_input(values[0]) if values else None
    except InvalidIdentity:
        return None


def _hcard(context: Context, webfinger: WebFinger) -> HCard:
    reply = _get(context, webfinger.hcard_url, webfinger.subject, follow=True)
    try:
        return read_hcard(_content(reply, webfinger.subject), reply.url)
    except WireError as error:
        raise Later(f"{webfinger.subject}: {reply.url} cannot be read: {error}") from None


def _check_home(context: Context, webfinger: WebFinger) -> None:
    """Whoever lives where nothing may be sent cannot be written to; ask no further."""
    about = webfinger.subject
    try:
        context.client.check(webfinger.seed_url, _port(about))
    except UnsafeAddress as error:
        raise Unfound(f"{about}: {error}") from None


def _get(context: Context, url: str, about: DiasporaId, *, follow: bool = False) -> Reply:
    try:
        return context.client.get(url, follow=follow, port=_port(about))
    except UnsafeAddress as error:
        raise Unfound(f"{about}: {error}") from None


def _port(about: DiasporaId) -> int | None:
    return urlsplit(f"//{about.host}").port


def _content(reply: Reply, about: DiasporaId) -> bytes:
    if reply.is_success:
        return reply.body
    if reply.status >= 500 or reply.status in (408, 429):
        raise Later(f"{about}: {reply.url} answers {reply.status}")
    raise Unfound(f"{about}: {reply.url} answers {reply.status}")


# --- storing -------------------------------------------------------------------------------------


def _store(work: UnitOfWork, webfinger: WebFinger, card: HCard) -> Person:
    found = Person(
        id=0,
        diaspora_id=webfinger.subject,
        guid=card.guid,
        public_key=card.public_key,
        pod_url=_pod_url(work, webfinger),
    )
    known = work.people.by_id(found.diaspora_id)
    if known is None:
        return _add(work, found, _profile(found, card))
    _check_same(work, known, found)
    if known.stub:
        whole = replace(found, public_key=known.public_key)
        return work.people.complete(whole, _profile(found, card))
    if not known.closed:
        work.people.set_profile(known, _refreshed(work.people.profile(known), found, card))
    return work.people.newest(known)


def _add(work: UnitOfWork, found: Person, profile: Profile) -> Person:
    other = work.people.by_key(found.public_key)
    if other is not None:
        raise Conflict(f"{found.diaspora_id} shows the key of {other.diaspora_id}; not accepted")
    return work.people.add(found, profile, work.now)


def _check_same(work: UnitOfWork, known: Person, found: Person) -> None:
    """GUID and key are pinned: who shows others has taken over the name, or reinstalled the pod."""
    if known.guid != found.guid:
        raise Conflict(f"{found.diaspora_id} had another GUID when it was first discovered")
    fingerprint = work.crypto.fingerprint
    if fingerprint(known.public_key) != fingerprint(found.public_key):
        raise Conflict(f"{found.diaspora_id} had another key when it was first discovered")


def _pod_url(work: UnitOfWork, webfinger: WebFinger) -> str:
    parts = urlsplit(webfinger.seed_url)
    url = f"https://{parts.netloc.lower().removesuffix(':443')}/"
    if parts.scheme != "https" or url == work.policy.url:
        raise NotFound(f"{webfinger.subject}: {url} cannot be the home of somebody discovered")
    return url


def _profile(person: Person, card: HCard) -> Profile:
    return _refreshed(Profile(author=person.diaspora_id), person, card)


def _refreshed(before: Profile, person: Person, card: HCard) -> Profile:
    return replace(
        before,
        author=person.diaspora_id,
        first_name=card.first_name,
        last_name=card.last_name,
        image_url=_picture(card.photo_url),
        image_url_medium=_picture(card.photo_url_medium),
        image_url_small=_picture(card.photo_url_small),
        searchable=card.searchable,
    )


def _picture(url: str) -> str | None:
    return None if urlsplit(url).path.startswith(STAND_IN_PICTURES) else url
