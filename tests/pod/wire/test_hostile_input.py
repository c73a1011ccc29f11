"""Documents made by grammars, whole or damaged: what is not refused means the same after writing.

Whatever a stranger sends, nothing but a `WireError` comes out; `tests/fuzz` looks for exceptions
with more patience.
"""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from pod.domain.identity import DiasporaId
from pod.wire import encrypted_envelope, magic_envelope
from pod.wire.discovery import (
    HCard,
    NodeInfo,
    WebFinger,
    nodeinfo,
    read_hcard,
    read_nodeinfo,
    read_webfinger,
    write_hcard,
    write_webfinger,
)
from pod.wire.elements import clean, escape
from pod.wire.errors import WireError
from tests.examples import examples
from tests.fuzz import targets
from tests.pod.wire import grammar
from tests.pod.wire.made import GUIDS, IDS, NAMES, URLS, maybe
from tests.pod.wire.vectors import load, owners

SOME = examples(150)

ALICE = owners()["alice"]
ID = DiasporaId(ALICE.diaspora_id)

# --- discovery documents ---

WEBFINGERS = st.builds(
    WebFinger,
    subject=IDS,
    hcard_url=URLS,
    seed_url=URLS,
    profile_url=maybe(URLS),
    atom_url=maybe(URLS),
    salmon_url=maybe(URLS),
    subscribe_template=maybe(URLS.map(lambda url: url + "?q={uri}")),
    aliases=st.lists(st.text(), max_size=3).map(tuple),
)
PLAIN = NAMES.map(lambda name: "".join(name.split()) or "x")
HCARDS = st.builds(
    HCard,
    guid=GUIDS,
    nickname=PLAIN,
    full_name=PLAIN,
    first_name=maybe(PLAIN),
    last_name=maybe(PLAIN),
    public_key=st.just(ALICE.pem["public_key_spki_pem"]),
    photo_url=URLS,
    photo_url_medium=URLS,
    photo_url_small=URLS,
    searchable=st.booleans(),
)


@SOME
@given(WEBFINGERS)
def test_a_webfinger_document_means_the_same_after_it_was_written(found: WebFinger) -> None:
    assert read_webfinger(write_webfinger(found), found.subject) == found


@SOME
@given(HCARDS)
def test_an_hcard_means_the_same_after_it_was_written(card: HCard) -> None:
    assert read_hcard(write_hcard(card), targets.BASE) == card


@SOME
@given(st.builds(NodeInfo, software=NAMES, version=NAMES, node_name=st.text()))
def test_a_nodeinfo_document_means_the_same_after_it_was_written(info: NodeInfo) -> None:
    assert read_nodeinfo(nodeinfo("2.1", info)) == info


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
RELATIONS = (
    *("http://microformats.org/profile/hcard", "http://joindiaspora.com/seed_location", "salmon"),
    *("http://ostatus.org/schema/1.0/subscribe", "http://nodeinfo.diaspora.software/ns/schema/2.1"),
)
LINKS = st.fixed_dictionaries(
    {},
    optional={"rel": st.sampled_from(RELATIONS) | JSON, "href": URLS | JSON, "template": JSON},
)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "subject": IDS.map(lambda name: f"acct:{name}") | JSON,
        "links": st.lists(LINKS | JSON, max_size=4) | JSON,
        "aliases": JSON,
        "software": st.dictionaries(st.sampled_from(("name", "version")), JSON) | JSON,
        "metadata": JSON,
    },
)


@SOME
@given(DOCUMENTS)
@pytest.mark.parametrize("target", ["webfinger", "nodeinfo"])
def test_a_json_document_of_any_shape_is_read_or_refused(target: str, document: Any) -> None:  # noqa: ANN401 - JSON
    targets.run(target, json.dumps(document).encode())


