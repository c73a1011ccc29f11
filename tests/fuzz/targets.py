"""What reads bytes from strangers: each target takes any bytes, and lets nothing out but a crash.

Being refused is no crash. Where something is accepted, it must mean the same after it was written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pod.domain import text
from pod.domain.entities import Entity
from pod.domain.identity import DiasporaId
from pod.web.federation import public_lane
from pod.wire import encrypted_envelope, entities, json_form, keys, magic_envelope
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

BASE = "https://pod-a.example.org/"


class Changed(AssertionError):
    """Something was accepted, written and read again, and meant something else."""


def envelope(data: bytes) -> None:
    """A magic envelope; the lane that it waits in is found without parsing."""
    public_lane(data)
    opened = magic_envelope.parse(data)
    DiasporaId(opened.sender)


def encrypted(data: bytes) -> None:
    """The body of a private message."""
    encrypted_envelope.unwrap(data, keys.load_private(_private_key()))


@cache
def _private_key() -> str:
    vectors = json.loads((ROOT / "fixtures/wire/vectors/keys.json").read_text())
    return str(vectors[0]["private_key_pkcs8_pem"])


def payload(data: bytes) -> None:
    """An entity as XML; one that is accepted survives writing, as XML and as JSON."""
    entity = entities.decode(data)
    _same(entity, entities.decode(entities.encode(entity)))
    _same(entity, json_form.from_json(json.loads(json.dumps(json_form.to_json(entity)))))


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
        for each in (envelope, encrypted, payload, archived, webfinger, hcard, nodeinfo, words)
    }
)


def run(name: str, data: bytes) -> None:
    """Give bytes to a target; what it refuses as it should is no crash."""
    try:
        TARGETS[name](data)
    except WireError:
        return
