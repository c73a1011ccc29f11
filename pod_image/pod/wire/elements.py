"""The only XML and HTML parser of the pod, and the writer.

Whatever other pods send is parsed here, as UTF-8, without DOCTYPE, within limits, and turned into
`Node` values, so that no other module holds a parser's objects. Text of a node is the text of all
its descendants: comments, processing instructions and CDATA borders do not split it.

Source: federation protocol sections 4.1 and 9 (rows 1 to 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, cast

from lxml import etree, html
from lxml.etree import _Element as Element

from pod.wire.errors import InvalidDiscovery, InvalidXml, TooLarge

MAX_BODY_BYTES = 5 * 1024 * 1024
MAX_DISCOVERY_BYTES = 1024 * 1024
MAX_DEPTH = 8
MAX_ELEMENTS = 4000

# What may stand before the root. Each part can end in one place only, so that hostile input cannot
# make it backtrack. Possessive quantifiers would say so, but the Python 3.11.2 of Debian takes
# them wrongly (cpython issue 106052).
_DOCTYPE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?"
    rb"(?:\s|<\?[^?]*(?:\?(?!>)[^?]*)*\?>|<!--[^-]*(?:-(?!->)[^-]*)*-->)*<!DOCTYPE"
)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")

# Most payloads are one element with text in elements of it, and nothing that could be read in two
# ways: such a document need not be asked of a parser. It has no attributes, entities, sections,
# comments or line ends to normalise, and each part of it can end in one place only.
_TAG = "[A-Za-z_][A-Za-z0-9._-]{0,99}"
_OPENING = re.compile(
    r'(?:<\?xml version="1\.0"(?: encoding="(?:UTF-8|utf-8)")?\?>)?[ \t\n]*'
    rf"<({_TAG})>([ \t\n]*)"
)
_CHILD = re.compile(rf"<({_TAG})>([^<]*)</\1>([ \t\n]*)")
_PLAIN = bytes(range(0x20, 0x7F)) + b"\t\n"
_SPACE = " \t\n"


class Node(NamedTuple):
    """An element: its name (with `{namespace}` if it has one), its text, what is in it.

    A tuple, since a message has many of them and these are made in half the time.
    """

    name: str
    text: str = ""
    children: tuple[Node, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()

    def first(self, name: str) -> Node | None:
        """The first child of this name."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> tuple[Node, ...]:
        """Every child of this name."""
        return tuple(child for child in self.children if child.name == name)

    def attribute(self, name: str) -> str | None:
        """The value of an attribute."""
        return next((value for key, value in self.attributes if key == name), None)


def parse(document: bytes, what: str) -> Node:
    """Read one XML document.

    Args:
        document: UTF-8; another encoding that it may declare is not honoured.
        what: Names the document in errors, e.g. "payload".

    Raises:
        TooLarge: If there are too many bytes, elements or levels.
        InvalidXml: If it is not well-formed, or has a DOCTYPE.
    """
    if len(document) > MAX_BODY_BYTES:
        raise TooLarge(f"{what}: {len(document)} bytes, at most {MAX_BODY_BYTES} are read")
    if b"<!DOCTYPE" in document and _DOCTYPE.match(document):
        raise InvalidXml(f"{what}: has a DOCTYPE, which is refused")
    return _flat(document) or _tree(document, what)


def _flat(document: bytes) -> Node | None:
    """Read a document of the usual form; None if it has another, or none at all."""
    if document.count(b"</") > MAX_ELEMENTS:
        return None  # for the parser to refuse, which takes it no memory
    text = _without_specials(document)
    opening = _OPENING.match(text)
    if opening is None:
        return None
    name, lead = opening.groups()
    inside, _, rest = text[opening.end() :].rpartition(f"</{name}>")
    found = _CHILD.findall(inside)
    texts, read = [lead], 0
    for child, content, tail in found:
        texts += (content, tail)
        read += 2 * len(child) + len("<></>") + len(content) + len(tail)
    is_whole = read == len(inside) and not rest.strip(_SPACE)
    if not is_whole or not 0 < len(found) < MAX_ELEMENTS:
        return None  # something was passed over, or there is no end
    return Node(name, "".join(texts), tuple(Node(child, content) for child, content, _ in found))


