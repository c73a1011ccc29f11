"""The hCard: an HTML page with a person's GUID, key, name and pictures.

Source: federation protocol section 2.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from pod.domain.identity import Guid, InvalidIdentity
from pod.wire.elements import Page, escape, escape_attribute
from pod.wire.errors import InvalidDiscovery, InvalidKey
from pod.wire.keys import export_public, load_public
from pod.wire.webfinger import is_web_url

CONTENT_TYPE = "text/html; charset=utf-8"
MAX_FULL_NAME = 70
MAX_NAME = 32

_PHOTOS = (("photo", 300), ("photo_medium", 100), ("photo_small", 50))


@dataclass(frozen=True, slots=True, kw_only=True)
class HCard:
    """A person as their home pod presents them; the key is PEM."""

    guid: Guid
    nickname: str | None = None
    full_name: str
    first_name: str | None = None
    last_name: str | None = None
    public_key: str
    photo_url: str
    photo_url_medium: str
    photo_url_small: str
    searchable: bool = False
    url: str | None = None
    """The pod, for readers that still look for it there."""


def read_hcard(body: bytes, base_url: str) -> HCard:
    """Read the page.

    Args:
        body: The answer of the pod.
        base_url: Where it came from; URLs in it may be relative to that.

    Raises:
        TooLarge: If there is too much of it.
        InvalidDiscovery: If it lacks what is needed.
    """
    page = Page(body)
    photos = [_photo(page, name, base_url) for name, _ in _PHOTOS]
    return HCard(
        guid=_guid(page),
        nickname=_text(page, "nickname"),
        full_name=_full_name(page),
        first_name=_name(page, "given_name"),
        last_name=_name(page, "family_name"),
        public_key=_key(page),
        photo_url=photos[0],
        photo_url_medium=photos[1],
        photo_url_small=photos[2],
        searchable=_text(page, "searchable") == "true",
    )


def _text(page: Page, name: str) -> str | None:
    tag = page.first(name)
    return tag.text if tag and tag.text else None


def _guid(page: Page) -> Guid:
    try:
        return Guid(_text(page, "uid") or "")
    except InvalidIdentity:
        raise InvalidDiscovery("hCard: .uid is missing or no GUID") from None


def _full_name(page: Page) -> str:
    tag = page.first("fn")
    if tag is None or len(tag.text) > MAX_FULL_NAME or ";" in tag.text:
        raise InvalidDiscovery("hCard: .fn is missing, too long, or has a semicolon")
    return tag.text


def _name(page: Page, name: str) -> str | None:
    """Part of a name; as `.fn` has the whole, a bad part is worth no more than a missing one."""
    text = _text(page, name)
    return None if text is None or len(text) > MAX_NAME or ";" in text else text


def _key(page: Page) -> str:
    try:
        return export_public(load_public(_text(page, "key") or ""))
    except InvalidKey as error:
        raise InvalidDiscovery(f"hCard: .key: {error}") from None


def _photo(page: Page, name: str, base_url: str) -> str:
    tag = page.first(f"entity_{name}", "photo")
    source = tag.attribute("src") if tag else None
    try:
        url = urljoin(base_url, source or "")
    except ValueError:
        url = ""
    if not source or not is_web_url(url, path=True):
        raise InvalidDiscovery(f"hCard: .entity_{name} .photo is missing or no URL")
    return url


def write_hcard(card: HCard) -> bytes:
    """Write the page."""
    name = escape(card.full_name)
    entries = "".join(_entries(card))
    return (
        f'<!DOCTYPE html>\n<html>\n<head><meta charset="UTF-8"><title>{name}</title></head>\n'
        f'<body><div id="content"><h1>{name}</h1>\n'
        '<div id="content_inner" class="entity_profile vcard author">\n<h2>User profile</h2>\n'
        f"{entries}</div></div></body>\n</html>\n"
    ).encode()


def _entries(card: HCard) -> list[str]:
    texts = (
        ("uid", "uid", card.guid),
        ("nickname", "nickname", card.nickname or ""),
        ("full_name", "fn", card.full_name),
        ("searchable", "searchable", "true" if card.searchable else "false"),
        ("first_name", "given_name", card.first_name or ""),
        ("family_name", "family_name", card.last_name or ""),
    )
    sources = (card.photo_url, card.photo_url_medium, card.photo_url_small)
    return [
        *(_entry(name, f'<span class="{own}">{escape(text)}</span>') for name, own, text in texts),
        _entry("key", f'<pre class="key">{escape(card.public_key)}</pre>'),
        *([_entry("url", _pod_link(card.url))] if card.url else []),
        *(_entry(name, _image(url, n)) for (name, n), url in zip(_PHOTOS, sources, strict=True)),
    ]


def _pod_link(url: str) -> str:
    return f'<a id="pod_location" class="url" rel="me" href="{escape_attribute(url)}"></a>'


def _image(source: str, size: int) -> str:
    url = escape_attribute(source)
    return f'<img class="photo avatar" width="{size}" height="{size}" src="{url}">'


def _entry(name: str, content: str) -> str:
    title = name.capitalize()
    return f'<dl class="entity_{name}"><dt>{title}</dt><dd>{content}</dd></dl>\n'
