"""Entities to payloads and back.

A payload is the UTF-8 XML of one entity. What an author signed in a relayable is kept beside the
fields (`signed`), so that the pod that relays it sends the very same names, values and order.

Source: federation protocol sections 4 and 5.3.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import cast

from pod.domain.entities import RELAYABLES, Entity, Part, Relayable
from pod.wire.elements import Node, is_name, parse, write
from pod.wire.errors import InvalidEntity, UnknownEntity
from pod.wire.properties import BY_NAME, BY_TYPE
from pod.wire.scalars import write_time
from pod.wire.schema import Schema

_SIGNATURE = "author_signature"
_CREATED_AT = "created_at"
_DATED = frozenset(
    schema.name
    for schema in BY_NAME.values()
    if any(p.element == _CREATED_AT for p in schema.properties)
)


def schema_of(entity: Entity | Part) -> Schema:
    """The table of the entity's properties."""
    return BY_TYPE[type(entity)]


def decode(payload: bytes, *, now: datetime | None = None, unknown: Collection[str] = ()) -> Entity:
    """Read a payload and check it.

    Args:
        payload: UTF-8 XML of one entity.
        now: The time of an entity that does not tell when it was created; without it such an
            entity has none. An empty element always means none.
        unknown: Names of entities that are to mean nothing.

    Raises:
        TooLarge: If there is too much of something.
        InvalidXml: If it is no XML.
        UnknownEntity: If it is no entity, or none that is sent on its own.
        InvalidEntity: If the entity breaks a rule.
        InvalidKey: If it brings a public key that is not one.
    """
    node = parse(payload, "payload")
    if node.name in unknown:
        raise UnknownEntity(f"payload: {node.name!r} is not an entity that is known here")
    return from_node(node, now=now)


def from_node(node: Node, *, now: datetime | None = None) -> Entity:
    """Make an entity of its element; see `decode`."""
    schema = BY_NAME.get(node.name)
    if schema is None:
        raise UnknownEntity(f"payload: {node.name[:80]!r} is not an entity that is sent")
    dated = _with_time(node, Node(_CREATED_AT, write_time(now))) if now else node
    more = {"signed": _signed(node)} if schema.make in RELAYABLES else {}
    return cast(Entity, schema.read(dated, **more))


def _with_time(node: Node, created_at: Node) -> Node:
    """Add the time where it is missing, also in nested entities."""
    children = tuple(
        _with_time(child, created_at) if child.children else child for child in node.children
    )
    if node.name in _DATED and node.first(_CREATED_AT) is None:
        children += (created_at,)
    return node._replace(children=children)


def _signed(node: Node) -> tuple[tuple[str, str], ...]:
    """What the author of a relayable signed: every element once, but no signatures.

    An element counts as a signature if its name says so, as in the deployed software.
    """
    pairs: dict[str, str] = {}
    for child in node.children:
        if not is_name(child.name):
            raise InvalidEntity(f"{node.name}: {child.name[:80]!r} is no name for an element")
        if "signature" not in child.name:
            pairs.setdefault(child.name, child.text)
    return tuple(pairs.items())


def signed_pairs(entity: Relayable) -> tuple[tuple[str, str], ...]:
    """What the author signed, or is going to sign: kept as it came, else the canonical form."""
    if entity.signed:
        return entity.signed
    nodes = schema_of(entity).nodes(entity)
    return tuple((node.name, node.text) for node in nodes if node.name != _SIGNATURE)


def encode(entity: Entity) -> bytes:
    """Write an entity as a payload; a relayable that came from elsewhere, exactly as signed."""
    return write(to_node(entity))


def to_node(entity: Entity) -> Node:
    """The element of an entity; see `encode`."""
    schema = schema_of(entity)
    if not isinstance(entity, RELAYABLES):
        return schema.write(entity)
    children = [Node(name, text) for name, text in signed_pairs(entity)]
    if entity.author_signature:
        children.append(Node(_SIGNATURE, entity.author_signature))
    return Node(schema.name, "", tuple(children))
