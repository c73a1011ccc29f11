"""Which golden vectors a pod refuses, and why: in the words of the vector, and in ours."""

from typing import NamedTuple


class Refusal(NamedTuple):
    """Why a vector is refused: as it says itself, and by which error of ours, with which words."""

    stated: str
    error: str
    words: str


REFUSED: dict[str, Refusal] = {
    "tampered_payload": Refusal(
        "payload changed after signing", "BadSignature", "alice@pod-a.example.org: wrong signature"
    ),
    "forged_sender": Refusal(
        "key_id names alice, signature by mallory", "BadSignature", "wrong signature"
    ),
    "alg_sha1_name": Refusal(
        "alg must be the literal RSA-SHA256", "UnsupportedAlgorithm", "algorithm must be RSA-SHA256"
    ),
    "alg_in_document_differs_from_signed": Refusal(
        "alg element changed, signature made over the constants: "
        "a receiver that hard-codes the constants must still compare the elements",
        "UnsupportedAlgorithm",
        "algorithm must be",
    ),
    "type_text_xml": Refusal(
        "type must be application/xml", "UnsupportedAlgorithm", "type must be application/xml"
    ),
    "type_atom": Refusal(
        "type must be application/xml", "UnsupportedAlgorithm", "type must be application/xml"
    ),
    "missing_sig": Refusal("sig element missing", "MissingSignature", "me:sig is missing"),
    "missing_key_id": Refusal("no key_id attribute", "InvalidEnvelope", "no key_id"),
    "data_unpadded_signed_over_padded": Refusal(
        "padding dropped in the document only", "InvalidEnvelope", "base64url"
    ),
    "data_unpadded_signed_over_unpadded": Refusal(
        "padding dropped in document and signing string", "InvalidEnvelope", "base64url"
    ),
    "data_wrapped": Refusal(
        "line-wrapped data: upstream raises on it", "InvalidEnvelope", "base64url"
    ),
    "data_whitespace_around": Refusal(
        "whitespace around the data: upstream raises on it", "InvalidEnvelope", "base64url"
    ),
    "legacy_xml_post_wrapper": Refusal(
        "pre-0.7 payload wrapper", "UnknownEntity", "'XML' is not an entity"
    ),
    "unknown_entity": Refusal(
        "unknown root element", "UnknownEntity", "is not an entity that is sent"
    ),
    "payload_doctype": Refusal("DTD in payload: must be refused", "InvalidXml", "DOCTYPE"),
    "comment_author_sends_to_non_owner": Refusal(
        "only the root author may distribute", "InvalidSender", "may not send"
    ),
    "comment_third_party_to_owner": Refusal(
        "neither author nor root author", "InvalidSender", "may not send"
    ),
    "comment_author_signature_wrong_key": Refusal(
        "signature by mallory", "Refused", "wrong signature"
    ),
    "comment_order_changed_after_signing": Refusal(
        "elements re-ordered by the relayer", "Refused", "wrong signature"
    ),
    "encrypted_for_other_recipient": Refusal(
        "RSA block is not for bob", "DecryptionFailed", "cannot be decrypted"
    ),
    "encrypted_oaep": Refusal(
        "OAEP instead of PKCS#1 v1.5", "DecryptionFailed", "cannot be decrypted"
    ),
    "encrypted_missing_aes_key": Refusal(
        "aes_key missing", "DecryptionFailed", "cannot be decrypted"
    ),
    "contact_with_block_and_share": Refusal(
        "blocking excludes following/sharing", "InvalidEntity", "blocking excludes"
    ),
    "retraction_comment_by_third_party": Refusal(
        "neither author nor root author", "InvalidSender", "may not retract"
    ),
    "retraction_unknown_target": Refusal("target unknown", "Later", "is not known here"),
    "photo_nested_other_author": Refusal(
        "nested photo of someone else", "InvalidEntity", "another author"
    ),
    "location_without_lat": Refusal(
        "nested location invalid => whole message invalid", "InvalidEntity", "lat: has no value"
    ),
    "participation_for_foreign_parent": Refusal("parent is not local", "Refused", "came publicly"),
    "variant_a_wrong_envelope_signer": Refusal(
        "envelope sender != author", "InvalidSender", "was sent by christy"
    ),
    "variant_b_wrong_envelope_signer": Refusal(
        "envelope sender != author", "InvalidSender", "was sent by carol"
    ),
    "variant_b_missing_old_identity": Refusal(
        "old_identity required", "InvalidEntity", "old_identity"
    ),
    "new_signature_by_old_key": Refusal(
        "new_signature not made with exported_key", "Refused", "wrong signature"
    ),
    "new_signature_other_old_id": Refusal("string mismatch", "Refused", "wrong signature"),
    "envelope_signed_by_third_party": Refusal(
        "sender != author", "InvalidSender", "was sent by mallory"
    ),
    "profile_author_mismatch": Refusal(
        "profile.author != person.author", "InvalidEntity", "another author"
    ),
    "same_id": Refusal("old and new identity are equal", "InvalidEntity", "are the same"),
    "old_key_reused": Refusal("key pair of the old identity reused", "Refused", "key"),
}
"""What is refused, for the reason that the vector states.

Envelopes with white space or without padding are tolerated by some; what is signed is the
canonical form, and this pod reads no other. Participations only come privately here.
"""
