"""The parser refuses what is dangerous; the writer writes what every parser reads alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pod.wire.elements import MAX_BODY_BYTES, MAX_ELEMENTS, Node, Page, clean, is_name, parse, write
from pod.wire.entities import decode
from pod.wire.errors import InvalidDiscovery, InvalidXml, TooLarge, WireError
from pod.wire.magic_envelope import parse as parse_envelope
from tests.examples import examples

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol">%s]>
<comment><text>&lol9;</text></comment>""" % b"".join(
    b'<!ENTITY lol%d "%s">' % (n, b"&lol%d;" % (n - 1) * 10 if n > 1 else b"&lol;" * 10)
    for n in range(1, 10)
)

DOCTYPES = {
    "plain": b"<!DOCTYPE comment><comment/>",
    "after a declaration": b'<?xml version="1.0"?>\n<!DOCTYPE comment><comment/>',
    "after a comment": b"<!-- ? --><?pi ?x?>\n<!DOCTYPE comment><comment/>",
    "after a byte order mark": b"\xef\xbb\xbf<!DOCTYPE comment><comment/>",
    "with an internal entity": b'<!DOCTYPE c [<!ENTITY x "y">]><comment>&x;</comment>',
    "with a file": b'<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><comment>&x;</comment>',
    "with a URL": b'<!DOCTYPE c SYSTEM "http://example.org/x.dtd"><comment/>',
    "a bomb": BOMB,
}


@pytest.mark.parametrize("document", DOCTYPES.values(), ids=DOCTYPES)
def test_a_document_with_a_doctype_is_refused_as_payload_and_as_envelope(document: bytes) -> None:
    for read in (decode, parse_envelope):
        with pytest.raises(InvalidXml, match="DOCTYPE"):
            read(document)


def test_a_prolog_that_never_ends_is_refused_without_backtracking() -> None:
    # A pattern that backtracks would take hours here.
    for document in (b" " * 1_000_000, b"<?" + b"? " * 500_000, b"<!--" + b"-- " * 300_000):
        with pytest.raises(InvalidXml):
            parse(document, "payload")


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"text",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"<a>&x;</a>",
        b"<a>&#0;</a>",
        b"<a>\x01</a>",
        b"<a>\xff</a>",
        "<a/>".encode("utf-16"),
        b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>',
    ],
)
def test_what_is_not_well_formed_utf_8_is_refused(document: bytes) -> None:
    with pytest.raises(InvalidXml):
        parse(document, "payload")


def test_eight_levels_are_read_and_nine_are_not() -> None:
    def nested(depth: int) -> bytes:
        return b"<a>" * depth + b"</a>" * depth

    assert parse(nested(8), "payload").name == "a"
    for depth in (9, 200, 100_000):
        with pytest.raises((TooLarge, InvalidXml)):
            parse(nested(depth), "payload")


def test_too_many_bytes_or_elements_are_refused() -> None:
    with pytest.raises(TooLarge, match="bytes"):
        parse(b"<a>" + b"x" * MAX_BODY_BYTES + b"</a>", "payload")
    with pytest.raises(TooLarge, match="elements"):
        parse(b"<a>" + b"<b/>" * 4000 + b"</a>", "payload")


def test_too_many_elements_with_text_in_them_are_refused() -> None:
    with pytest.raises(TooLarge):
        parse(b"<a>" + b"<b>x</b>" * MAX_ELEMENTS + b"</a>", "payload")
    assert len(parse(b"<a>" + b"<b>x</b>" * (MAX_ELEMENTS - 1) + b"</a>", "payload").children) > 1


def test_an_end_of_line_is_one_character_however_it_was_written() -> None:
    found = parse("<a><b>1\r\n2\r3\n\u00e9</b></a>".encode(), "payload")
    assert found.children == (Node("b", "1\n2\n3\n\u00e9"),)


@pytest.mark.parametrize(
    "document",
    [
        b"<a><b>1</b>",
        b"<a><b>1</b>2345",
        b"<a><b>1</b></b>",
        b"<a><b>1</b></a>2",
        b"<a><b>1</a></b>",
    ],
)
def test_an_element_ends_once_and_with_its_own_name(document: bytes) -> None:
    with pytest.raises(InvalidXml):
        parse(document, "payload")


def test_what_stands_between_elements_is_text_of_what_they_are_in() -> None:
    assert parse(b"<a>\n <b>1</b>2<b>3</b>\n</a>", "payload").text == "\n 123\n"


def test_the_end_of_a_section_in_the_open_is_refused() -> None:
    with pytest.raises(InvalidXml):
        parse(b"<a><b>]]></b></a>", "payload")


def test_the_text_of_an_element_is_that_of_all_inside_it() -> None:
    document = b"<a>1<!-- no --><b>2<c>3</c>4</b><?no no?>5<![CDATA[<6>]]></a>"

    assert parse(document, "payload").text == "12345<6>"


def test_what_xml_cannot_carry_is_replaced() -> None:
    assert clean("a\x00b\ud800c\ufffed\t\n\re\U0001d11e") == (
        "a\ufffdb\ufffdc\ufffdd\t\n\re\U0001d11e"
    )


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("text", True), ("x-1.y", True), ("", False), ("1x", False), ("{ns}x", False), ("a b", False)],
)
def test_only_plain_names_can_be_written(name: str, *, verdict: bool) -> None:
    assert is_name(name) is verdict


@examples(300)
@given(st.text())
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    node = Node("a", "", (Node("b", clean(text)),))

    assert parse(write(node), "payload").children == node.children


@examples(300)
@given(st.one_of(st.binary(max_size=200), st.text(alphabet="<>&;/ab!-[]?\"'= ").map(str.encode)))
def test_garbage_is_read_or_refused_as_a_wire_error(document: bytes) -> None:
    try:
        root = parse(document, "payload")
    except WireError:
        root = None

    assert root is None or is_name(root.name)


def test_a_page_that_is_empty_or_too_large_is_refused() -> None:
    with pytest.raises(InvalidDiscovery):
        Page(b"")
    with pytest.raises(TooLarge):
        Page(b" " * (1024 * 1024 + 1))


def test_a_page_is_searched_by_class_whatever_else_stands_in_the_attribute() -> None:
    page = Page(
        b"<p class='x  uid y'>1</p><p class='uids'>2</p><b class=o><i class='p' src=3></i></b>"
    )

    uid, photo = page.first("uid"), page.first("o", "p")

    assert uid is not None
    assert photo is not None
    assert (uid.text, photo.attribute("src"), photo.attribute("alt")) == ("1", "3", None)
    assert page.first("p", "o") is None
