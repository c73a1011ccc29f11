"""A pod that wants harm is asked who ann is, and answers with anything but the truth.

Nobody is believed to be ann, nobody known is taken over, and the pod that asked stays well.

Clauses: DEC-4.13, DEF-2.11, DEF-2.12; protocol 9 rows 5, 6, 11, 15, 17, 25
"""

import gzip
import json

from harness import NEVER, Account, Answer, Federation, Peer, PeerPerson, Refused
from scenarios.attacks import CANARY, brought, harmless, in_vain, met, post

MEBIBYTE = 1024 * 1024
UNREADABLE = ("deep", "no JSON", "compressed", "no object", "no links")
DEEP = "[" * 100_000
KEY = "hCard: .key: public key: "
NOBODY = "404: nobody"
NO_KEYS = {
    "none": " ",
    "rubbish": "-----BEGIN PUBLIC KEY-----\nrubbish\n-----END PUBLIC KEY-----",
}


def search(who: Account, whom: PeerPerson) -> tuple[int, str]:
    """What somebody is told who searches in vain."""
    try:
        found = who.look_up(str(whom))
    except Refused as refused:
        return refused.status, refused.reason
    return (200, "found") if found else (404, "nobody")


def answers(
    federation: Federation,
    carol: Account,
    whom: PeerPerson,
    documents: dict[str, Answer],
    path: str,
) -> dict[str, str]:
    """Answer a search with each of these, where discovery asks for that path; what carol is told.

    The pod's log says the same of each, or more: who is refused is told no more than that.
    """
    found, before = {}, len(in_vain(federation))
    for name, document in documents.items():
        whom.peer.serve(path, document)
        status, reason = search(carol, whom)
        found[name] = f"{status}: {reason}"
    logged = dict(zip(documents, in_vain(federation)[before:], strict=True))
    untold = {name for name in documents if logged[name] not in found[name]}
    assert untold == {name for name, told in found.items() if told == NOBODY}
    return found


