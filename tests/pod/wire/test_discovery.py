"""Discovery documents: the deployed ones are read, and ours say the same."""

import json
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from pod.domain.identity import DiasporaId, Guid
from pod.wire.discovery import (
    HCard,
    NodeInfo,
    SubjectMismatch,
    WebFinger,
    host_meta,
    nodeinfo,
    nodeinfo_index,
    read_hcard,
    read_nodeinfo,
    read_nodeinfo_index,
    read_webfinger,
    write_hcard,
    write_webfinger,
    write_xrd,
)
from pod.wire.errors import InvalidDiscovery, TooLarge
from pod.wire.nodeinfo import content_type
from tests.pod.wire.vectors import FOLDER, owners

VECTOR: dict[str, Any] = json.loads((FOLDER / "discovery.json").read_text())
JRD: dict[str, Any] = VECTOR["webfinger_jrd"]
POD = "https://pod-a.example.org/"
ALICE = WebFinger(
    subject=DiasporaId("alice@pod-a.example.org"),
    hcard_url=f"{POD}hcard/users/a11ce0000000013887f10242ac110002",
    seed_url=POD,
    profile_url=f"{POD}u/alice",
    atom_url=f"{POD}public/alice.atom",
    salmon_url=f"{POD}receive/users/a11ce0000000013887f10242ac110002",
    subscribe_template=f"{POD}people?q={{uri}}",
    aliases=(f"{POD}people/a11ce0000000013887f10242ac110002", f"{POD}u/alice"),
)
CARD = HCard(
    guid=Guid("a11ce0000000013887f10242ac110002"),
    nickname="alice",
    full_name="Alice Smith",
    first_name="Alice",
    last_name="Smith",
    public_key=owners()["alice"].pem["public_key_spki_pem"],
    photo_url=f"{POD}avatars/l.png",
    photo_url_medium=f"{POD}avatars/m.png",
    photo_url_small=f"{POD}avatars/s.png",
    searchable=True,
)
NODE = NodeInfo(
    software="refpod",
    version="0.1.0",
    node_name="Pod A",
    repository="https://git.example.org/refpod",
    homepage="https://refpod.example.org/",
    users_total=3,
    users_active_halfyear=3,
    users_active_month=2,
    local_posts=12,
    local_comments=7,
    features=("account_migration", "account_rename"),
)


def jrd(**changes: object) -> bytes:
    return json.dumps(JRD | changes).encode()


def without(*rels: str) -> list[dict[str, str]]:
    return [link for link in JRD["links"] if link["rel"] not in rels]


def test_a_webfinger_document_of_another_implementation_is_read() -> None:
    assert read_webfinger(jrd(), ALICE.subject) == ALICE


def test_a_webfinger_document_is_written_as_the_others_write_it() -> None:
    assert json.loads(write_webfinger(ALICE)) == JRD


def test_a_webfinger_document_needs_only_hcard_and_seed() -> None:
    links = [link for link in JRD["links"] if "hcard" in link["rel"] or "seed" in link["rel"]]
    body = json.dumps({"subject": " acct:Alice@Pod-A.example.org ", "links": links}).encode()

    found = read_webfinger(body, ALICE.subject)

    assert found == WebFinger(
        subject=ALICE.subject, hcard_url=ALICE.hcard_url, seed_url=ALICE.seed_url
    )


def test_the_first_of_two_links_with_one_relation_counts() -> None:
    second = {"rel": "http://joindiaspora.com/seed_location", "href": "https://evil.example.net/"}

    assert read_webfinger(jrd(links=[*JRD["links"], second, 7])).seed_url == POD


def test_a_document_about_somebody_else_is_reported_with_what_it_says() -> None:
    with pytest.raises(SubjectMismatch) as mismatch:
        read_webfinger(jrd(), DiasporaId("carol@pod-a.example.org"))

    assert mismatch.value.requested == "carol@pod-a.example.org"
    assert mismatch.value.found == ALICE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"[" * 100_000,
        jrd(subject=None),
        jrd(subject="alice"),
        jrd(links=None),
        jrd(links=without("http://microformats.org/profile/hcard")),
        jrd(links=without("http://joindiaspora.com/seed_location")),
        jrd(links=[{"rel": "http://joindiaspora.com/seed_location", "href": "/"}, *JRD["links"]]),
        jrd(links=[{"rel": "http://joindiaspora.com/seed_location", "href": "ftp://x/"}]),
        jrd(links=[{"rel": "http://microformats.org/profile/hcard", "href": "https://x"}]),
        jrd(links=[{"rel": "http://microformats.org/profile/hcard", "href": "https://[/x"}]),
        jrd(links=[{"rel": "salmon", "href": "nowhere"}, *JRD["links"]]),
    ],
)
def test_a_webfinger_document_that_cannot_be_used_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidDiscovery):
        read_webfinger(body)


def test_a_webfinger_document_that_is_too_large_is_not_read() -> None:
    with pytest.raises(TooLarge):
        read_webfinger(b" " * (1024 * 1024 + 1))


