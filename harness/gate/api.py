"""The control API of a gate in a container: what the harness does to it, over HTTP.

Each request carries the run's token. Faults get numbers; the harness holds them by these.
"""

import base64
import hmac
import json
import re
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from harness.errors import HarnessError
from harness.gate.faults import Cut, Fault, Garbage, Hold
from harness.gate.http import Request, Response, header
from harness.gate.links import party_named, peer_named, pod_named
from harness.gate.notation import (
    Json,
    exchange_as_json,
    letter_as_json,
    links_of,
    request_of,
    response_as_json,
    rule_of,
)
from harness.gate.server import GateServer
from harness.gate.visits import AbsentGuest, Visits

AnyFault = Fault | Cut | Garbage
Answer = Callable[["Api", re.Match[str], Request], object]


FETCHING: Final = timedelta(seconds=5)
"""How long the harness waits for questions to guests before it asks again."""


class UnknownFault(HarnessError):
    """A fault that was forgotten by a reset, or never was."""


class Api:
    """Answers the harness; called in threads."""

    def __init__(self, server: GateServer, token: str) -> None:
        """Take charge of a gate.

        Args:
            server: The gate's carrier.
            token: What each request has to show.
        """
        self.server = server
        self.gate = server.gate
        self._expected = f"Bearer {token}"
        self.visits = Visits()
        self._numbers = count(1)
        self._faults: dict[int, AnyFault] = {}

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        shown = header(request.headers, "authorization") or ""
        if not hmac.compare_digest(shown.encode(), self._expected.encode()):
            return Response.of_the_gate(401, "the token of this run is missing\n")
        for method, pattern, answer in _ROUTES:
            match = re.fullmatch(pattern, request.path)
            if match and method == request.method:
                return self._answered(answer, match, request)
        return Response.of_the_gate(404, f"no {request.method} {request.path} here\n")

    def impose(self, fault: AnyFault) -> Json:
        """Keep a fault, and give it a number."""
        number = next(self._numbers)
        self._faults[number] = fault
        return {"id": number}

    def fault(self, match: re.Match[str]) -> AnyFault:
        """The fault that a path names."""
        try:
            return self._faults[int(match[1])]
        except KeyError:
            raise UnknownFault(f"there is no fault {match[1]}") from None

    def _answered(self, answer: Answer, match: re.Match[str], request: Request) -> Response:
        try:
            body = json.dumps(answer(self, match, request)).encode()
        except (HarnessError, ValueError, KeyError, TypeError) as error:
            return Response.of_the_gate(400, f"{type(error).__name__}: {error}\n")
        headers = (("Content-Type", "application/json"), ("Content-Length", str(len(body))))
        return Response(200, headers, body)


def _state(api: Api, _match: re.Match[str], _request: Request) -> Json:
    wiretap = api.gate.wiretap
    return {
        "in_flight": wiretap.in_flight,
        "parked": api.gate.parked,
        "failures": list(api.server.failures),
    }


def _exchanges(api: Api, _match: re.Match[str], request: Request) -> list[Json]:
    since = _since(request)
    return [exchange_as_json(each) for each in api.gate.wiretap.exchanges(since=since)]


def _letters(api: Api, _match: re.Match[str], request: Request) -> list[Json]:
    return [letter_as_json(each) for each in api.server.mailbox.letters(_since(request))]


def _forget_letters(api: Api, _match: re.Match[str], _request: Request) -> Json:
    api.server.mailbox.forget()
    return {}


def _impose(api: Api, _match: re.Match[str], request: Request) -> Json:
    return api.impose(api.gate.put_in_force(rule_of(_json(request))))


def _sever(api: Api, _match: re.Match[str], request: Request) -> Json:
    return api.impose(api.gate.sever(links_of(_json(request))))


def _look(api: Api, match: re.Match[str], _request: Request) -> Json:
    fault = api.fault(match)
    return {"parked": fault.parked if isinstance(fault, Hold) else 0}


def _end(api: Api, match: re.Match[str], _request: Request) -> Json:
    fault = api.fault(match)
    fault.heal() if isinstance(fault, Cut) else fault.end()
    return {}


def _reset(api: Api, _match: re.Match[str], _request: Request) -> Json:
    api.gate.reset()
    return {}


def _garble(api: Api, _match: re.Match[str], request: Request) -> Json:
    document = _json(request)
    body = base64.b64decode(document["body"])
    return api.impose(api.gate.garbling(party_named(document["pod"]), body, *document["routes"]))


def _carry(api: Api, _match: re.Match[str], request: Request) -> Json:
    document = _json(request)
    sender, host = party_named(document["sender"]), str(document["host"])
    judgement = api.gate.carry(sender, host, request_of(document["request"]))
    return {
        "verdict": judgement.verdict,
        "reason": judgement.reason,
        "answer": response_as_json(judgement.to_send),
    }


def _welcome(api: Api, match: re.Match[str], _request: Request) -> Json:
    name = peer_named(match[1])
    api.gate.welcome(name, AbsentGuest(name, api.visits))
    return {}


def _fetch_visits(api: Api, _match: re.Match[str], _request: Request) -> list[Json]:
    return api.visits.fetch(FETCHING)


def _end_visit(api: Api, match: re.Match[str], request: Request) -> Json:
    api.visits.end(int(match[1]), _json(request))
    return {}


def _register(api: Api, match: re.Match[str], request: Request) -> Json:
    document = _json(request)
    api.server.register(pod_named(match[1]), (str(document["host"]), int(document["port"])))
    return {}


def _unregister(api: Api, match: re.Match[str], _request: Request) -> Json:
    api.server.unregister(pod_named(match[1]))
    return {}


def _since(request: Request) -> int:
    return int(parse_qs(urlsplit(request.target).query).get("since", ["0"])[0])


def _json(request: Request) -> Any:  # noqa: ANN401 (the JSON edge)
    return json.loads(request.body)


_ROUTES: Final[tuple[tuple[str, str, Answer], ...]] = (
    ("GET", "/state", _state),
    ("GET", "/exchanges", _exchanges),
    ("GET", "/letters", _letters),
    ("DELETE", "/letters", _forget_letters),
    ("POST", "/rules", _impose),
    ("POST", "/cuts", _sever),
    ("GET", "/faults/([0-9]+)", _look),
    ("DELETE", "/faults/([0-9]+)", _end),
    ("POST", "/garbage", _garble),
    ("POST", "/reset", _reset),
    ("POST", "/carry", _carry),
    ("PUT", "/guests/([a-z0-9]+)", _welcome),
    ("GET", "/visits", _fetch_visits),
    ("PUT", "/visits/([0-9]+)", _end_visit),
    ("PUT", "/pods/([a-z0-9]+)", _register),
    ("DELETE", "/pods/([a-z0-9]+)", _unregister),
)