def _without_specials(document: bytes) -> str:
    """The text of a document without anything that could mean something else; else nothing."""
    try:
        text = document.decode()
    except UnicodeDecodeError:
        return ""
    if "&" in text or "\r" in text or "]]>" in text:
        return ""
    is_ascii = document.isascii()
    forbidden = document.translate(None, _PLAIN) if is_ascii else _NOT_XML.search(text)
    return "" if forbidden else text


def _tree(document: bytes, what: str) -> Node:
    """Read any document; see `parse`."""
    try:
        root = etree.fromstring(document, _parser())
    except etree.XMLSyntaxError as error:
        raise InvalidXml(f"{what}: not well-formed at {error.position}") from None
    if root.getroottree().docinfo.internalDTD is not None:  # pragma: no cover - a second lock
        raise InvalidXml(f"{what}: has a DOCTYPE, which is refused")
    return _Reader(what).node(root, 1)


def _parser() -> etree.XMLParser:
    """A new parser: one that is shared keeps errors and names of earlier documents."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


class _Reader:
    """Turns a parsed tree into nodes, and counts."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._left = MAX_ELEMENTS

    def node(self, element: Element, depth: int) -> Node:
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            limits = f"more than {MAX_DEPTH} levels or {MAX_ELEMENTS} elements"
            raise TooLarge(f"{self._what}: {limits}")
        attributes = cast("tuple[tuple[str, str], ...]", tuple(element.items()))
        text = element.text or ""
        if len(element) == 0:
            return Node(element.tag, text, (), attributes)
        children, texts = [], [text]
        for child in element:
            node = self.node(child, depth + 1)
            children.append(node)
            texts += (node.text, child.tail or "")
        return Node(element.tag, "".join(texts), tuple(children), attributes)


def clean(text: str) -> str:
    """Replace what XML 1.0 cannot carry by U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)


def is_name(name: str) -> bool:
    """Whether an element without namespace may be called this."""
    return _NAME.fullmatch(name) is not None


def write(node: Node) -> bytes:
    """Write a payload: compact UTF-8, without declaration or attributes."""
    return "".join(_write(node)).encode()


def _write(node: Node) -> Iterator[str]:
    yield f"<{node.name}>"
    if node.children:
        for child in node.children:
            yield from _write(child)
    else:
        yield escape(node.text)
    yield f"</{node.name}>"


def escape(text: str) -> str:
    """Write text as XML or HTML; CR as a reference, because parsers make it LF."""
    return clean(text).translate(_ESCAPES)


def escape_attribute(text: str) -> str:
    """Write the value of an attribute that stands between double quotes."""
    return escape(text).replace('"', "&quot;")


@dataclass(frozen=True, slots=True)
class Tag:
    """What an HTML page holds in one element: its text and attributes."""

    text: str
    attributes: tuple[tuple[str, str], ...]

    def attribute(self, name: str) -> str | None:
        """The value of an attribute."""
        return next((value for key, value in self.attributes if key == name), None)


class Page:
    """An HTML page, as far as hCards need it."""

    def __init__(self, document: bytes) -> None:
        """Parse the page; browsers' leniency, UTF-8, no network.

        Raises:
            TooLarge: If there are too many bytes.
            InvalidDiscovery: If it is not a page.
        """
        if len(document) > MAX_DISCOVERY_BYTES:
            raise TooLarge(f"page: {len(document)} bytes, at most {MAX_DISCOVERY_BYTES} are read")
        parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
        try:
            self._root = html.document_fromstring(document, parser)
        except etree.ParserError:
            raise InvalidDiscovery("page: empty") from None

    def first(self, *classes: str) -> Tag | None:
        """The first element of the last class inside one of each class before it."""
        path = "".join(f"//*[{_has_class(name)}]" for name in classes)
        for element in cast(list[Element], self._root.xpath(path)):
            attributes = tuple((str(key), str(value)) for key, value in element.attrib.items())
            return Tag("".join(map(str, element.itertext())), attributes)
        return None


def _has_class(name: str) -> str:
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"
