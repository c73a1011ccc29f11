"""WebFinger: who a diaspora ID is, and where; the JSON form, and the old XML one.

Source: federation protocol sections 2.1, 2.2 and 2.7.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pod.domain.identity import DiasporaId, InvalidIdentity, parse_user_input
from pod.wire.elements import escape, escape_attribute
from pod.wire.errors import InvalidDiscovery
from pod.wire.json_document import items, read_object, text

CONTENT_TYPE = "application/jrd+json; charset=utf-8"
XRD_CONTENT_TYPE = "application/xrd+xml; charset=utf-8"

_HCARD = "http://microformats.org/profile/hcard"
_SEED = "http://joindiaspora.com/seed_location"
_PROFILE = "http://webfinger.net/rel/profile-page"
_ATOM = "http://schemas.google.com/g/2010#updates-from"
_SALMON = "salmon"
_SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"

_XRD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n%s</XRD>\n'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebFinger:
    """Where to find a person: the hCard, and the pod that messages are sent to."""

    subject: DiasporaId
    hcard_url: str
    seed_url: str
    profile_url: str | None = None
    atom_url: str | None = None
    salmon_url: str | None = None
    subscribe_template: str | None = None
    aliases: tuple[str, ...] = ()


class SubjectMismatch(InvalidDiscovery):
    """The document is about somebody else. A person who moved is discovered like that."""

    def __init__(self, requested: DiasporaId, found: WebFinger) -> None:
        super().__init__(f"WebFinger: asked for {requested}, got {found.subject}")
        self.requested = requested
        self.found = found


def write_webfinger(person: WebFinger) -> bytes:
    """Write the JSON document."""
    document: dict[str, object] = {
        "subject": f"acct:{person.subject}",
        "aliases": list(person.aliases),
        "links": _links(person),
    }
    return json.dumps(document, indent=2).encode()


def _links(person: WebFinger) -> list[dict[str, str]]:
    links = (
        (_HCARD, "text/html", "href", person.hcard_url),
        (_SEED, "text/html", "href", person.seed_url),
        (_PROFILE, "text/html", "href", person.profile_url),
        (_ATOM, "application/atom+xml", "href", person.atom_url),
        (_SALMON, None, "href", person.salmon_url),
        (_SUBSCRIBE, None, "template", person.subscribe_template),
    )
    return [
        {"rel": rel, **({"type": kind} if kind else {}), attribute: target}
        for rel, kind, attribute, target in links
        if target is not None
    ]


def read_webfinger(body: bytes, requested: DiasporaId | None = None) -> WebFinger:
    """Read the JSON document.

    Args:
        body: The answer of the pod.
        requested: Whom it must be about; anybody without.

    Raises:
        TooLarge: If there is too much of it.
        InvalidDiscovery: If it lacks what is needed.
        SubjectMismatch: If it is about somebody else; carries what was found.
    """
    document = read_object(body, "WebFinger")
    links = _first_links(document.get("links"))
    found = WebFinger(
        subject=_subject(document.get("subject")),
        hcard_url=_url(links, _HCARD, path=True),
        seed_url=_url(links, _SEED),
        profile_url=_optional(links, _PROFILE),
        atom_url=_optional(links, _ATOM),
        salmon_url=_optional(links, _SALMON),
        subscribe_template=text(links.get(_SUBSCRIBE), "template"),
        aliases=tuple(alias for alias in items(document.get("aliases")) if isinstance(alias, str)),
    )
    if requested is not None and found.subject != requested:
        raise SubjectMismatch(requested, found)
    return found


def _subject(subject: object) -> DiasporaId:
    try:
        return parse_user_input(subject if isinstance(subject, str) else "")
    except InvalidIdentity:
        raise InvalidDiscovery("WebFinger: the subject is no diaspora ID") from None


def _first_links(links: object) -> Mapping[str, object]:
    """The links by relation; of several with one relation the first counts."""
    if not isinstance(links, list):
        raise InvalidDiscovery("WebFinger: has no links")
    return {text(link, "rel") or "": link for link in reversed(links)}


def _url(links: Mapping[str, object], rel: str, *, path: bool = False) -> str:
    target = text(links.get(rel), "href")
    if target is None or not is_web_url(target, path=path):
        raise InvalidDiscovery(f"WebFinger: no usable link {rel}")
    return target


def _optional(links: Mapping[str, object], rel: str) -> str | None:
    return _url(links, rel, path=True) if text(links.get(rel), "href") is not None else None


def is_web_url(url: str, *, path: bool = False) -> bool:
    """Whether this is an absolute http(s) URL, with a path if one is asked for."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_absolute = parts.scheme in ("http", "https") and bool(parts.hostname)
    return is_absolute and (bool(parts.path) or not path)


def host_meta(pod_url: str) -> bytes:
    """Write the document that tells software of former times where `write_xrd` is served.

    Args:
        pod_url: Origin of the pod, with a trailing slash.
    """
    template = f"{pod_url}.well-known/webfinger.xml?resource={{uri}}"
    return _xrd([_link({"rel": "lrdd", "type": "application/xrd+xml", "template": template})])


def write_xrd(person: WebFinger) -> bytes:
    """Write the old XML form of the document."""
    subject = f"  <Subject>acct:{person.subject}</Subject>\n"
    aliases = [f"  <Alias>{escape(alias)}</Alias>\n" for alias in person.aliases]
    return _xrd([subject, *aliases, *map(_link, _links(person))])


def _link(attributes: Mapping[str, str]) -> str:
    written = (f'{name}="{escape_attribute(value)}"' for name, value in attributes.items())
    return f"  <Link {' '.join(written)}/>\n"


def _xrd(lines: list[str]) -> bytes:
    return (_XRD % "".join(lines)).encode()
