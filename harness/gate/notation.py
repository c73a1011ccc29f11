"""Exchanges, rules, links and letters as JSON, between a gate in a container and the harness."""

import base64
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from harness.gate.cuts import Links
from harness.gate.links import pod_named
from harness.gate.mailbox import Letter
from harness.gate.rules import Rule
from harness.gate.wiretap import Exchange

Json = dict[str, Any]


def exchange_as_json(exchange: Exchange) -> Json:
    """All that is recorded about an exchange, but for the federation's time."""
    return asdict(exchange) | {"at": exchange.at.isoformat(), "virtual_at": None}


def exchange_of(document: Mapping[str, Any], virtual_at: datetime | None) -> Exchange:
    """The exchange again, with the federation's time when it ended."""
    at = datetime.fromisoformat(document["at"])
    return Exchange(**dict(document) | {"at": at, "virtual_at": virtual_at})


def rule_as_json(rule: Rule) -> Json:
    """A rule, field by field."""
    return asdict(rule) | {"entities": sorted(rule.entities)}


def rule_of(document: Mapping[str, Any]) -> Rule:
    """The rule again."""
    return Rule(**dict(document) | {"entities": frozenset(document["entities"])})


def links_as_json(links: Links) -> list[list[str]]:
    """Directed links, in order."""
    return sorted(map(list, links))


def links_of(document: list[list[str]]) -> Links:
    """The links again."""
    return frozenset((pod_named(a), pod_named(b)) for a, b in document)


def letter_as_json(letter: Letter) -> Json:
    """A letter; its octets in base64."""
    return asdict(letter) | {"content": base64.b64encode(letter.content).decode()}


def letter_of(document: Mapping[str, Any]) -> Letter:
    """The letter again."""
    content = base64.b64decode(document["content"])
    return Letter(document["sender"], tuple(document["recipients"]), content)
