"""The machinery that reads and writes an entity after a table of its properties.

A property turns elements into one field of a dataclass and back. Which entity has which properties
is said in `pod.wire.properties`.

Missing and empty are different: a missing element takes the default, an empty one overrides the
default with "no value". Of several elements with one name the first counts.

Source: federation protocol section 4.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from pod.domain.entities import Entity, Part
from pod.wire.elements import Node
from pod.wire.errors import InvalidEntity, TooLarge
from pod.wire.scalars import Scalar

MAX_REPEATED = 100

NEEDED: Final = object()
"""Stands for the value of an element that must not be missing."""

Elements = Mapping[str, list[Node]]
"""The children of an element by name."""


class Property(Protocol):
    """One field of an entity on the wire."""

    @property
    def field(self) -> str:
        """Its name in the dataclass and in JSON."""
        ...

    @property
    def element(self) -> str:
        """Its name in XML."""
        ...

    @property
    def absent(self) -> object:
        """What a missing element means; `NEEDED` if it must not be missing."""
        ...

    def read(self, elements: Elements) -> object:
        """Only asked if the element is there, or needed."""
        ...

    def write(self, value: Any) -> Iterator[Node]: ...  # noqa: ANN401 - the field's own type


@dataclass(frozen=True, slots=True)
class Value:
    """A property that is text on the wire."""

    element: str
    scalar: Scalar
    required: bool = False
    """The element must exist."""
    filled: bool = False
    """If the element exists, it must have a value."""
    default: object = None
    """What a missing element means."""
    empty: object = None
    """What an empty or unreadable element means."""
    omitted: object = None
    """A value that is not written; no value never is."""

    @property
    def field(self) -> str:
        return self.element

    @property
    def absent(self) -> object:
        return NEEDED if self.required else self.default

    def read(self, elements: Elements) -> object:
        if self.element not in elements:
            raise InvalidEntity(f"{self.element}: missing")
        text = elements[self.element][0].text
        try:
            value = self.scalar.read(text) if text else None
        except ValueError as error:
            # Diaspora IDs and GUIDs may be told; the messages for text do not contain it.
            raise InvalidEntity(f"{self.element}: {error}") from None
        if value is not None:
            return value
        if self.filled:
            raise InvalidEntity(f"{self.element}: has no value")
        return self.empty

    def write(self, value: Any) -> Iterator[Node]:  # noqa: ANN401 - the field's own type
        if value is None or value == self.omitted:
            return
        yield Node(self.element, self.scalar.write(value))


@dataclass(frozen=True, slots=True)
class Nested:
    """A property that is one entity of its own; an empty element counts as absent."""

    element: str
    schema: Schema
    required: bool = False

    @property
    def field(self) -> str:
        return self.element

    @property
    def absent(self) -> object:
        return NEEDED if self.required else None

    def read(self, elements: Elements) -> object:
        found = [node for node in elements.get(self.element, ()) if node.children]
        if found:
            return self.schema.read(found[0])
        if self.required:
            raise InvalidEntity(f"{self.element}: missing or empty")
        return None

    def write(self, value: Entity | Part | None) -> Iterator[Node]:
        if value is not None:
            yield self.schema.write(value)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A property that is any number of entities, as repeated elements."""

    field: str
    schema: Schema

    @property
    def element(self) -> str:
        return self.schema.name

    @property
    def absent(self) -> object:
        return ()

    def read(self, elements: Elements) -> object:
        found = [node for node in elements.get(self.element, ()) if node.children]
        if len(found) > MAX_REPEATED:
            raise TooLarge(f"{self.element}: {len(found)} of them, at most {MAX_REPEATED} are read")
        return tuple(self.schema.read(node) for node in found)

    def write(self, value: tuple[Entity | Part, ...]) -> Iterator[Node]:
        for entity in value:
            yield self.schema.write(entity)


def _accept(entity: Any) -> None:  # noqa: ANN401 - no rule, any entity
    """The rule of entities that have none."""
    del entity


@dataclass(frozen=True, slots=True)
class Schema:
    """An entity on the wire: its name, its properties in order, and what must hold between them."""

    name: str
    make: Callable[..., Entity | Part]
    properties: tuple[Property, ...]
    rule: Callable[[Any], None] = _accept
    _reads: tuple[tuple[str, str, Callable[[Elements], object], object], ...] = field(
        init=False, repr=False, compare=False
    )
    """Each field, its element, what reads it, and what it is without: looked up only once."""

    def __post_init__(self) -> None:
        reads = tuple(
            (each.field, each.element, each.read, each.absent) for each in self.properties
        )
        object.__setattr__(self, "_reads", reads)

    def read(self, node: Node, **more: object) -> Entity | Part:
        """Make the entity; `more` are fields that are no properties.

        Raises:
            InvalidEntity: If a property or the rule is violated.
            TooLarge: If there is too much of something.
        """
        try:
            elements = by_name(node)
            values = {
                name: absent if element not in elements and absent is not NEEDED else read(elements)
                for name, element, read, absent in self._reads
            }
            entity = self.make(**values, **more)
            self.rule(entity)
        except InvalidEntity as error:
            raise InvalidEntity(f"{self.name}: {error}") from None
        return entity

    def nodes(self, entity: Entity | Part) -> tuple[Node, ...]:
        """The child elements of an entity, in order."""
        written = (each.write(getattr(entity, each.field)) for each in self.properties)
        return tuple(node for nodes in written for node in nodes)

    def write(self, entity: Entity | Part) -> Node:
        """The element of an entity."""
        return Node(self.name, "", self.nodes(entity))


# Twins of these could make two readers see two different messages.
_UNIQUE = ("author", "guid", "author_signature", "signature", "new_signature")


def by_name(node: Node) -> dict[str, list[Node]]:
    """The children of an element by name.

    Raises:
        InvalidEntity: If one that says who and what occurs twice.
    """
    elements: dict[str, list[Node]] = {}
    for child in node.children:
        elements.setdefault(child.name, []).append(child)
    if len(elements) == len(node.children):  # nothing occurs twice
        return elements
    for name in _UNIQUE:
        if len(elements.get(name, ())) > 1:
            raise InvalidEntity(f"{name}: occurs twice")
    return elements
