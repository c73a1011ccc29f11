"""What docs/protocol.md tells other implementers is what this pod does."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from pod.domain.entities import AccountRename, Profile
from pod.domain.identity import DiasporaId, Guid
from pod.web.routes import _MODULES
from pod.wire.entities import decode, encode
from tests.pod.wire import field_tables
from tests.pod.wire.vectors import Vector, each, named, opened

SCHEMAS = field_tables.DOCUMENT.parent / "schema"
FEDERATED = re.compile(r"^/(\.well-known|hcard|nodeinfo|receive|fetch|people|public|posts|u)\b|^/$")


def schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMAS / "account_rename.rng"))


def is_valid(payload: bytes) -> bool:
    return bool(schema().validate(etree.fromstring(payload)))


def test_the_tables_of_fields_are_those_of_the_wire_layer() -> None:
    assert field_tables.written().strip() == field_tables.tables().strip()


def test_every_path_for_other_pods_is_in_the_document() -> None:
    text = field_tables.DOCUMENT.read_text("utf-8")
    paths = {route.pattern for module in _MODULES for route in module.ROUTES}
    federated = {path for path in paths if FEDERATED.search(path)}
    told = {path.replace("{version}", "2.1") for path in federated}
    assert [
        path for path in sorted(told) if f"`{path}" not in text and f" {path}" not in text
    ] == []


@each("account_rename")
def test_the_schema_holds_for_every_golden_rename(vector: Vector) -> None:
    """Their attacks are none of structure; the seed's own form has no new signature."""
    assert is_valid(vector["payload_xml"].encode())


def rename() -> AccountRename:
    entity = decode(opened(named("extended_form", "account_rename")).payload)
    assert isinstance(entity, AccountRename)
    return entity


def test_the_schema_holds_for_what_is_sent_here() -> None:
    full = Profile(
        author=DiasporaId("christy@pod-b.example.org"),
        full_name="Christy",
        first_name="Chris",
        last_name="Ty",
        image_url="/a.png",
        image_url_medium="/b.png",
        image_url_small="/c.png",
        bio="*moved*",
        gender="f",
        location="b",
        tag_string="#moved",
    )
    entity = rename()
    assert is_valid(encode(entity))
    assert is_valid(encode(replace(entity, person=replace(entity.person, profile=full))))
    assert is_valid(encode(replace(entity, new_signature=None)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<guid>", "<guid>!"),
        ("<author>carol@pod-a.example.org</author>", ""),
        ("<author>carol@pod-a.example.org</author>", "<author>Carol@pod-a.example.org</author>"),
        ("<author>carol@pod-a.example.org</author>", "<author>carol</author>"),
        ("https://pod-b.example.org/", "ftp://pod-b.example.org/"),
        ("<url>", "<url>x</url><url>"),
        ("-----BEGIN PUBLIC KEY-----", "-----BEGIN PRIVATE KEY-----"),
        ("<first_name>", "<first_name>a;b"),
        ("<first_name>", f"<first_name>{'x' * 33}"),
        ("account_rename>", "account_renaming>"),
    ],
)
def test_the_schema_does_not_hold_for_other_messages(old: str, new: str) -> None:
    text = encode(rename()).decode()
    assert old in text
    assert not is_valid(text.replace(old, new).encode())


def test_the_schema_lets_unknown_elements_pass_in_any_order() -> None:
    text = encode(rename()).decode()
    author = "<author>carol@pod-a.example.org</author>"
    moved = text.replace(author, "").replace("</account_rename>", f"{author}</account_rename>")
    extended = moved.replace("</person>", "<sign>x<y z='1'/></sign></person>")
    assert is_valid(extended.encode())
    assert decode(extended.encode()) == rename()


def test_both_forms_of_the_schema_have_the_same_elements_and_patterns() -> None:
    def of(name: str, element: str, pattern: str) -> tuple[list[str], set[str]]:
        text = Path(SCHEMAS / name).read_text("utf-8")
        return sorted(re.findall(element, text)), set(re.findall(pattern, text))

    compact = of("account_rename.rnc", r"element (\w+) \{", r'pattern = "([^"]+)"')
    xml = of("account_rename.rng", r'<element name="(\w+)">', r'name="pattern">([^<]+)<')
    assert compact == xml


def test_the_guid_of_the_schema_is_the_guid_of_the_pod() -> None:
    text = (SCHEMAS / "account_rename.rng").read_text("utf-8")
    pattern = re.search(r'name="guid">\s*<data type="string"><param name="pattern">([^<]+)<', text)
    assert pattern is not None
    for guid in ("a" * 16, "a" * 255, "A-b_c@d.e:f01234z"):
        assert re.fullmatch(pattern[1], Guid(guid))
    for text in ("a" * 15, "a" * 256, "a" * 16 + "-"):
        assert not re.fullmatch(pattern[1], text)
