"""carol's archive tells a false key of somebody: whoever made it holds the other half.

vera's pod does not answer while carol moves, so pod2 has only the archive's word for who she is.

Clauses: DEC-2.22, IMP-6.6a, SEC-02; protocol 9 rows 10, 11
"""

from datetime import timedelta

import pytest

from harness import (
    Account,
    Answer,
    Archive,
    CanMigrate,
    Federation,
    Fixtures,
    Peer,
    PeerPerson,
    PodName,
    Refused,
)
from scenarios.attacks import CANARY, WHEN, post

pytestmark = pytest.mark.needs.with_args(CanMigrate)

LATER = timedelta(days=1)
"""By then, whatever had to wait for an answer is tried again."""


def import_with_key(
    federation: Federation, carol: Account, vera: PeerPerson, key_of: PeerPerson
) -> None:
    """Let carol move to pod2 with an archive that tells of vera, and somebody else's key."""
    archive = carol.export_archive()
    document = archive.document
    told = {
        "account_id": str(vera),
        "guid": vera.guid,
        "public_key": key_of.identity.public_key,
    }
    document["others_data"].setdefault("non_contact_authors", []).append(told)
    federation["pod2"].import_archive(type(archive).of(document), "christy")


def test_nobody_speaks_with_a_key_that_only_an_archive_tells_of(
    federation: Federation, peer: Peer, carol: Account, alice: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-2.22, IMP-6.6a, SEC-02; protocol 9 row 10, row 11."""
    victim, eve = federation.peer("mallory.test"), peer.person("eve")
    vera, thief, mine = victim.person("vera"), victim.nobody("thief"), peer.new_guid()
    victim.serve(vera.webfinger_path, Answer(status=503))
    victim.accept("account migration")
    import_with_key(federation, carol, vera, key_of=thief)
    before = federation.settle()
    assert before["pod2"].rows("person")[str(vera)]["stub"] is True

    parent = fixtures.posts["carol_public"].guid
    stolen = federation.forger.rename(
        vera.identity.with_key_of(thief.identity), eve.identity, consent=eve.identity
    )
    public = (
        post(thief, author=str(vera), text=CANARY),
        thief.signed(
            "comment", author=str(vera), guid=mine, parent_guid=parent, text=CANARY, created_at=WHEN
        ),
        thief.entity("account_deletion", author=str(vera)),
        stolen,
    )
    for payload in public:
        assert victim.bring(thief.seal_as(vera, payload), "pod2") == 202
    shares = thief.entity("contact", author=str(vera), recipient=str(alice))
    assert victim.bring(thief.seal_as(vera, shares), alice) == 202
    assert federation.settle() == before

    # vera is back, and heard at once; the key of the archive is forgotten.
    victim.serve(vera.webfinger_path, Answer(body=vera.webfinger()))
    hers = victim.new_guid()
    vera.send(post(vera, guid=hers, text="it is me"), "pod2")
    found = federation.settle()["pod2"]
    assert {key: row["text"] for key, row in found.rows("post").items() if key == hers} == {
        hers: "it is me"
    }
    shown = found.rows("person")[str(vera)]
    assert (shown["stub"], shown["guid"]) == (False, vera.guid)
    assert [key for key, row in found.rows("post").items() if row["author"] == str(vera)] == [hers]


def archive_of(vera: PeerPerson, key_of: PeerPerson, pattern: Archive) -> Archive:
    """What whoever has that key would upload to be taken for vera."""
    document = pattern.document
    profile = {"author": str(vera), "first_name": "Vera", "searchable": True}
    key = key_of.identity.exported_key
    user = document["user"] | {"username": "vera", "private_key": key}
    user["profile"] = {**user["profile"], "entity_data": profile}
    for members in ("contacts", "posts", "relayables", "blocks", "conversations"):
        user[members] = []
    return Archive.of(document | {"user": user})


def test_nobody_moves_somebody_whose_pod_is_away(
    federation: Federation, peer: Peer, carol: Account, bob: Account
) -> None:
    """Clauses: SEC-02."""
    victim, eve = federation.peer("mallory.test"), peer.person("eve")
    vera, thief = victim.person("vera"), victim.nobody("thief")
    victim.accept("contact", "profile")
    vera.send(post(vera, text="hello"), "pod2")
    bob.share(vera.diaspora_id, aspect="friends")
    federation.settle()
    victim.serve(vera.webfinger_path, Answer(status=503))
    before = federation.settle()

    # pod2 and pod3 know her key; pod4 has never heard of her.
    archive = archive_of(vera, key_of=thief, pattern=carol.export_archive())
    reasons: dict[PodName, str] = {}
    for pod in ("pod2", "pod3", "pod4"):
        with pytest.raises(Refused) as refused:
            federation[pod].begin_import(archive)
        reasons[pod] = refused.value.reason
    not_hers = "user.private_key is not the key of vera@mallory.test"
    assert [not_hers in reason for reason in reasons.values()] == [True, True, False]
    assert "vera@mallory.test cannot be found, so nothing proves whose it is" in reasons["pod4"]

    # Some pod of eve's has let it in. What it then says is worth no more.
    stolen = federation.forger.rename(
        vera.identity.with_key_of(thief.identity), eve.identity, consent=eve.identity
    )
    for pod in before:
        assert peer.bring(thief.seal_as(vera, stolen), pod) == 202
    assert federation.settle() == before

    # Her pod is back, and can be asked which key is hers.
    victim.serve(vera.webfinger_path, Answer(body=vera.webfinger()))
    federation.clock.advance(LATER)
    found = federation.settle()
    assert [found[pod].newest(str(vera)) for pod in found] == [str(vera)] * 4
    assert {pod: found[pod].rows("account_migration") for pod in found} == {
        pod: before[pod].rows("account_migration") for pod in before
    }
