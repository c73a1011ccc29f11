"""carol has edited her archive: with it she wants to see more, and to have said what others said.

Clauses: SEC-03, SEC-04, SEC-05
"""

from typing import Any
from urllib.parse import urlsplit

import pytest

from harness import Account, Archive, CanMigrate, Federation, Fixtures, Ref

pytestmark = pytest.mark.needs.with_args(CanMigrate)

Document = dict[str, Any]

FORGED, UNSIGNED = "f0" * 16, "f1" * 16
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c6360000000020001488c8d0b0000000049454e44ae426082"
)


def import_edited(federation: Federation, document: Document) -> Account:
    """Let carol move to pod2 with what she has made of her archive, and everybody hear of it."""
    christy = federation["pod2"].import_archive(Archive.of(document), "christy")
    federation.settle()
    return christy


def test_who_claims_to_be_followed_sees_no_more(
    federation: Federation, carol: Account, bob: Account, dave: Account
) -> None:
    """Clauses: SEC-03."""
    secret = bob.post("For alice alone", to="work")
    carol.share(dave, aspect="friends")
    federation.settle()
    document = carol.export_archive().document
    for contact in document["user"]["contacts"]:
        contact |= {"sharing": True, "followed": True}

    christy = import_edited(federation, document)
    contacts = christy.contacts()
    assert (contacts["bob@pod3"]["sharing"], contacts["dave@pod4"]["sharing"]) == (True, False)
    assert not christy.sees(secret)


def test_words_that_others_have_not_said_are_dropped(
    federation: Federation, carol: Account, fixtures: Fixtures
) -> None:
    """Clauses: SEC-03."""
    before = federation.settle()
    document = carol.export_archive().document
    theirs = document["others_data"]["relayables"]
    said = next(each for each in theirs if each["entity_type"] == "comment")
    for guid, signature in ((FORGED, said["entity_data"]["author_signature"]), (UNSIGNED, "")):
        data = {"guid": guid, "text": "I take it all back", "author_signature": signature}
        theirs.append({**said, "entity_data": said["entity_data"] | data})

    import_edited(federation, document)
    found = federation.settle()
    assert {pod: found[pod].rows("comment").keys() & {FORGED, UNSIGNED} for pod in found} == {
        pod: set() for pod in before
    }
    assert said["entity_data"]["guid"] in found["pod2"].rows("comment")
    assert fixtures.posts["carol_public"].guid in found["pod2"].rows("post")


def test_posts_of_others_stay_theirs(
    federation: Federation, carol: Account, bob: Account, dave: Account, fixtures: Fixtures
) -> None:
    """Clauses: SEC-04."""
    known, unknown = fixtures.posts["bob_public"].guid, dave.post("Nobody has heard of it").guid
    before = federation.settle()
    document = carol.export_archive().document
    mine = document["user"]["posts"]
    pattern = next(each for each in mine if each["entity_type"] == "status_message")
    for guid, author in ((known, carol), (known, bob), (unknown, dave)):
        data = {"guid": guid, "author": str(author), "text": "Mine now"}
        mine.append({**pattern, "entity_data": pattern["entity_data"] | data})

    christy = import_edited(federation, document)
    found = federation.settle()
    for pod in before:
        for guid in (known, unknown):
            assert found[pod].rows("post").get(guid) == before[pod].rows("post").get(guid)
    assert str(christy) in {row["author"] for row in found["pod2"].rows("post").values()}


def test_names_of_pictures_touch_no_picture_of_others(
    federation: Federation, carol: Account, alice: Account
) -> None:
    """Clauses: SEC-05."""
    carol.photo(DOT)
    theirs = alice.photo(DOT)
    before = federation.settle()
    row = before["pod2"].rows("photo")[theirs.guid]
    folder, name = row.text("remote_photo_path"), row.text("remote_photo_name")
    served = federation["pod2"].get(urlsplit(folder + name).path)
    assert (served.status, served.body) == (200, DOT)

    document = carol.export_archive().document
    mine = document["user"]["photos"]
    told = {"remote_photo_path": folder, "remote_photo_name": name}
    forged = {
        theirs.guid: told | {"remote_photo_name": "mine.png"},
        FORGED: told,
        UNSIGNED: told | {"remote_photo_name": f"../../uploads/images/{name}"},
    }
    for guid, changed in forged.items():
        data = mine[0]["entity_data"] | {"guid": guid} | changed
        mine.append({**mine[0], "entity_data": data})
    christy = import_edited(federation, document)
    copies = [Ref("photo", guid) for guid in (FORGED, UNSIGNED)]
    assert [federation.settle().holding(each) for each in copies] == [("pod2",)] * 2
    for each in copies:
        christy.retract(each)
    found = federation.settle()
    assert [found.holding(each) for each in copies] == [()] * 2
    assert found["pod2"].rows("photo")[theirs.guid] == row
    assert federation["pod2"].get(urlsplit(folder + name).path).body == DOT
