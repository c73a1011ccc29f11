"""Archives as files: what is accepted, and what the error says about what is not."""

import gzip
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from pod.domain.errors import Invalid
from pod.wire import archive as files
from tests.pod.archives import EXAMPLE, packed

Change = Callable[[dict[str, Any]], object]


def test_an_archive_of_other_software_is_read() -> None:
    archive = files.read(packed(EXAMPLE))
    assert archive.broken == ()
    assert archive.owner == "carol@pod1.example"
    assert [contact.person.diaspora_id for contact in archive.contacts] == [
        "debora@pod1.example",
        "alice@pod2.example",
        "fan@pod3.example",
    ]
    assert [type(post.entity).__name__ for post in archive.posts] == [
        "StatusMessage",
        "StatusMessage",
        "Reshare",
    ]
    assert archive.posts[1].audience == ("debora@pod1.example", "alice@pod2.example")
    assert [type(each).__name__ for each in archive.relayables] == [
        "Comment",
        "Like",
        "PollParticipation",
    ]
    (comment,) = archive.others_relayables
    assert [name for name, _ in comment.signed] == [
        "author",
        "guid",
        "parent_guid",
        "text",
        "created_at",
    ]


def test_what_is_written_is_read_back() -> None:
    archive = files.read(packed(EXAMPLE))
    assert files.read(files.write(archive)) == archive
    assert files.write(archive) == files.write(archive)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b"{}", "no gzip file"),
        (gzip.compress(b"{}", mtime=0)[:-9], "cut off"),
        (gzip.compress(json.dumps(EXAMPLE).encode())[:200], "cut off"),
        (gzip.compress(b"hello", mtime=0), "no JSON: Expecting value at line 1"),
        (gzip.compress(b"\xff\xfe", mtime=0), "no UTF-8 text at byte 0"),
        (gzip.compress(b"[" * 100_000), "nested too deep"),
        (gzip.compress(b"[]", mtime=0), "the document: expected object"),
        (gzip.compress(b"{}", mtime=0) + b"more", "something follows"),
        (b"\x1f\x8b" + b"x" * 40, "no gzip file, or a damaged one"),
    ],
)
def test_a_damaged_file_is_refused_with_what_is_wrong(body: bytes, message: str) -> None:
    with pytest.raises(Invalid, match="archive: ") as refusal:
        files.read(body)
    assert message in str(refusal.value)


def test_a_small_file_that_holds_a_huge_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_JSON_BYTES", 1000)
    with pytest.raises(Invalid, match="more than 1000 bytes"):
        files.read(gzip.compress(b" " * 1001))
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 10)
    with pytest.raises(Invalid, match="at most 10 are read"):
        files.read(gzip.compress(b" " * 1001))


def _set(*path: str | int, to: object) -> Change:
    def change(document: dict[str, Any]) -> None:
        *parents, last = path
        place: Any = document
        for name in parents:
            place = place[name]
        place[last] = to

    return change


def _drop(*path: str | int) -> Change:
    def change(document: dict[str, Any]) -> None:
        *parents, last = path
        place: Any = document
        for name in parents:
            place = place[name]
        del place[last]

    return change


POST = ("user", "posts", 0)
LIMITED = ("user", "posts", 1)
COMMENT = ("user", "relayables", 0)
LIKE = ("user", "relayables", 1)
THEIRS = ("others_data", "relayables", 0)
CONTACT = ("user", "contacts", 0)

