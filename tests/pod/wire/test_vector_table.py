"""Every golden vector goes through a whole pod: accepted, or refused for the reason it states.

What the library of one side made is read, what is marked to be rejected leaves no trace, and what
can be computed is computed to the last bit. The table at the end says how many of each file; it
is what `pytest -s` prints.
"""

import json
from pathlib import Path

import pytest
from tabulate import tabulate

from pod.domain.identity import DiasporaId, Guid
from pod.wire.discovery import read_hcard, read_nodeinfo, read_webfinger
from pod.wire.elements import parse
from pod.wire.encrypted_envelope import unwrap, wrap
from pod.wire.keys import export_public, fingerprint, load_private, load_public
from pod.wire.magic_envelope import seal
from tests.pod.wire.vector_pod import Verdict, judged, pod_for, received, verdict_of
from tests.pod.wire.vectors import FOLDER, Vector, load, named, opened, owners

MESSAGES = (
    *("magic_envelope", "encrypted_envelope", "relayables", "entities", "account_migration"),
    *("account_rename", "negative", "upstream_generated", "pypi_generated"),
)

REFUSED: dict[str, tuple[str, str]] = {
    "tampered_payload": ("BadSignature", "alice@pod-a.example.org: wrong signature"),
    "forged_sender": ("BadSignature", "wrong signature"),
    "alg_sha1_name": ("UnsupportedAlgorithm", "algorithm must be RSA-SHA256"),
    "alg_in_document_differs_from_signed": ("UnsupportedAlgorithm", "algorithm must be"),
    "type_text_xml": ("UnsupportedAlgorithm", "type must be application/xml"),
    "type_atom": ("UnsupportedAlgorithm", "type must be application/xml"),
    "missing_sig": ("MissingSignature", "me:sig is missing"),
    "missing_key_id": ("InvalidEnvelope", "no key_id"),
    "data_unpadded_signed_over_padded": ("InvalidEnvelope", "base64url"),
    "data_unpadded_signed_over_unpadded": ("InvalidEnvelope", "base64url"),
    "data_wrapped": ("InvalidEnvelope", "base64url"),
    "data_whitespace_around": ("InvalidEnvelope", "base64url"),
    "legacy_xml_post_wrapper": ("UnknownEntity", "'XML' is not an entity"),
    "unknown_entity": ("UnknownEntity", "is not an entity that is sent"),
    "payload_doctype": ("InvalidXml", "DOCTYPE"),
    "comment_author_sends_to_non_owner": ("InvalidSender", "may not send"),
    "comment_third_party_to_owner": ("InvalidSender", "may not send"),
    "comment_author_signature_wrong_key": ("Refused", "wrong signature"),
    "comment_order_changed_after_signing": ("Refused", "wrong signature"),
    "encrypted_for_other_recipient": ("DecryptionFailed", "cannot be decrypted"),
    "encrypted_oaep": ("DecryptionFailed", "cannot be decrypted"),
    "encrypted_missing_aes_key": ("DecryptionFailed", "cannot be decrypted"),
    "contact_with_block_and_share": ("InvalidEntity", "blocking excludes"),
    "retraction_comment_by_third_party": ("InvalidSender", "may not retract"),
    "retraction_unknown_target": ("Later", "is not known here"),
    "photo_nested_other_author": ("InvalidEntity", "another author"),
    "location_without_lat": ("InvalidEntity", "lat: has no value"),
    "participation_for_foreign_parent": ("Refused", "came publicly"),
    "variant_a_wrong_envelope_signer": ("InvalidSender", "was sent by christy"),
    "variant_b_wrong_envelope_signer": ("InvalidSender", "was sent by carol"),
    "variant_b_missing_old_identity": ("InvalidEntity", "old_identity"),
    "new_signature_by_old_key": ("Refused", "wrong signature"),
    "new_signature_other_old_id": ("Refused", "wrong signature"),
    "envelope_signed_by_third_party": ("InvalidSender", "was sent by mallory"),
    "profile_author_mismatch": ("InvalidEntity", "another author"),
    "same_id": ("InvalidEntity", "are the same"),
    "old_key_reused": ("Refused", "key"),
}
"""What is refused: by which error, and for what reason.

Envelopes with white space or without padding are tolerated by some; what is signed is the
canonical form, and this pod reads no other. Participations only come privately here.
"""

KEPT_WAITING = {"seed_form"}
"""Accepted once the new home confirms, which nobody answers for here: nothing changes yet."""

VECTORS = [
    pytest.param(file, vector["name"], id=f"{file}-{vector['name']}")
    for file in MESSAGES
    for vector in load(file)
]


@pytest.mark.parametrize(("file", "name"), VECTORS)
def test_a_pod_accepts_a_vector_or_refuses_it_for_its_reason(file: str, name: str) -> None:
    verdict = verdict_of(file, name)
    if name not in REFUSED:
        # Not all that is right is news at once: some waits to be confirmed.
        assert verdict == Verdict("", "", changed=name not in KEPT_WAITING)
        return
    error, reason = REFUSED[name]
    assert (verdict.error, verdict.changed) == (error, False)
    assert reason in verdict.reason


def test_what_is_marked_to_be_rejected_is_in_the_list_of_the_refused() -> None:
    marked = {
        vector["name"]
        for file in MESSAGES
        for vector in load(file)
        if vector["expect"].startswith("reject")
    }
    lenient = {
        *("data_unpadded_signed_over_padded", "data_wrapped", "data_whitespace_around"),
    }
    assert REFUSED.keys() - lenient == marked


