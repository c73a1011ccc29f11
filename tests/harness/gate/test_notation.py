"""What a gate in a container and the harness tell each other survives the way."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from harness.gate.cuts import around
from harness.gate.http import Pace, Request, Response
from harness.gate.mailbox import Letter
from harness.gate.notation import (
    exchange_as_json,
    exchange_of,
    letter_as_json,
    letter_of,
    links_as_json,
    links_of,
    request_as_json,
    request_of,
    response_as_json,
    response_of,
    rule_as_json,
    rule_of,
)
from harness.gate.rules import Rule
from harness.gate.wiretap import Exchange

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def brought(document: object) -> Any:  # noqa: ANN401 (JSON)
    return json.loads(json.dumps(document))


def test_rules_survive_the_way() -> None:
    rule = Rule("hold", frozenset({"comment", "like"}), "pod1", None, 2)
    assert rule_of(brought(rule_as_json(rule))) == rule


def test_links_survive_the_way() -> None:
    assert links_of(brought(links_as_json(around("pod3")))) == around("pod3")


def test_letters_survive_the_way() -> None:
    letter = Letter("a@pod1.test", ("b@mail.test",), b"Subject: \xff\r\n\r\nhello")
    assert letter_of(brought(letter_as_json(letter))) == letter


def test_requests_and_responses_survive_octet_by_octet() -> None:
    headers = (("Host", "pod1.test"),)
    request = Request("POST", "/receive/public", headers, b"\0\xff", is_oversized=True)
    assert request_of(brought(request_as_json(request))) == request
    for response in (
        Response(200, (("A", "b"),), b"\xfe"),
        Response(0, raw=b"?", pace=Pace(1, 0.5, 2)),
    ):
        assert response_of(brought(response_as_json(response))) == response


def test_exchanges_are_told_but_for_the_time_of_the_federation() -> None:
    exchange = Exchange(
        at=NOW,
        virtual_at=None,
        sender="pod1",
        recipient="pod2",
        host="pod2.test",
        method="GET",
        path="/",
        route="other",
        verdict="passed",
        request_bytes=0,
        response_bytes=9,
        duration_ms=1.5,
    )
    assert exchange_of(brought(exchange_as_json(exchange)), NOW) == replace(
        exchange, virtual_at=NOW
    )
