"""Stored signatures still verify, with the key valid when they were made.

Source: federation protocol, sections 5.3 and 5.5
"""

import base64
import binascii
from collections.abc import Iterator
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from harness.facts.finding import Finding
from harness.facts.snapshot import Row, Snapshot
from harness.verify.evidence import Evidence, finding


def signatures_verify(evidence: Evidence) -> Iterator[Finding]:
    """What was signed verifies with the key of the ID that signed it, and says what is stored.

    Keys that the harness does not know cannot be judged and are passed over.

    Source: docs/verification.md#signatures-verify
    """
    for pod, snapshot in evidence.snapshots.items():
        for row in snapshot.rows("signature").values():
            signature = row.text("author_signature")
            pem = _key(evidence, snapshot, row)
            if signature and pem and not _verifies(pem, signature, signed_string(row)):
                yield finding(
                    "signatures_verify",
                    pod,
                    row,
                    "author_signature",
                    expected="verifies",
                    found="does not verify",
                )
            yield from _differing(evidence, snapshot, row)
        yield from _unsigned(evidence, snapshot)


def _unsigned(evidence: Evidence, snapshot: Snapshot) -> Iterator[Finding]:
    """What the home of a post relays and exports needs the signature of its author."""
    for type_ in ("comment", "like", "poll_participation", "event_participation"):
        for row in snapshot.rows(type_).values():
            root_author = _root_author(snapshot, row)
            is_home = evidence.newest(root_author).partition("@")[2] == snapshot.host
            if not is_home or row.text("author") == root_author:
                continue
            if snapshot.get("signature", row.key) is None:
                yield finding(
                    "signatures_verify",
                    snapshot.pod,
                    row,
                    "signature",
                    expected="kept where it is relayed",
                    found=None,
                )


def _root_author(snapshot: Snapshot, row: Row) -> str:
    """The author of the post at the root of the thread; empty if it is not here."""
    match row.type:
        case "comment":
            above = snapshot.get("post", row.text("post"))
        case "like":
            above = snapshot.get(row.text("target_type").lower(), row.text("target"))
        case _:
            kind = "poll" if row.type == "poll_participation" else "event"
            part = snapshot.get(kind, row.text(kind))
            above = snapshot.get("post", part.text("post")) if part else None
    if above is None:
        return ""
    return _root_author(snapshot, above) if above.type == "comment" else above.text("author")


def signed_string(row: Row) -> str:
    """The values in signing order, joined with `;`."""
    pairs = row.fields.get("signed")
    return ";".join(str(pair[1]) for pair in pairs) if isinstance(pairs, tuple) else ""


def _key(evidence: Evidence, snapshot: Snapshot, row: Row) -> str | None:
    signer = snapshot.get("person", row.text("signer"))
    return evidence.public_keys.get(signer.text("public_key")) if signer else None


@lru_cache(maxsize=4096)
def _verifies(pem: str, signature: str, text: str) -> bool:
    key = load_pem_public_key(pem.encode())
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(
                base64.b64decode(signature, validate=True), text.encode(), PKCS1v15(), SHA256()
            )
            return True
    except (InvalidSignature, binascii.Error):
        pass
    return False


def _differing(evidence: Evidence, snapshot: Snapshot, row: Row) -> Iterator[Finding]:
    """The text that was signed is the text that is stored."""
    stored = snapshot.get(row.text("entity"), row.key)
    pairs = row.fields.get("signed")
    signed = {str(pair[0]): str(pair[1]) for pair in pairs} if isinstance(pairs, tuple) else {}
    if stored is not None and "text" in signed and signed["text"] != stored.text("text"):
        yield finding(
            "signatures_verify",
            snapshot.pod,
            row,
            "text",
            expected="what was signed",
            found="another text",
        )
    if stored is not None and "author" in signed:
        now = evidence.newest(signed["author"])
        if now != evidence.newest(stored.text("author")):
            yield finding(
                "signatures_verify",
                snapshot.pod,
                row,
                "author",
                expected=now,
                found=stored.text("author"),
            )
