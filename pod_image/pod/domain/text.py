"""What is hidden in text: mentions, tags and links to entities.

Source: federation protocol section 1.5.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import takewhile

from pod.domain.identity import DiasporaId, Guid, InvalidIdentity

# "@{Display Name; id}" or "@{id}"; bounded, so that a text full of openings costs little.
_MENTION = re.compile(r"@\{(?:[^}]{1,255}?; )?([^} ]{3,255})\}")
_TAG = re.compile(r"(?<!\S)#(<3|[^\s#]+)")
_LINK = re.compile(
    r"diaspora://([^/\s]{3,255})/([a-z]+(?:_[a-z]+)*)/([0-9A-Za-z\-_@.:]{15,254}[0-9A-Za-z])"
)
# Besides word characters: dash, underscore, and four Armenian marks that belong to words.
_TAG_MARKS = frozenset("-_\u055b\u055c\u055e\u058a")


def mentioned(text: str) -> tuple[DiasporaId, ...]:
    """The people mentioned, in order, each once; what is no diaspora ID mentions nobody."""
    names = (found[1] for found in _MENTION.finditer(text))
    return tuple(dict.fromkeys(_valid(names)))


def _valid(names: Iterable[str]) -> Iterator[DiasporaId]:
    for name in names:
        try:
            yield DiasporaId(name)
        except InvalidIdentity:
            continue


def tags(text: str) -> tuple[str, ...]:
    """The tags, in lower case and without #, in order, each once."""
    bodies = (found[1] for found in _TAG.finditer(text))
    names = (body if body == "<3" else "".join(takewhile(_in_tag, body)) for body in bodies)
    return tuple(dict.fromkeys(name.lower() for name in names if name))


def _in_tag(character: str) -> bool:
    if character in _TAG_MARKS or character.isalnum():
        return True
    # Vowel signs of many scripts are letters to their readers, but marks to Unicode.
    return unicodedata.category(character).startswith("M")


def entity_links(text: str) -> tuple[tuple[DiasporaId, str, Guid], ...]:
    """The entities linked with `diaspora://author/type/guid`, in order, each once."""
    found = (match.groups() for match in _LINK.finditer(text))
    links = ((author, kind, Guid(guid)) for name, kind, guid in found for author in _valid((name,)))
    return tuple(dict.fromkeys(links))