def test_a_participation_for_a_post_of_somebody_else_is_refused_privately_too(
    tmp_path: Path,
) -> None:
    """As the vector came publicly, its stated reason shows only when it is sent as it should be."""
    vector = named("participation_for_foreign_parent")
    envelope = str(vector["envelope_xml"]).encode()
    private = vector | {
        "route": "private",
        "recipient_label": "bob",
        "body_json": wrap(envelope, owners()["bob"].public_key).decode(),
    }

    verdict = judged(private, tmp_path)

    assert (verdict.error, verdict.changed) == ("Refused", False)
    assert "is not the recipient's" in verdict.reason


def test_the_same_vector_twice_changes_nothing(tmp_path: Path) -> None:
    for n, name in enumerate(("comment_direct_to_owner_pod", "poll_participation_relayed")):
        vector = named(name, "relayables")
        folder = tmp_path / str(n)
        folder.mkdir()
        with pod_for(vector, folder) as core:
            body = str(vector["envelope_xml"]).encode()
            assert received(core, body, None) == Verdict("", "", changed=True)
            assert received(core, body, None) == Verdict("", "", changed=False)


# --- bit for bit ---------------------------------------------------------------------------------


def _key_is_written_as_others_write_it(vector: Vector) -> bool:
    spki, pkcs1 = vector["public_key_spki_pem"], vector["public_key_pkcs1_pem"]
    private = load_private(vector["private_key_pkcs8_pem"])
    same = load_private(vector["private_key_pkcs1_pem"])
    key = load_public(spki)
    return (
        export_public(key) == spki == export_public(load_public(pkcs1))
        and fingerprint(key) == vector["spki_der_sha256"]
        and private.private_numbers() == same.private_numbers()
        and private.public_key().public_numbers() == key.public_numbers()
        and key.key_size == vector["key_bits"]
    )


def _envelope_is_signed_the_same(vector: Vector) -> bool:
    """Whether sealing the payload again gives the same signed string and signature."""
    if "signature_base64url" not in vector:
        return True
    envelope = opened(vector)
    signer = owners()[envelope.sender]
    again = parse(seal(envelope.payload, envelope.sender, signer.private_key), "envelope")
    texts = {child.name.rpartition("}")[2]: child.text for child in again.children}
    made = (envelope.signing_string, texts["data"], texts["sig"])
    names = ("signing_string", "data_base64url", "signature_base64url")
    return made == tuple(str(vector[name]) for name in names)


def _ciphertext_is_the_same(vector: Vector) -> bool:
    recipient = owners()[vector["recipient_label"]]
    envelope = unwrap(vector["body_json"].encode(), recipient.private_key)
    key, iv = bytes.fromhex(vector["aes_key_hex"]), bytes.fromhex(vector["aes_iv_hex"])
    made = json.loads(wrap(envelope, recipient.public_key, aes_key=key, iv=iv))
    return str(made["encrypted_magic_envelope"]) == str(vector["ciphertext_base64"])


COMPUTED = ("magic_envelope", "relayables", "entities", "account_migration", "account_rename")


def _is_exact(file: str, vector: Vector) -> bool:
    if file == "keys":
        return _key_is_written_as_others_write_it(vector)
    if file == "encrypted_envelope":
        return _ciphertext_is_the_same(vector)
    return file not in COMPUTED or _envelope_is_signed_the_same(vector)


def _documents() -> int:
    """How many discovery documents are read as what they say."""
    loaded = json.loads((FOLDER / "discovery.json").read_text())
    document = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in loaded.items()
    }
    name = DiasporaId(document["diaspora_id"])
    found = read_webfinger(document["webfinger_jrd"].encode(), name)
    card = read_hcard(document["hcard_html"].encode(), found.hcard_url)
    assert (found.subject, card.guid) == (name, Guid(document["guid"]))
    versions = ("1_0", "2_0", "2_1")
    infos = [read_nodeinfo(document[f"nodeinfo_{each}"].encode()) for each in versions]
    return 2 + sum(info.software != "" for info in infos)


def test_the_table_of_passes_by_file(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [_row(file) for file in (*MESSAGES, "keys")]
    rows.append(("discovery", 5, _documents(), 0, 0))
    with capsys.disabled():
        headers = ("file", "vectors", "accepted", "refused", "exact")
        print("\n" + tabulate(sorted(rows), headers))  # noqa: T201
    assert {name: numbers for name, *numbers in rows} == {
        "account_migration": [6, 3, 3, 6],
        "account_rename": [8, 2, 6, 8],
        "discovery": [5, 5, 0, 0],
        "encrypted_envelope": [2, 2, 0, 2],
        "entities": [14, 14, 0, 14],
        "keys": [7, 7, 0, 7],
        "magic_envelope": [4, 4, 0, 4],
        "negative": [33, 5, 28, 0],
        "pypi_generated": [6, 6, 0, 0],
        "relayables": [9, 9, 0, 9],
        "upstream_generated": [12, 12, 0, 0],
    }


def _row(file: str) -> tuple[str, int, int, int, int]:
    vectors = load(file)
    exact = sum(_is_exact(file, vector) for vector in vectors)
    if file == "keys":
        return file, len(vectors), exact, 0, exact
    accepted = sum(verdict_of(file, vector["name"]).is_accepted for vector in vectors)
    computed = exact if file in (*COMPUTED, "encrypted_envelope") else 0
    return file, len(vectors), accepted, len(vectors) - accepted, computed
