"""What a gate in a container and the harness tell each other, as JSON."""

import base64
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from harness.gate.cuts import Links
from harness.gate.http import Headers, Pace, Request, Response
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
    return asdict(letter) | {"content": _base64(letter.content)}


def letter_of(document: Mapping[str, Any]) -> Letter:
    """The letter again."""
    content = base64.b64decode(document["content"])
    return Letter(document["sender"], tuple(document["recipients"]), content)


def request_as_json(request: Request) -> Json:
    """A request; its body in base64."""
    return asdict(request) | {"body": _base64(request.body)}


def request_of(document: Mapping[str, Any]) -> Request:
    """The request again."""
    body = base64.b64decode(document["body"])
    return Request(**dict(document) | {"headers": _headers(document), "body": body})


def response_as_json(response: Response) -> Json:
    """A response; its octets in base64."""
    raw = None if response.raw is None else _base64(response.raw)
    return asdict(response) | {"body": _base64(response.body), "raw": raw}


def response_of(document: Mapping[str, Any]) -> Response:
    """The response again."""
    raw = None if document["raw"] is None else base64.b64decode(document["raw"])
    body = base64.b64decode(document["body"])
    pace = Pace(**document["pace"]) if document["pace"] else None
    return Response(document["status"], _headers(document), body, raw, pace)


def _headers(document: Mapping[str, Any]) -> Headers:
    return tuple((name, value) for name, value in document["headers"])


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()