REFUSED: list[tuple[Change, str]] = [
    (_drop("version"), "the document: version missing"),
    (_set("version", to="2.1"), "version '2.1', only version '2.0'"),
    (_drop("user"), "the document: user missing"),
    (_drop("user", "username"), "user: username missing"),
    (_drop("user", "email"), "user: email missing"),
    (_drop("user", "private_key"), "user: private_key missing"),
    (_drop("user", "profile"), "user: profile missing"),
    (_set("user", "language", to=None), "user.language: expected string"),
    (_set("user", "blocks", to=[{}]), "user.blocks[0]: expected string"),
    (_set("user", "auto_follow_back_aspect", to={}), "user.auto_follow_back_aspect: expected"),
    (_drop(*LIMITED, "subscribed_users_ids"), "user.posts[1]: subscribed_users_ids missing"),
    (_drop(*POST, "subscribed_pods_uris"), "user.posts[0]: subscribed_pods_uris missing"),
    (_drop("user", "posts", 2, "subscribed_pods_uris"), "user.posts[2]: subscribed_pods_uris"),
    (_set(*POST, "entity_data", "text", to=None), "user.posts[0].entity_data.text"),
    (_drop(*POST, "entity_data", "text"), "user.posts[0].entity_data: text missing"),
    (_set(*POST, "entity_data", "public", to="true"), "user.posts[0].entity_data.public"),
    (_set(*POST, "entity_data", "guid", to="x" * 15), "a text of 15 characters, minLength is 16"),
    (_set("user", "post_subscriptions", to=["x" * 15]), "user.post_subscriptions[0]"),
    (_drop(*COMMENT, "property_order"), "user.relayables[0]: property_order missing"),
    (_set(*COMMENT, "entity_type", to="participation"), "user.relayables[0].entity_type"),
    (_set("user", "relayables", to=[True]), "user.relayables[0]: expected object"),
    (_set(*LIKE, "entity_data", "positive", to="true"), "user.relayables[1].entity_data.positive"),
    (_set(*THEIRS, "entity_data", "author_signature", to=None), "author_signature"),
    (_set(*THEIRS, "entity_data", "author_signature", to="short"), "author_signature"),
    *(
        (_drop(*CONTACT, name), f"user.contacts[0]: {name} missing")
        for name in (
            "sharing",
            "receiving",
            "following",
            "followed",
            "account_id",
            "contact_groups_membership",
        )
    ),
]


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_the_error_names_the_place_and_what_is_expected(change: Change, message: str) -> None:
    document = deepcopy(EXAMPLE)
    change(document)
    with pytest.raises(Invalid) as refusal:
        files.read(packed(document))
    assert message in str(refusal.value)


ACCEPTED: list[Change] = [
    _drop("others_data"),
    _drop("user", "contacts"),
    _drop("user", "posts"),
    _drop("user", "relayables"),
    _set("user", "something", to=[1, 2]),
    _set(*POST, "entity_data", "location", to=None),
    _set(*POST, "subscribed_users_ids", to=[]),
    _drop("user", "posts", 2, "entity_data", "root_author"),
    _set(*LIKE, "entity_data", "parent_type", to="Comment"),
    _drop(*THEIRS, "entity_data", "author_signature"),
    _set(*THEIRS, "entity_data", "author_signature", to=""),
    _drop(*POST, "entity_data", "author"),
    _set(*POST, "entity_data", "created_at", to="yesterday"),
    _set("user", "email", to="no mail"),
    _set("user", "profile", "entity_data", "nsfw", to="maybe"),
    _set("user", "auto_follow_back_aspect", to=None),
    _drop(*CONTACT, "person_guid"),
    _drop(*CONTACT, "person_name"),
    _drop(*CONTACT, "public_key"),
]


@pytest.mark.parametrize("change", ACCEPTED)
def test_archives_that_other_software_calls_valid_are_read(change: Change) -> None:
    document = deepcopy(EXAMPLE)
    change(document)
    assert files.read(packed(document)).owner == "carol@pod1.example"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            _set(*POST, "entity_data", "poll", "entity_data", "poll_answers", to=[]),
            "user.posts[0]: ",
        ),
        (_drop("user", "posts", 2, "entity_data", "root_author"), "user.posts[2]: "),
        (_set(*COMMENT, "entity_data", "guid", to="no guid, though long"), "user.relayables[0]: "),
        (_set(*COMMENT, "property_order", to=["author", "nothing"]), "user.relayables[0]: "),
        (_set(*CONTACT, "account_id", to="No@One"), "user.contacts[0]: "),
        (_set("user", "blocks", to=["@@@"]), "user.blocks[0]: "),
    ],
)
def test_an_item_that_no_pod_would_accept_is_left_out_and_named(
    change: Change, message: str
) -> None:
    document = deepcopy(EXAMPLE)
    change(document)
    (broken,) = files.read(packed(document)).broken
    assert broken.startswith(message)


def test_a_profile_that_cannot_be_read_makes_the_archive_useless() -> None:
    document = deepcopy(EXAMPLE)
    document["user"]["profile"]["entity_data"]["author"] = "Carol@pod1"
    with pytest.raises(Invalid, match=r"archive: user\.profile: "):
        files.read(packed(document))