def canonical(document: bytes | str) -> bytes:
    parser = etree.XMLParser(remove_blank_text=True)
    root = etree.fromstring(document if isinstance(document, bytes) else document.encode(), parser)
    return etree.tostring(root, method="c14n")


def test_the_old_documents_are_written_as_the_others_write_them() -> None:
    assert canonical(host_meta(POD)) == canonical(VECTOR["host_meta_xrd"])
    expected = VECTOR["legacy_webfinger_xrd"]
    assert canonical(write_xrd(replace(ALICE, aliases=ALICE.aliases[:1]))) == canonical(expected)


def test_an_hcard_of_another_implementation_is_read() -> None:
    assert read_hcard(VECTOR["hcard_html"].encode(), POD) == CARD


def test_an_hcard_is_read_as_it_was_written() -> None:
    strange = replace(
        CARD, full_name='<b> & "Alice"', first_name=None, nickname=None, searchable=False
    )

    assert read_hcard(write_hcard(CARD), POD) == CARD
    assert read_hcard(write_hcard(replace(strange, url=POD)), POD) == strange


def test_pictures_may_be_relative_to_the_page() -> None:
    page = VECTOR["hcard_html"].replace(f"{POD}avatars/l.png", "../l.png")

    card = read_hcard(page.encode(), f"{POD}hcard/users/x")

    assert card.photo_url == f"{POD}hcard/l.png"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('class="uid"', 'class="id"'),
        ('class="uid">', 'class="uid"> '),
        ('class="fn"', ""),
        ('class="fn">Alice', 'class="fn">A;lice'),
        ('class="fn">Alice', f'class="fn">{"x" * 71}'),
        ('class="key"', ""),
        ("MIIBIjAN", "MIIBIjAM"),
        ("-----BEGIN PUBLIC KEY-----", "-----BEGIN PRIVATE KEY-----"),
        ("entity_photo_small", "entity_photo_tiny"),
        (f"{POD}avatars/s.png", ""),
        (f"{POD}avatars/s.png", "https://[/s.png"),
        (f"{POD}avatars/s.png", "javascript:alert(1)"),
    ],
)
def test_an_hcard_that_cannot_be_used_is_refused(old: str, new: str) -> None:
    page = VECTOR["hcard_html"]
    assert old in page

    with pytest.raises(InvalidDiscovery):
        read_hcard(page.replace(old, new).encode(), POD)


@pytest.mark.parametrize("bad", ["x" * 33, "A;lice"])
def test_parts_of_a_name_that_cannot_be_used_are_as_good_as_none(bad: str) -> None:
    page = VECTOR["hcard_html"]
    for good in ('given_name">Alice', 'family_name">Smith'):
        assert good in page
        page = page.replace(good, f"{good.partition('>')[0]}>{bad}")

    card = read_hcard(page.encode(), POD)

    assert (card.full_name, card.first_name, card.last_name) == ("Alice Smith", None, None)


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_nodeinfo_is_written_as_the_schema_wants_it(version: str) -> None:
    expected = VECTOR[f"nodeinfo_{version.replace('.', '_')}"]

    assert json.loads(nodeinfo(version, NODE)) == expected


def test_the_media_type_of_nodeinfo_names_the_schema() -> None:
    schema = "http://nodeinfo.diaspora.software/ns/schema/2.1#"

    assert content_type("2.1") == f"application/json; profile={schema}; charset=utf-8"


def test_nodeinfo_knows_no_other_versions() -> None:
    with pytest.raises(ValueError, match="expected one of"):
        nodeinfo("1.0", NODE)


@pytest.mark.parametrize("version", ["1_0", "2_0", "2_1"])
def test_software_and_features_are_read_from_any_version(version: str) -> None:
    found = read_nodeinfo(json.dumps(VECTOR[f"nodeinfo_{version}"]).encode())

    assert found.features == NODE.features
    assert (found.version, found.node_name) == ("0.1.0", "Pod A")


def test_the_nodeinfo_index_lists_what_is_served() -> None:
    expected = {"2.0": f"{POD}nodeinfo/2.0", "2.1": f"{POD}nodeinfo/2.1"}

    assert read_nodeinfo_index(nodeinfo_index(POD)) == expected
    theirs = read_nodeinfo_index(json.dumps(VECTOR["nodeinfo_index"]).encode())
    assert theirs == expected | {"1.0": f"{POD}nodeinfo/1.0"}


@pytest.mark.parametrize("body", [b"{}", b'{"software": {"name": "x"}}', b'{"software": 1}'])
def test_nodeinfo_without_software_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidDiscovery):
        read_nodeinfo(body)


def test_nodeinfo_with_strange_metadata_has_no_features() -> None:
    body = b'{"software": {"name": "x", "version": "1"}, "metadata": []}'

    assert read_nodeinfo(body) == NodeInfo(software="x", version="1")
