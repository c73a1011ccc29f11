"""Diaspora IDs and GUIDs are checked when they are made."""

import pickle

import pytest

from pod.domain.identity import DiasporaId, Guid, InvalidIdentity, parse_user_input

VALID = [
    "a.b-c_d@example.org",
    "alice@localhost",
    "alice@example.org:3000",
    "alice@127.0.0.1",
    "alice@[::1]:3000",
    "alice@[2001:db8::192.0.2.33]",
    "alice@example.org:65535",
    "x" * 243 + "@example.org",
]
INVALID = [
    "",
    "alice",
    "@example.org",
    "Alice@example.org",
    "alice@EXAMPLE.org",
    "alice+x@example.org",
    "alice@example_x.org",
    "alice@example.org:",
    "alice@example.org:0",
    "alice@example.org:65536",
    "alice@example.org:99999",
    "alice@[::1]:65536",
    "alice@[zz]",
    "alice@[fffff::1]",
    "alice@[1.2.3.4]",
    "alice@[]",
    "alice@example.org/x",
    "alice@example..org",
    "acct:alice@example.org",
    " alice@example.org",
    "alice@example.org\n",
    "\u00e4lice@example.org",
    "x" * 244 + "@example.org",
]


@pytest.mark.parametrize("text", VALID)
def test_a_diaspora_id_is_the_text_it_was_made_of(text: str) -> None:
    made = DiasporaId(text)

    assert made == text
    assert f"{made.username}@{made.host}" == text
    assert DiasporaId(made) is made


@pytest.mark.parametrize("text", INVALID)
def test_what_is_no_diaspora_id_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentity, match="is no diaspora ID"):
        DiasporaId(text)


def test_the_host_includes_the_port() -> None:
    assert DiasporaId("alice@example.org:3000").host == "example.org:3000"


@pytest.mark.parametrize(
    "text",
    ["0123456789abcdef", "a" * 255, "67d2bd0e-6cd6-11ee-b962-0242ac120002", "a@b.c:_-" * 2 + "Z"],
)
def test_a_guid_is_the_text_it_was_made_of(text: str) -> None:
    assert Guid(text) == text
    assert Guid(Guid(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0123456789abcde",
        "a" * 256,
        "0123456789abcde-",
        "0123456789/abcdef",
        "0123456789abcdef\n",
    ],
)
def test_what_is_no_guid_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentity, match="is no GUID"):
        Guid(text)


def test_identities_survive_pickling_with_their_type() -> None:
    made = (DiasporaId("alice@pod1.test"), Guid("0123456789abcdef"))

    copy = pickle.loads(pickle.dumps(made))  # noqa: S301 - made in the line above

    assert copy == made
    assert [type(each) for each in copy] == [DiasporaId, Guid]


@pytest.mark.parametrize("text", [" alice@pod1.test\n", "acct:alice@pod1.test", "Alice@POD1.test"])
def test_what_a_person_types_is_normalised(text: str) -> None:
    assert parse_user_input(text) == "alice@pod1.test"


def test_what_a_person_types_must_still_be_an_id() -> None:
    with pytest.raises(InvalidIdentity):
        parse_user_input("alice")
