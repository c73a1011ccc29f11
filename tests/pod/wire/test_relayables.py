"""Relayables: what the author signed stays as it was; what is made here is canonical."""

from dataclasses import replace

import pytest

from pod.domain.entities import (
    Comment,
    Like,
)
from pod.domain.identity import Guid
from pod.wire.entities import decode, encode
from pod.wire.errors import (
    BadSignature,
    MissingSignature,
)
from pod.wire.signatures import sign_relayable, verify_relayable
from tests.pod.wire.snippets import (
    ALICE,
    COMMENT,
    LIKE,
    entity,
)
from tests.pod.wire.vectors import owners


def test_what_xml_cannot_carry_is_replaced_before_it_is_signed() -> None:
    comment = Comment(
        author=ALICE,
        guid=Guid("0123456789abcdef"),
        parent_guid=Guid("0123456789abcdef"),
        text="a\x00b",
    )

    signed = sign_relayable(comment, owners()["alice"].private_key)

    assert (signed.text, dict(signed.signed)["text"]) == ("a\ufffdb", "a\ufffdb")
    assert decode(encode(signed)) == signed


def test_a_relayable_keeps_unknown_elements_their_order_and_nested_text() -> None:
    comment = entity(
        "comment",
        "<x>1<y>2</y></x>",
        COMMENT,
        "<text>twin</text><z/><foo_signature_bar>no</foo_signature_bar>",
        "<author_signature>eHh4</author_signature><parent_author_signature/>",
    )

    assert comment.signed == (
        ("x", "12"),
        ("author", ALICE),
        ("guid", "0123456789abcdef"),
        ("parent_guid", "0123456789abcdef"),
        ("text", "x"),
        ("z", ""),
    )
    written = f"<comment><x>12</x>{COMMENT}<z></z><author_signature>eHh4</author_signature>"
    assert encode(comment).decode() == f"{written}</comment>"


def test_a_relayable_without_created_at_has_no_empty_element() -> None:
    like = Like(
        author=ALICE,
        guid=Guid("0123456789abcdef"),
        parent_guid=Guid("0123456789abcdef"),
        parent_type="Post",
    )

    assert encode(like).decode() == f"<like>{LIKE}<positive>true</positive></like>"


@pytest.mark.parametrize("signature", ["", " ", None])
def test_a_relayable_without_signature_says_so(signature: str | None) -> None:
    comment = replace(entity("comment", COMMENT), author_signature=signature)

    with pytest.raises(MissingSignature):
        verify_relayable(comment, owners()["alice"].public_key)


@pytest.mark.parametrize("signature", ["x", "eHh4", "-_-_", "\u00e9"])
def test_a_signature_that_is_garbage_is_bad(signature: str) -> None:
    comment = replace(entity("comment", COMMENT), author_signature=signature)

    with pytest.raises(BadSignature):
        verify_relayable(comment, owners()["alice"].public_key)