CLASSES = ("uid", "fn", "key", "photo", "entity_photo", "entity_photo_small", "given_name")
TAGS = st.recursive(
    st.text(max_size=20).map(lambda text: escape(clean(text))),
    lambda inner: st.builds(
        "<{0} class='{1}' src='{2}'>{3}</{0}>".format,
        st.sampled_from(("div", "span", "pre", "img", "p")),
        st.lists(st.sampled_from(CLASSES), max_size=3).map(" ".join),
        st.sampled_from(("/a.png", "https://[", "javascript:x", "", "//host")),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=15,
)


@SOME
@given(TAGS)
def test_a_page_of_any_shape_is_read_or_refused(page: str) -> None:
    targets.run("hcard", page.encode())


# --- envelopes and entities ---


@SOME
@given(grammar.payloads() | grammar.heaps())
@pytest.mark.parametrize("target", ["payload", "signed"])
def test_a_payload_of_any_shape_is_read_or_refused(target: str, document: str) -> None:
    targets.run(target, document.encode())


@pytest.mark.parametrize("root", grammar.ROOTS)
def test_the_grammar_makes_payloads_of_every_kind_that_are_accepted(root: str) -> None:
    """Or the test above would look at refusals alone."""
    no_matter_which = settings(examples(150), phases=(Phase.generate,))
    find(grammar.whole(root), _is_accepted, settings=no_matter_which)


def _is_accepted(document: str) -> bool:
    try:
        targets.payload(document.encode())
    except WireError:
        return False
    return True


ENVELOPES = [vector["envelope_xml"].encode() for vector in load("magic_envelope")]
PIECES = (
    *(b"<me:data>", b"</me:env>", b"<!DOCTYPE x>", b"&amp;", b"&x;", b"\x00", b"\xff\xfe"),
    *(b"<!--", b"]]>", b"<![CDATA[", b"=", b" ", b"\n", b"key_id=''", b"RSA-SHA256"),
)


@st.composite
def damaged(draw: st.DrawFn, whole: Sequence[bytes]) -> bytes:
    """A document out of which something was cut, into which something was put, or both."""
    text = bytearray(draw(st.sampled_from(list(whole))))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        length = draw(st.sampled_from((0, 0, 1, 4, 40)))
        text[start : start + length] = draw(st.sampled_from(PIECES) | st.binary(max_size=4))
    return bytes(text)


@SOME
@given(damaged(ENVELOPES))
def test_a_damaged_envelope_verifies_only_if_its_meaning_is_whole(text: bytes) -> None:
    targets.run("envelope", text)
    try:
        opened = magic_envelope.parse(text)
        opened.verify(owners()[opened.sender].public_key)
    except (WireError, KeyError):
        return
    assert opened.payload in {magic_envelope.parse(each).payload for each in ENVELOPES}


PAYLOADS = [vector["payload_xml"].encode() for vector in load("magic_envelope")]


@SOME
@given(damaged(PAYLOADS))
def test_a_damaged_payload_is_read_as_the_parser_reads_it(text: bytes) -> None:
    targets.run("payload", text)


BODIES = [vector["body_json"].encode() for vector in load("encrypted_envelope")]


@SOME
@given(damaged(BODIES))
def test_a_damaged_private_message_is_refused_and_says_no_more(text: bytes) -> None:
    bob = owners()["bob"]
    reason = ""
    try:
        opened = encrypted_envelope.unwrap(text, bob.private_key)
    except WireError as error:
        opened, reason = b"", str(error)
    assert reason in ("", "encrypted envelope: cannot be decrypted with this key")
    # CBC has no integrity: what comes out is only believed if the envelope in it verifies.
    targets.run("envelope", opened)


def test_the_grammars_reach_what_is_accepted() -> None:
    """Or all the tests above would look at refusals alone."""
    links = [{"rel": rel, "href": "https://pod-a.example.org/x"} for rel in RELATIONS[:2]]
    document = {"subject": f"acct:{ID}", "links": links}
    assert read_webfinger(json.dumps(document).encode()).subject == ID
