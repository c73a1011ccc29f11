"""Mentions, tags and links are found in text."""

import pytest

from pod.domain.text import entity_links, mentioned, tags

HINDI = "\u0939\u093f\u0928\u094d\u0926\u0940"
GUID = "0123456789abcdef"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("@{alice@pod1.test}", ("alice@pod1.test",)),
        ("hi @{Alice A.; alice@pod1.test}!", ("alice@pod1.test",)),
        ("@{b@x.test} @{a@x.test} @{B; b@x.test}", ("b@x.test", "a@x.test")),
        ("@{Alice;alice@pod1.test}", ()),
        ("@{Alice; alice@pod1.test }", ()),
        ("@{Alice; Alice@pod1.test}", ()),
        ("@alice@pod1.test", ()),
        ("@{" * 30_000, ()),
    ],
)
def test_people_are_mentioned_in_braces(text: str, expected: tuple[str, ...]) -> None:
    assert mentioned(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("#one two #Three", ("one", "three")),
        ("#one #ONE", ("one",)),
        ("no#tag &#38; #", ()),
        ("#a-b_c, (#no) #x.y", ("a-b_c", "x")),
        ("#<3 #<4", ("<3",)),
        (
            "#gr\u00fc\u00dfe #\u0939\u093f\u0928\u094d\u0926\u0940",
            ("gr\u00fc\u00dfe", "\u0939\u093f\u0928\u094d\u0926\u0940"),
        ),
    ],
)
def test_tags_follow_a_hash_after_white_space(text: str, expected: tuple[str, ...]) -> None:
    assert tags(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (f"diaspora://a@x.test/post/{GUID}", (("a@x.test", "post", GUID),)),
        (
            f"[x](web+diaspora://a@x.test:80/status_message/{GUID}). diaspora://a@x.test/post/{GUID}.",
            (("a@x.test:80", "status_message", GUID), ("a@x.test", "post", GUID)),
        ),
        (f"diaspora://A@x.test/post/{GUID}", ()),
        ("diaspora://a@x.test/post/short", ()),
        (f"diaspora://a@x.test/Post/{GUID}", ()),
        (f"diaspora://a@x.test/post/{GUID} " * 2, (("a@x.test", "post", GUID),)),
    ],
)
def test_links_name_author_type_and_guid(text: str, expected: tuple[object, ...]) -> None:
    assert entity_links(text) == expected
