"""Forged messages are what they pretend to be, and garbage reaches only those who ask."""

import base64
from typing import Literal

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from harness.facts.identity import POD_HOSTS, PodName
from harness.gate import Gate, KeyRing, Wiretap, forge
from harness.gate.decode import Message, read_envelope
from harness.gate.forge import Identity
from harness.gate.http import Request, Response
from tests.harness.gate.letters import person, seal


def identity(username: str, pod: PodName) -> Identity:
    someone = person(username, pod)
    return Identity(someone.diaspora_id, someone.guid, someone.key)


CAROL, MALLORY = identity("carol", "pod1"), identity("mallory", "pod3")


def test_a_forged_envelope_is_like_a_real_one() -> None:
    payload = "<comment><guid>0123456789abcdef</guid></comment>"
    assert forge.seal(payload, CAROL) == seal(payload.encode(), person("carol", "pod1"))


def test_a_name_and_a_key_need_not_belong_together() -> None:
    envelope = forge.seal("<comment/>", CAROL.with_key_of(MALLORY))
    assert envelope != forge.seal("<comment/>", CAROL)
    message = read_envelope(Message("public"), envelope)
    assert (message.entity, message.envelope_sender) == ("comment", "carol@pod1.test")
    assert CAROL.with_key_of(MALLORY).fingerprint == MALLORY.fingerprint


def test_a_rename_names_both_and_is_signed_with_the_key_that_consents() -> None:
    text = forge.rename(CAROL, MALLORY, consent=MALLORY)
    claim = etree.fromstring(text)
    said = f"AccountRename;carol@pod1.test;mallory@pod3.test;{MALLORY.guid};{MALLORY.fingerprint}"
    signature = base64.b64decode(str(claim.findtext("new_signature")))
    public = MALLORY.private_key.public_key()
    public.verify(signature, said.encode(), PKCS1v15(), SHA256())
    assert [claim.findtext(path) for path in ("author", "person/author", "person/url")] == [
        "carol@pod1.test",
        "mallory@pod3.test",
        "https://pod3.test/",
    ]
    assert "new_signature" not in forge.rename(CAROL, MALLORY, consent=None)


@pytest.mark.parametrize(
    ("variant", "author", "signer"), [("A", CAROL, MALLORY), ("B", MALLORY, CAROL)]
)
def test_a_migration_is_said_by_one_and_signed_by_the_other(
    variant: Literal["A", "B"], author: Identity, signer: Identity
) -> None:
    claim = etree.fromstring(forge.migration(CAROL, MALLORY, variant=variant))
    names = ("author", "old_identity", "profile/author")
    assert [claim.findtext(path) for path in names] == [
        author.diaspora_id,
        "carol@pod1.test",
        "mallory@pod3.test",
    ]
    signature = base64.b64decode(str(claim.findtext("signature")))
    said = b"AccountMigration:carol@pod1.test:mallory@pod3.test"
    signer.private_key.public_key().verify(signature, said, PKCS1v15(), SHA256())


def test_garbage_is_the_answer_to_questions_until_it_is_ended() -> None:
    gate = Gate({host: pod for pod, host in POD_HOSTS.items()}, Wiretap(), KeyRing())
    gate.attach(lambda _pod, _request: Response(200, (), b"sense"))

    def answers() -> list[bytes]:
        requests = [
            ("pod3.test", Request("GET", "/.well-known/webfinger?resource=acct:bob@pod3.test")),
            ("pod3.test", Request("GET", "/fetch/post/0123456789abcdef")),
            ("pod3.test", Request("POST", "/receive/public", (), forge.seal("<like/>", CAROL))),
            ("pod2.test", Request("GET", "/hcard/users/0123456789abcdef")),
        ]
        judged = [gate.carry("pod4", host, request).answer for host, request in requests]
        return [answer.body for answer in judged if answer]

    with gate.garbling("pod3", b"?!"):
        assert answers() == [b"?!", b"?!", b"sense", b"sense"]
    assert answers() == [b"sense"] * 4
    garbage = gate.garbling("pod3", b"", "fetch")
    assert answers() == [b"sense", b"", b"sense", b"sense"]
    gate.reset()
    garbage.end()
    assert answers() == [b"sense"] * 4
    assert [each.verdict for each in gate.wiretap.exchanges()[:4]] == [
        *("garbled", "garbled", "passed", "passed")
    ]
