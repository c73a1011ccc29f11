"""Reads the golden vectors; see fixtures/wire/SOURCE.md."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from pod.wire.encrypted_envelope import unwrap
from pod.wire.keys import load_private, load_public
from pod.wire.magic_envelope import Envelope, parse

FOLDER = Path(__file__).parents[3] / "fixtures" / "wire" / "vectors"

Vector = dict[str, Any]


@cache
def load(name: str) -> list[Vector]:
    """The vectors of one file."""
    vectors: list[Vector] = json.loads((FOLDER / f"{name}.json").read_text())
    return vectors


def each(*names: str) -> pytest.MarkDecorator:
    """Run a test with every vector of the files."""
    found = [(name, vector) for name in names for vector in load(name)]
    params = [pytest.param(vector, id=f"{name}-{vector['name']}") for name, vector in found]
    return pytest.mark.parametrize("vector", params)


def named(name: str, file: str = "negative") -> Vector:
    """One vector by its name."""
    return next(vector for vector in load(file) if vector["name"] == name)


@dataclass(frozen=True)
class Owner:
    """Someone whose keys we have."""

    diaspora_id: str
    guid: str
    pem: dict[str, str]

    @property
    def private_key(self) -> RSAPrivateKey:
        return load_private(self.pem["private_key_pkcs8_pem"])

    @property
    def public_key(self) -> RSAPublicKey:
        return load_public(self.pem["public_key_spki_pem"])


@cache
def owners() -> dict[str, Owner]:
    """The owners of the keys, by label and by diaspora ID."""
    found: dict[str, Owner] = {}
    for entry in load("keys"):
        owner = Owner(entry["diaspora_id"], entry["guid"], entry)
        found |= {entry["label"]: owner, owner.diaspora_id: owner}
    return found


def envelope_bytes(vector: Vector) -> bytes:
    """The magic envelope of a vector, decrypted if it is a private one."""
    if vector.get("envelope_xml"):
        return str(vector["envelope_xml"]).encode()
    recipient = owners()[vector["recipient_label"]]
    return unwrap(str(vector["body_json"]).encode(), recipient.private_key)


def opened(vector: Vector) -> Envelope:
    """The envelope, with its signature verified."""
    envelope = parse(envelope_bytes(vector))
    envelope.verify(owners()[envelope.sender].public_key)
    return envelope