def test_webfinger_that_cannot_be_used_finds_nobody(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-4.13; protocol 9 row 5, row 6."""
    ann = peer.person("ann")
    good, packed = json.loads(ann.webfinger()), gzip.compress(b" " * 10**7)
    documents = {
        "giant": Answer(body=json.dumps(good | {"more": "x" * MEBIBYTE})),
        "deep": Answer(body=DEEP),
        "no JSON": Answer(body=b"\xff\x00"),
        "no object": Answer(body="[]"),
        "no links": Answer(body=json.dumps(good | {"links": {}})),
        "no subject": Answer(body=json.dumps({"links": good["links"]})),
        "compressed": Answer(body=packed, headers=(("Content-Encoding", "gzip"),)),
        "silence": NEVER,
        "no HTTP": Answer(raw=b"SSH-2.0-OpenSSH_9.6\r\n"),
        "cut off": Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"),
        "nothing": Answer(raw=b""),
        "endless headers": Answer(raw=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200_000),
        "gone": Answer(status=410),
        "broken": Answer(status=500),
    }
    with harmless(federation, eve):
        found = answers(federation, carol, ann, documents, ann.webfinger_path)
    what = {name: answer.rpartition(f"acct:{ann}")[2] for name, answer in found.items()}
    assert {name: what[name] for name in UNREADABLE} == {
        "deep": " cannot be read: WebFinger: not JSON",
        "no JSON": " cannot be read: WebFinger: not JSON",
        "compressed": " cannot be read: WebFinger: not JSON",
        "no object": " cannot be read: WebFinger: not a JSON object",
        "no links": " cannot be read: WebFinger: has no links",
    }
    assert what["giant"] == ": the answer has more than 1048576 bytes"
    # "Not now" is asked again later, "no" is not.
    assert {name: answer[:3] for name, answer in found.items()} == (
        dict.fromkeys(documents, "503") | {"gone": "404"}
    )


def test_an_hcard_that_cannot_be_used_finds_nobody(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-4.13; protocol 9 row 5, row 11."""
    ann = peer.person("ann")
    weak = peer.weak_keys()
    documents = {
        "giant": Answer(body=ann.hcard() + " " * MEBIBYTE),
        "empty": Answer(body=""),
        "no page": Answer(body=bytes(range(256))),
        "deep": Answer(body="<b>" * 100_000 + ann.hcard()),
        "a long name": Answer(body=ann.hcard(first_name="A" * 71)),
        "two names in one": Answer(body=ann.hcard(first_name="Ann; carol@pod1.test")),
        "no GUID": Answer(body=ann.hcard(guid="../../etc/passwd")),
        "not hers": Answer(status=404),
    }
    documents |= {
        f"key: {name}": Answer(body=ann.hcard(key=key)) for name, key in (NO_KEYS | weak).items()
    }
    with harmless(federation, eve):
        found = answers(federation, carol, ann, documents, ann.hcard_path)
    asked, read = "503: GET https://peer.test/hcard/users/", "cannot be read: "
    assert found.pop("giant").startswith(asked)
    assert {name: answer.partition(read)[2] or answer for name, answer in found.items()} == {
        "empty": "page: empty",
        "no page": "hCard: .entity_photo .photo is missing or no URL",
        "deep": "hCard: .entity_photo .photo is missing or no URL",
        "a long name": "hCard: .fn is missing, too long, or has a semicolon",
        "two names in one": "hCard: .fn is missing, too long, or has a semicolon",
        "no GUID": "hCard: .uid is missing or no GUID",
        "not hers": NOBODY,
        "key: none": f"{KEY}not a PEM text of one public key",
        "key: rubbish": f"{KEY}cannot be read",
        "key: elliptic": f"{KEY}not an RSA key",
        "key: small": f"{KEY}1000 bits, expected 1024 to 8192",
        "key: huge": f"{KEY}10239 bits, expected 1024 to 8192",
        "key: exponent 1": f"{KEY}cannot be read",
        "key: even exponent": f"{KEY}cannot be read",
        "key: even modulus": f"{KEY}the modulus must be odd",
        "key: private": f"{KEY}not a PEM text of one public key",
    }


def test_nobody_is_discovered_with_what_belongs_to_somebody_else(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account, bob: Account
) -> None:
    """Clauses: DEF-2.12; protocol 9 row 11, row 15, row 17."""
    ann = peer.person("ann")
    peer.serve(f"/fetch/account_rename/{ann}", Answer(status=404))
    people = federation.settle()["pod1"].rows("person")
    guid_of_bob, guid_of_carol = (str(people[str(who)]["guid"]) for who in (bob, carol))
    documents = {
        "another subject": Answer(body=ann.webfinger(subject=str(bob))),
        "a subject on her own pod": Answer(body=ann.webfinger(subject=str(eve))),
        "my own subject": Answer(body=ann.webfinger(subject=str(carol))),
        "at home here": Answer(body=ann.webfinger(seed="https://pod1.test/")),
        "at home in the clear": Answer(body=ann.webfinger(seed="http://peer.test/")),
    }
    cards = {
        "the GUID of bob": Answer(body=ann.hcard(guid=guid_of_bob)),
        "the GUID of carol": Answer(body=ann.hcard(guid=guid_of_carol)),
        "the key of eve": Answer(body=ann.hcard(key=eve.identity.public_key)),
    }
    with harmless(federation, eve):
        found = answers(federation, carol, ann, documents, ann.webfinger_path)
        peer.serve(ann.webfinger_path, Answer(body=ann.webfinger()))
        found |= answers(federation, carol, ann, cards, ann.hcard_path)
    assert found == dict.fromkeys(documents, NOBODY) | {
        "the GUID of bob": f"409: GUID {guid_of_bob} of {ann} belongs to {bob} here",
        "the GUID of carol": f"409: GUID {guid_of_carol} of {ann} belongs to {carol} here",
        "the key of eve": f"409: {ann} shows the key of {eve}; not accepted",
    }


def test_the_key_and_guid_of_somebody_known_never_change(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEF-2.11; protocol 9 row 11, row 10."""
    thief = peer.nobody("thief")
    with harmless(federation, eve):
        found = answers(
            federation,
            carol,
            eve,
            {
                "another key": Answer(body=eve.hcard(key=thief.identity.public_key)),
                "another GUID": Answer(body=eve.hcard(guid=thief.guid)),
            },
            eve.hcard_path,
        )
        # What is signed with the new key is not from eve either.
        assert eve.peer.bring(eve.sealed_with_key_of(thief, post(eve)), "pod1") == 202
    assert found == {
        "another key": f"409: {eve} had another key when it was first discovered",
        "another GUID": f"409: {eve} had another GUID when it was first discovered",
    }
    assert [each["reason"] for each in federation["pod1"].log_lines("dropped")] == [
        "BadSignature: envelope of eve@peer.test: wrong signature"
    ]


def test_a_profile_with_scripts_shows_none(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-2.11; protocol 9 row 25."""
    mia = peer.person("mia", first_name="<script>x</script>", last_name="<img src=x>")
    hidden = f"[x](javascript:alert(1)) <script>alert(1)</script> {CANARY}"
    guid = peer.new_guid()
    picture = mia.entity("profile", image_url="javascript:alert(1)", public=True)
    with harmless(federation, eve, but=met(mia, post={guid})):
        carol.look_up(str(mia))
        mia.send(post(mia, guid=guid, text=hidden), "pod1")
        assert brought(federation, peer, {"picture": mia.seal(picture)}, "pod1") == {
            "picture": "InvalidEntity: profile: image_url: expected an http(s) URL"
        }
    known = federation.settle()["pod1"]
    assert known.rows("post")[guid]["text"] == hidden  # CommonMark, kept as it is
    assert known.rows("profile")[str(mia)]["image_url"] == "https://peer.test/photo.png"
    for target in (f"/posts/{guid}", f"/people/{mia.guid}"):
        page = federation["pod1"].get(target, accept="text/html").body.decode()
        assert [each in page for each in ("<script>", "<img src=x>", 'href="javascript')] == [
            False
        ] * 3
