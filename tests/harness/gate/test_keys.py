"""The key ring finds a private key by the recipient's hCard."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness.facts.identity import Party
from harness.gate.keys import KeyRing, modulus_in
from tests.harness.gate.letters import KEYS, pems, person

ALICE = person("alice", "pod2", 3)
STRANGER = person("stranger", "pod4")


class Hcards:
    """Answers with one page, or with an error, and counts."""

    def __init__(self, answer: bytes | OSError) -> None:
        self.answer = answer
        self.asked: list[tuple[Party, str]] = []

    def __call__(self, pod: Party, guid: str) -> bytes:
        self.asked.append((pod, guid))
        if isinstance(self.answer, OSError):
            raise self.answer
        return self.answer


def modulus_of_key(ring: KeyRing, hcards: Hcards) -> int | None:
    key = ring.private_key("pod2", ALICE.guid, hcards)
    return None if key is None else key.private_numbers().public_numbers.n


MODULUS = ALICE.key.private_numbers().public_numbers.n


def test_the_pod_is_asked_once_for_each_person() -> None:
    ring, hcards = KeyRing(pems("pod2")), Hcards(ALICE.hcard)
    found = [modulus_of_key(ring, hcards) for _ in range(3)]
    assert (found, hcards.asked) == ([MODULUS] * 3, [("pod2", ALICE.guid)])


def test_a_person_whose_key_is_not_in_the_pool_is_asked_for_once_and_has_none() -> None:
    ring, hcards = KeyRing(pems("pod2")), Hcards(STRANGER.hcard)
    found = [modulus_of_key(ring, hcards) for _ in range(2)]
    assert (found, len(hcards.asked)) == ([None, None], 1)


@pytest.mark.parametrize("answer", [ConnectionRefusedError(), b"<p>not found</p>", b""])
def test_a_pod_that_shows_no_key_is_asked_again(answer: bytes | OSError) -> None:
    ring, hcards = KeyRing(pems("pod2")), Hcards(answer)
    before = modulus_of_key(ring, hcards)
    hcards.answer = ALICE.hcard
    assert (before, modulus_of_key(ring, hcards), len(hcards.asked)) == (None, MODULUS, 2)


def test_a_key_that_was_seen_in_passing_need_not_be_asked_for() -> None:
    ring, hcards = KeyRing(pems("pod2")), Hcards(b"")
    ring.learn("pod2", ALICE.guid, ALICE.hcard)
    assert (modulus_of_key(ring, hcards), hcards.asked) == (MODULUS, [])


def test_a_ring_that_forgets_asks_again() -> None:
    ring, hcards = KeyRing(pems("pod2")), Hcards(ALICE.hcard)
    modulus_of_key(ring, hcards)
    ring.forget()
    assert (modulus_of_key(ring, hcards), len(hcards.asked)) == (MODULUS, 2)


def test_a_ring_without_keys_asks_nobody() -> None:
    hcards = Hcards(ALICE.hcard)
    assert (modulus_of_key(KeyRing(), hcards), hcards.asked) == (None, [])


def test_a_ring_is_made_from_files_of_many_keys() -> None:
    ring = KeyRing.of_files([KEYS / "pod1.pem", KEYS / "pod2.pem"])
    assert modulus_of_key(ring, Hcards(ALICE.hcard)) == MODULUS


def test_both_forms_of_a_public_key_are_read() -> None:
    pkcs1 = ALICE.key.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1)
    page = b"<div><span class='x key'> " + pkcs1 + b" </span></div>"
    assert (modulus_in(page), modulus_in(ALICE.hcard)) == (MODULUS, MODULUS)


@pytest.mark.parametrize("page", [b"", b"\x00", b"<pre class='key'>rubbish</pre>", b"<p/>"])
def test_a_page_without_a_key_has_no_modulus(page: bytes) -> None:
    assert modulus_in(page) is None
