"""Which entity has which properties: the tables of the protocol.

The order is the order in which elements are written, and signed if the entity is a relayable.

Source: federation protocol section 4; checked against the dataclasses in tests/pod/wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pod.wire.properties.interactions import (
    COMMENT,
    EVENT_PARTICIPATION,
    LIKE,
    PARTICIPATION,
    POLL_PARTICIPATION,
    RETRACTION,
)
from pod.wire.properties.people import (
    ACCOUNT_DELETION,
    ACCOUNT_MIGRATION,
    ACCOUNT_RENAME,
    CONTACT,
    CONVERSATION,
    MESSAGE,
    PERSON,
    PROFILE,
)
from pod.wire.properties.posts import (
    EMBED,
    EVENT,
    LOCATION,
    PHOTO,
    POLL,
    POLL_ANSWER,
    RESHARE,
    STATUS_MESSAGE,
)
from pod.wire.schema import Schema

_PARTS = (LOCATION, POLL_ANSWER, POLL, EMBED, PERSON)
_SENT = (
    STATUS_MESSAGE,
    PHOTO,
    EVENT,
    RESHARE,
    COMMENT,
    LIKE,
    POLL_PARTICIPATION,
    EVENT_PARTICIPATION,
    PARTICIPATION,
    CONTACT,
    PROFILE,
    MESSAGE,
    CONVERSATION,
    RETRACTION,
    ACCOUNT_DELETION,
    ACCOUNT_MIGRATION,
    ACCOUNT_RENAME,
)

BY_NAME: Mapping[str, Schema] = MappingProxyType({schema.name: schema for schema in _SENT})
"""What may be sent on its own, by element name."""

BY_TYPE: Mapping[object, Schema] = MappingProxyType({each.make: each for each in _SENT + _PARTS})
"""Everything, by dataclass."""
