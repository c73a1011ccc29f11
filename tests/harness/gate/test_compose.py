"""Entities, keys and documents that are written by hand are what they seem to be."""

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from harness.gate import compose, documents, forge
from harness.gate.decode import decrypt
from harness.gate.forge import Identity
from harness.gate.keys import public_key_in
from tests.harness.gate.letters import person

CAROL = person("carol", "pod1")
WHO = Identity(CAROL.diaspora_id, CAROL.guid, CAROL.key)


def test_an_entity_has_its_fields_in_order_nested_ones_included() -> None:
    text = compose.entity(
        "status_message",
        {
            "text": "<&>",
            "public": True,
            "created_at": datetime(2026, 1, 5, 9, tzinfo=UTC),
            "photo": [{"guid": "a", "height": 3}, {"guid": "b"}],
            "location": {"address": ""},
        },
    )
    assert text == (
        "<status_message><text>&lt;&amp;&gt;</text><public>true</public>"
        "<created_at>2026-01-05T09:00:00Z</created_at>"
        "<photo><guid>a</guid><height>3</height></photo><photo><guid>b</guid></photo>"
        "<location><address></address></location></status_message>"
    )


def test_an_author_signs_the_texts_in_order_without_signatures() -> None:
    fields: dict[str, compose.Value] = {"text": "a;b", "x_signature": "no", "positive": True}
    signature = base64.b64decode(compose.author_signature(fields, CAROL.key))
    CAROL.key.public_key().verify(signature, b"a;b;true", PKCS1v15(), SHA256())


def test_an_encrypted_envelope_opens_with_the_key_it_is_for() -> None:
    body = compose.encrypted(b"<env/>", CAROL.key.public_key())
    assert set(json.loads(body)) == {"aes_key", "encrypted_magic_envelope"}
    assert decrypt(body, CAROL.key) == b"<env/>"


def test_a_public_key_by_its_numbers_is_the_same_as_a_librarys() -> None:
    numbers = CAROL.key.public_key().public_numbers()
    key = load_pem_public_key(forge.public_pem(numbers.e, numbers.n).encode())
    assert isinstance(key, RSAPublicKey)
    assert key.public_numbers() == numbers


@pytest.mark.parametrize("scheme", ["RSA-SHA1", "RSASSA-PSS"])
def test_another_scheme_makes_another_signature(scheme: forge.Scheme) -> None:
    proper, other = (forge.seal("<x/>", WHO, each) for each in ("RSA-SHA256", scheme))
    assert proper.partition(b"<me:sig")[0] == other.partition(b"<me:sig")[0]
    assert proper != other


def test_documents_present_somebody_or_something_else() -> None:
    page = documents.hcard(WHO, first_name="Ca<rol", guid="another")
    assert public_key_in(page.encode()) == CAROL.key.public_key()
    assert ('<pre class="uid">another</pre>' in page, "Ca&lt;rol" in page) == (True, True)
    document = json.loads(documents.webfinger(WHO, subject="x@y", seed="https://z/", more=1))
    assert (document["subject"], document["more"]) == ("acct:x@y", 1)
    assert [link["href"] for link in document["links"]] == [
        f"https://pod1.test/hcard/users/{CAROL.guid}",
        "https://z/",
    ]
