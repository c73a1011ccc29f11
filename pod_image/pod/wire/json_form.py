"""Entities as JSON, the form in which archives hold them.

`{"entity_type": …, "entity_data": {…}}`, nested entities likewise under the name of the field. A
relayable also has `property_order`, the names of what its author signed; what this pod does not
know of them stands beside the known members.

Source: federation protocol section 4.14.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from pod.domain.entities import RELAYABLES, Entity, Part, Relayable
from pod.wire.elements import Node, clean, is_name
from pod.wire.entities import from_node, schema_of, signed_pairs
from pod.wire.errors import InvalidEntity, UnknownEntity
from pod.wire.properties import BY_NAME
from pod.wire.schema import Nested, Repeated, Schema

_SIGNATURE = "author_signature"
_ORDER = "property_order"
_NATIVE = {"true": True, "false": False}


def to_json(entity: Entity | Part) -> dict[str, object]:
    """Write an entity; absent members have no value."""
    schema = schema_of(entity)
    written: dict[str, object] = {"entity_type": schema.name}
    if isinstance(entity, RELAYABLES):
        written["entity_data"] = _relayable_data(entity)
        written[_ORDER] = [name for name, _ in signed_pairs(entity)]
    else:
        written["entity_data"] = _data(entity, schema)
    return written


def _data(entity: Entity | Part, schema: Schema) -> dict[str, object]:
    data: dict[str, object] = {}
    for each in schema.properties:
        value = getattr(entity, each.field)
        if isinstance(each, Repeated):
            data[each.field] = [to_json(nested) for nested in value]
        elif isinstance(each, Nested) and value is not None:
            data[each.field] = to_json(value)
        else:
            for node in each.write(value):
                data[each.field] = value if isinstance(value, bool | int) else node.text
    return data


def _relayable_data(entity: Relayable) -> dict[str, object]:
    """The raw text of what was signed, or the signature would not fit any more."""
    data: dict[str, object] = dict(_data(entity, schema_of(entity)))
    for name, text in signed_pairs(entity):
        native = isinstance(data.get(name), bool)
        data[name] = _NATIVE.get(text, text) if native else text
    data[_SIGNATURE] = entity.author_signature or ""
    return data


def from_json(value: object) -> Entity:
    """Read an entity, by the rules that hold for payloads.

    A relayable without signature is read; whether it may lack one is for the caller to know.

    Raises:
        UnknownEntity: If it is no entity, or none that is sent on its own.
        InvalidEntity: If the form or the entity breaks a rule.
        InvalidKey: If it brings a public key that is not one.
        TooLarge: If there is too much of something.
    """
    name, data, order = _unpacked(value)
    schema = BY_NAME.get(name)
    if schema is None:
        raise UnknownEntity(f"archive: {name[:80]!r} is not an entity that is sent")
    if schema.make in RELAYABLES:
        return _relayable(schema, data, _order(name, order))
    return from_node(_node(schema, data))


def _unpacked(value: object) -> tuple[str, Mapping[str, object], object]:
    members = value if isinstance(value, Mapping) else {}
    name, data = members.get("entity_type"), members.get("entity_data")
    if not isinstance(name, str) or not isinstance(data, Mapping):
        raise InvalidEntity("archive: expected an object with entity_type and entity_data")
    return name, data, members.get(_ORDER)


def _node(schema: Schema, data: Mapping[str, object]) -> Node:
    """The element that the object stands for; unknown members are not looked at."""
    children: list[Node] = []
    for each in schema.properties:
        value = data.get(each.field)
        if value is None and each.field not in data:
            continue
        if isinstance(each, Repeated):
            children += (_nested(each.schema, item) for item in _list(value, each.field))
        elif isinstance(each, Nested):
            children += (_nested(each.schema, item) for item in (value,) if item is not None)
        else:
            children.append(Node(each.element, _text(value, each.field)))
    return Node(schema.name, "", tuple(children))


def _nested(schema: Schema, value: object) -> Node:
    name, data, _ = _unpacked(value)
    if name != schema.name:
        raise InvalidEntity(f"archive: {name[:80]!r} where {schema.name} is expected")
    return _node(schema, data)


def _list(value: object, field: str) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise InvalidEntity(f"archive: {field}: expected a list")
    return cast(list[object], value)


def _relayable(schema: Schema, data: Mapping[str, object], names: list[str]) -> Relayable:
    """The signed members in their order, then what is known besides but was not signed."""
    for each in names:
        if each not in data:
            raise InvalidEntity(f"archive: {schema.name}: {each[:80]!r} was signed but is missing")
    signed = tuple((each, _text(data[each], each)) for each in names)
    others = (each for each in _node(schema, data).children if each.name not in names)
    children = (*(Node(each, text) for each, text in signed), *others)
    entity = cast(Relayable, from_node(Node(schema.name, "", children)))
    return replace(entity, signed=signed)


def _order(name: str, order: object) -> list[str]:
    if not isinstance(order, list) or not all(isinstance(each, str) for each in order):
        raise InvalidEntity(f"archive: {name}: expected {_ORDER} with the names of what was signed")
    names = [each for each in order if "signature" not in each]
    if len(set(names)) < len(names) or not all(map(is_name, names)):
        raise InvalidEntity(f"archive: {name}: {_ORDER} has names twice or not fit for XML")
    return names


def _text(value: Any, field: str) -> str:  # noqa: ANN401 - whatever JSON holds, narrowed here
    """The text of a member as it would stand in XML."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return clean(value)  # JSON can carry what XML cannot
    raise InvalidEntity(f"archive: {field[:80]}: expected text, a number, a boolean or null")
