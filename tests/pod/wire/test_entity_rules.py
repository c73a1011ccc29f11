"""An entity that breaks a rule is refused, and the error says which entity and where."""

import pytest

from pod.wire.errors import (
    InvalidEntity,
    InvalidKey,
)
from tests.pod.wire.made import KEY
from tests.pod.wire.snippets import (
    COMMENT,
    CONTACT,
    EVENT,
    LIKE,
    MESSAGE,
    PERSON,
    PHOTO,
    POST,
    TALK,
    A,
    G,
    P,
    entity,
)

LONG = "x" * 65536
REFUSED: list[tuple[str, str]] = [
    ("status_message", f"{A}{G}"),
    ("status_message", f"{G}<text>x</text>"),
    ("status_message", f"{A}<text>x</text>"),
    ("status_message", f"<author/>{G}<text>x</text>"),
    ("status_message", f"{POST}{A}"),
    ("status_message", f"{POST}{G}"),
    ("status_message", f"<author>Alice@pod1.test</author>{G}<text>x</text>"),
    ("status_message", f"{A}<guid>short</guid><text>x</text>"),
    ("status_message", f"{POST}<public/>"),
    ("status_message", f"{POST}<public>maybe</public>"),
    ("status_message", f"{A}{G}<text>{LONG}</text>"),
    ("status_message", f"{POST}<location><address/></location>"),
    ("status_message", f"{POST}<location><lat>1</lat><lng>2</lng></location>"),
    ("status_message", f"{POST}<poll>{G}<question>x</question></poll>"),
    ("status_message", f"{POST}<embed><title>x</title></embed>"),
    ("status_message", f"{POST}<embed><url>https://x.test</url><nothing>1</nothing></embed>"),
    ("status_message", f"{POST}<embed><url>nowhere</url></embed>"),
    ("status_message", f"{POST}<event>{EVENT.replace('alice', 'bob')}</event>"),
    ("status_message", f"{POST}<photo>{PHOTO.replace('alice', 'bob')}</photo>"),
    ("photo", PHOTO.replace("https://x.test/p/", "https://x.test")),
    ("photo", PHOTO.replace("https://x.test/p/", "/p/")),
    ("photo", PHOTO.replace("https://x.test/p/", "ftp://x.test/p/")),
    ("photo", PHOTO.replace("https://x.test/p/", "https://x.test/ p/")),
    ("photo", PHOTO.replace("https://x.test/p/", "https:///p/")),
    ("photo", PHOTO.replace("https://x.test/p/", "https://[/p/")),
    ("event", EVENT.replace("2024-03-01", "soon")),
    ("event", f"{EVENT}<timezone>UTC</timezone>"),
    ("event", f"{EVENT}<timezone>Etc/GMT+1</timezone>"),
    ("reshare", f"{A}{G}<root_guid>0123456789abcdef</root_guid>"),
    ("comment", f"{A}{G}{P}<text/>"),
    ("comment", f"{A}{G}<parent_guid/><text>x</text>"),
    ("comment", f"{COMMENT}<author_signature>a</author_signature><author_signature/>"),
    ("comment", f"{COMMENT}<x:y xmlns:x='urn:x'>z</x:y>"),
    ("like", LIKE),
    ("like", f"{LIKE.replace('Post', 'Photo')}<positive>true</positive>"),
    ("event_participation", f"{A}{G}{P}<status>maybe</status>"),
    ("poll_participation", f"{A}{G}{P}"),
    ("participation", f"{A}{G}{P}<parent_type>Comment</parent_type>"),
    ("contact", f"{CONTACT}<following/>"),
    ("contact", f"{CONTACT}<blocking>true</blocking>"),
    ("profile", f"{A}<first_name>a;b</first_name>"),
    ("profile", f"{A}<first_name>{'x' * 33}</first_name>"),
    ("profile", f"{A}<birthday>soon</birthday>"),
    ("profile", f"{A}<birthday>1981-02-29</birthday>"),
    ("profile", f"{A}<image_url>https://x.test</image_url>"),
    ("profile", f"{A}<tag_string>#a #b #c #d #e #f</tag_string>"),
    ("conversation", TALK.replace(";bob@pod2.test", "")),
    ("conversation", TALK.replace(";bob", "; bob")),
    ("conversation", TALK.replace("alice@pod1.test;", "eve@pod1.test;")),
    ("conversation", f"{TALK}<message>{MESSAGE.replace('alice', 'bob')}</message>"),
    ("retraction", f"{A}<target_type>Post</target_type>"),
    ("account_migration", f"{A}<profile/>"),
    ("account_migration", f"{A}<profile>{A}</profile>"),
    ("account_migration", f"{A}<profile>{A}</profile><old_identity>alice@pod1.test</old_identity>"),
    ("account_rename", A),
    ("account_rename", f"{A}<person>{PERSON.replace('https', 'ssh')}</person>"),
    ("account_rename", f"<author>christy@pod2.test</author><person>{PERSON}</person>"),
]


@pytest.mark.parametrize(("name", "elements"), REFUSED)
def test_an_entity_that_breaks_a_rule_is_refused_and_the_error_says_where(
    name: str, elements: str
) -> None:
    with pytest.raises(InvalidEntity, match=f"^{name}: ") as refusal:
        entity(name, elements)

    assert LONG not in str(refusal.value)


def test_a_rename_with_an_unusable_key_is_refused() -> None:
    with pytest.raises(InvalidKey):
        entity("account_rename", A, f"<person>{PERSON.replace(KEY, 'PEM')}</person>")
