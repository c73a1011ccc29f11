"""What reads bytes from strangers: each target takes any bytes, and lets nothing out but a crash.

Being refused is no crash. Where something is accepted, it must mean the same after it was written.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, cast

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from pod.domain import text
from pod.domain.entities import RELAYABLES, AccountMigration, AccountRename, Entity, Relayable
from pod.domain.errors import Invalid
from pod.domain.identity import DiasporaId
from pod.web.federation import public_lane
from pod.wire import archive as archive_file
from pod.wire import (
    elements,
    encrypted_envelope,
    entities,
    json_form,
    keys,
    magic_envelope,
    signatures,
)
from pod.wire.discovery import (
    HCard,
    WebFinger,
    read_hcard,
    read_nodeinfo,
    read_nodeinfo_index,
    read_webfinger,
    write_hcard,
    write_webfinger,
)
from pod.wire.errors import WireError

ROOT = Path(__file__).parents[2]
CORPUS = Path(__file__).with_name("corpus")
CRASHES = ROOT / "fixtures" / "wire" / "crashes"
"""Inputs that broke something once; tests read them for ever."""

GZIP: Final = b"\x1f\x8b"
PADDING: Final = 11
"""Bytes of an RSA block that PKCS #1 v1.5 takes at least."""
BASE = "https://pod-a.example.org/"


class Changed(AssertionError):
    """Something was accepted, written and read again, and meant something else."""


def envelope(data: bytes) -> None:
    """A magic envelope; the lane that it waits in is found without parsing."""
    public_lane(data)
    _same_by(magic_envelope.parse, magic_envelope._parse_any, data)
    opened = magic_envelope.parse(data)
    DiasporaId(opened.sender)


def encrypted(data: bytes) -> None:
    """The body of a private message."""
    encrypted_envelope.unwrap(data, key_of("bob"))


def key_block(data: bytes) -> None:
    """What RSA protects in a private message, a line break, and what AES protects; anybody can."""
    key = key_of("legacy1024")  # the shortest that we read: six times as many a second
    document, _, ciphertext = data.partition(b"\n")
    room = key.key_size // 8 - PADDING
    members = {
        "aes_key": key.public_key().encrypt(document[:room], PKCS1v15()),
        "encrypted_magic_envelope": ciphertext,
    }
    texts = {name: b64encode(value).decode() for name, value in members.items()}
    envelope(encrypted_envelope.unwrap(json.dumps(texts).encode(), key))


@cache
def key_of(label: str) -> RSAPrivateKey:
    """The private key of somebody in the golden vectors."""
    vectors = json.loads((ROOT / "fixtures/wire/vectors/keys.json").read_text())
    (found,) = (each["private_key_pkcs8_pem"] for each in vectors if each["label"] == label)
    return keys.load_private(found)


def payload(data: bytes) -> None:
    """An entity as XML; one that is accepted survives writing, as XML and as JSON."""
    _same_by(partial(elements.parse, what="x"), partial(elements._tree, what="x"), data)
    entity = entities.decode(data)
    _same(entity, entities.decode(entities.encode(entity)))
    _same(entity, json_form.from_json(json.loads(json.dumps(json_form.to_json(entity)))))


def _same_by(
    short: Callable[[bytes], object], long: Callable[[bytes], object], data: bytes
) -> None:
    """The usual form is read by a shorter way, which must lead to the same place."""
    if elements._DOCTYPE.match(data):
        return  # refused before there are two ways
    ends = []
    for way in (short, long):
        try:
            ends.append(way(data))
        except WireError as error:
            ends.append((type(error), str(error)))
    if ends[0] != ends[1]:
        raise Changed(f"{data!r} was read as {ends[0]!r}, and as {ends[1]!r} by the parser")


def archived(data: bytes) -> None:
    """An entity as JSON."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return
    entity = json_form.from_json(value)
    _same(entity, json_form.from_json(json_form.to_json(entity)))


def _same(before: Entity, after: Entity) -> None:
    if before != after:
        raise Changed(f"{before!r} became {after!r}")


def signed(data: bytes) -> None:
    """A relayable or a move with the signature in it.

    The author's key gives one signature over what was read; no other is right, and however the
    entity travels, that one stays right.
    """
    entity = entities.decode(data)
    if isinstance(entity, AccountRename):
        signatures.verify_rename(entity)
    elif isinstance(entity, AccountMigration):
        _signed_by_the_other(entity, key_of("legacy1024"))
    elif isinstance(entity, RELAYABLES):
        _signed_by_its_author(entity, key_of("legacy1024"))


def _signed_by_the_other(entity: AccountMigration, key: RSAPrivateKey) -> None:
    right = signatures.sign_migration(entity.old_id, entity.new_id, key)
    again = entities.decode(entities.encode(replace(entity, signature=right)))
    signatures.verify_migration(cast(AccountMigration, again), key.public_key())
    signatures.verify_migration(entity, key.public_key())


def _signed_by_its_author(entity: Relayable, key: RSAPrivateKey) -> None:
    string = signatures.author_signing_string(entity)
    right = key.sign(string.encode(), PKCS1v15(), SHA256())
    again = replace(entity, author_signature=b64encode(right).decode())
    for relayed in (
        entities.decode(entities.encode(again)),
        json_form.from_json(json.loads(json.dumps(json_form.to_json(again)))),
    ):
        _same(again, relayed)
        signatures.verify_relayable(cast(Relayable, relayed), key.public_key())
    signatures.verify_relayable(entity, key.public_key())
    came = "".join((entity.author_signature or "").split())
    if b64decode(came) != right:
        raise Changed(f"{came!r} was taken for a signature of {string!r}")


def archive(data: bytes) -> None:
    """An archive: as a file if it begins like one, else what would be packed in it."""
    body = data if data.startswith(GZIP) else gzip.compress(data, compresslevel=1, mtime=0)
    found = archive_file.read(body)
    written = archive_file.write(found)
    again = archive_file.read(written)
    # What cannot be read is left out, and named; what is left is whole.
    if again.broken or archive_file.write(again) != written:
        raise Changed(f"{found!r} became {again!r}")


def webfinger(data: bytes) -> None:
    """A WebFinger document."""
    found: WebFinger = read_webfinger(data)
    if read_webfinger(write_webfinger(found)) != found:
        raise Changed(repr(found))


def hcard(data: bytes) -> None:
    """An hCard."""
    found: HCard = read_hcard(data, BASE)
    again = read_hcard(write_hcard(found), BASE)
    if (again.guid, again.public_key) != (found.guid, found.public_key):
        raise Changed(repr(found))


def nodeinfo(data: bytes) -> None:
    """Both documents of NodeInfo."""
    for read in (read_nodeinfo, read_nodeinfo_index):
        try:
            read(data)
        except WireError:
            continue


def words(data: bytes) -> None:
    """What is hidden in a text."""
    found = data.decode("utf-8", "replace")
    text.mentioned(found)
    text.tags(found)
    text.entity_links(found)


TARGETS: Mapping[str, Callable[[bytes], None]] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            *(envelope, encrypted, key_block, payload, signed, archived, archive),
            *(webfinger, hcard, nodeinfo, words),
        )
    }
)


def run(name: str, data: bytes) -> None:
    """Give bytes to a target; what it refuses as it should is no crash."""
    try:
        TARGETS[name](data)
    except (WireError, Invalid):
        return
