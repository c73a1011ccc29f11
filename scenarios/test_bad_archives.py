"""carol wants to move with an archive that is no good, or under a name that is not free.

pod2 says what is wrong, and where; and afterwards everything is as it was, on every pod.

Clauses: ARC-3.5a, ARC-3.6, ARC-3.18a, ARC-3.18b, ARC-3.18c, ARC-3.18d, TST-8.9b, DEC-3.2
"""

import gzip
import json
from typing import Any

import pytest

from harness import Account, Archive, CanMigrate, Federation, Refused

pytestmark = pytest.mark.needs.with_args(CanMigrate)

Document = dict[str, Any]

MOVED = r"carol@pod1\.test has moved to christy@pod2\.test already"
UNREADABLE_KEY = "archive: user.private_key: private key: cannot be read, or encrypted"


def refusal(federation: Federation, content: bytes | Document) -> tuple[int, str]:
    """What pod2 answers to an archive that it does not take."""
    archive = Archive(content) if isinstance(content, bytes) else Archive.of(content)
    with pytest.raises(Refused) as refused:
        federation["pod2"].begin_import(archive)
    return refused.value.status, refused.value.reason


def test_a_file_that_is_no_archive_is_refused_and_nothing_changes(
    federation: Federation, carol: Account
) -> None:
    """Clauses: ARC-3.5a, ARC-3.5b, WIZ-6.6, TST-8.9b, DEC-3.2."""
    archive = carol.export_archive()
    before = federation.settle()
    middle = len(archive.content) // 2
    damaged = archive.content[:middle] + b"\xff" * 64 + archive.content[middle + 64 :]

    answers = {
        "nothing": refusal(federation, b""),
        "cut off": refusal(federation, archive.content[:middle]),
        "damaged": refusal(federation, damaged),
        "no gzip": refusal(federation, json.dumps(archive.document).encode()),
        "no JSON": refusal(federation, gzip.compress(b"<archive/>")),
        "no text": refusal(federation, gzip.compress(b"\xff\xfe\x00")),
        "no object": refusal(federation, gzip.compress(b"[1, 2]")),
    }
    assert answers == {
        "nothing": (422, "archive: the file is empty; choose the file that the export gave you"),
        "cut off": (422, "archive: the gzip file is cut off; export or upload it again"),
        "damaged": (422, "archive: no gzip file, or a damaged one; export it again"),
        "no gzip": (422, "archive: no gzip file, or a damaged one; export it again"),
        "no JSON": (422, "archive: no JSON: Expecting value at line 1"),
        "no text": (422, "archive: no UTF-8 text at byte 0"),
        "no object": (422, "archive: the document: expected object"),
    }
    assert federation.settle() == before


def test_an_archive_that_was_tampered_with_is_refused_and_nothing_changes(
    federation: Federation, carol: Account, bob: Account
) -> None:
    """Whoever says to be somebody else, or of somebody else what is not so, is not believed.

    Clauses: DEF-2.18, ARC-3.6, ARC-3.7b, ARC-3.18a, ARC-3.18d, WIZ-6.7, TST-8.9b, DEC-3.2, SEC-01.
    """
    whole, bobs = carol.export_archive(), bob.export_archive().document["user"]
    before = federation.settle()

    def changed(**members: object) -> tuple[int, str]:
        document = whole.document
        document["user"] |= members
        return refusal(federation, document)

    without_profile = whole.document
    del without_profile["user"]["profile"]
    assert refusal(federation, without_profile) == (422, "archive: user: profile missing")
    assert changed(posts="all") == (422, "archive: user.posts: expected array")
    assert changed(private_key="none") == (422, UNREADABLE_KEY)

    # Whoever has the archive of one person cannot move another with it.
    not_his = "archive: user.private_key is not the key of {}; "
    not_his += "use an archive that this account's own pod exported"
    assert changed(private_key=bobs["private_key"]) == (422, not_his.format("carol@pod1.test"))
    assert changed(profile=bobs["profile"]) == (422, not_his.format("bob@pod3.test"))
    assert federation.settle() == before


def test_an_archive_of_another_kind_or_of_nobody_is_refused_and_nothing_changes(
    federation: Federation, carol: Account
) -> None:
    """Clauses: ARC-3.18b, WIZ-6.6, TST-8.9b, DEC-3.2."""
    whole = carol.export_archive()
    before = federation.settle()

    status, reason = refusal(federation, whole.document | {"version": "0.1"})
    assert (status, reason.partition(",")[0]) == (422, "archive: version '0.1'")

    for owner, host in (("nobody@pod3.test", "pod3"), ("carol@nowhere.test", "nowhere")):
        document = whole.document
        profile = document["user"]["profile"]
        profile["entity_data"]["author"] = owner
        status, reason = refusal(federation, document)
        assert (status, owner in reason, host in reason) == (422, True, True)
    assert federation.settle() == before


def test_an_archive_of_somebody_who_has_moved_is_refused_everywhere(
    federation: Federation, carol: Account
) -> None:
    archive = carol.export_archive()
    federation["pod2"].import_archive(archive, "christy")
    before = federation.settle()

    for pod in ("pod1", "pod2", "pod3"):
        with pytest.raises(Refused, match=MOVED):
            federation[pod].begin_import(archive)
    assert federation.settle() == before

    # pod4 had not heard of it. It asks before it believes an archive, and so it hears.
    with pytest.raises(Refused, match=MOVED):
        federation["pod4"].begin_import(archive)
    told = federation.settle()
    assert told.known_as(carol) == dict.fromkeys(told, "christy@pod2")
    assert {pod: told[pod] for pod in before if pod != "pod4"} == {
        pod: before[pod] for pod in before if pod != "pod4"
    }


def test_a_name_that_is_taken_is_refused_and_nothing_changes(
    federation: Federation, carol: Account
) -> None:
    """Clauses: DEF-2.7, MOV-5.5a, WIZ-6.8a, WIZ-6.13, DEC-3.2."""
    wizard = federation["pod2"].begin_import(carol.export_archive())
    before = federation.settle()
    for name, answer in (
        ("carol", (409, "username carol is taken, or was once; choose another")),
        ("alice", (409, "username alice is taken, or was once; choose another")),
    ):
        with pytest.raises(Refused) as refused:
            wizard.confirm(name, email=carol.email, password="a new password")
        assert (refused.value.status, refused.value.reason) == answer
    assert federation.settle() == before

    # Nor does anything when she gives up; and then it is too late to choose.
    wizard.abort()
    with pytest.raises(Refused, match="aborted"):
        wizard.confirm("christy", email=carol.email, password="a new password")
    assert federation.settle() == before


def test_a_stolen_archive_of_somebody_who_left_for_good_is_refused(
    federation: Federation, carol: Account
) -> None:
    """Clauses: SEC-07."""
    stolen = carol.export_archive().content
    carol.delete()
    before = federation.settle()
    closed = "archive: the account carol@pod1.test is closed, it cannot move any more"
    assert refusal(federation, stolen) == (422, closed)
    assert federation.settle() == before
