"""The control API of a gate in a container; the gate does not listen here."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.facts.identity import POD_HOSTS
from harness.gate import Gate, KeyRing, Wiretap
from harness.gate.api import Api
from harness.gate.authority import Authority
from harness.gate.http import Request
from harness.gate.links import Links
from harness.gate.server import GateServer


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    gate = Gate({host: pod for pod, host in POD_HOSTS.items()}, Wiretap(), KeyRing())
    server = GateServer(gate, Authority(tmp_path / "ca.pem"), Links.parse(""))
    yield Api(server, "the token")
    server.stop()


def call(api: Api, method: str, path: str, body: object = None, shown: str = "the token") -> Any:  # noqa: ANN401 (JSON)
    headers = (("Authorization", f"Bearer {shown}"),)
    answer = api(Request(method, path, headers, json.dumps(body).encode()))
    return json.loads(answer.body) if answer.status == 200 else answer.status


def test_only_who_has_the_token_is_obeyed(api: Api) -> None:
    assert call(api, "GET", "/state", shown="another") == 401
    assert call(api, "GET", "/state") == {"in_flight": 0, "parked": 0, "failures": []}


def test_what_is_not_offered_is_not_found(api: Api) -> None:
    assert call(api, "GET", "/secrets") == 404
    assert call(api, "DELETE", "/state") == 404


def test_what_makes_no_sense_is_refused(api: Api) -> None:
    assert call(api, "POST", "/rules", {"action": "lose"}) == 400
    assert call(api, "POST", "/cuts", [["pod1", "pod9"]]) == 400
    assert call(api, "DELETE", "/faults/1") == 400


def test_a_cut_lasts_until_it_is_healed(api: Api) -> None:
    asking = {"method": "GET", "target": "/", "headers": [], "body": "", "is_oversized": False}
    asked = {"sender": "pod1", "host": "pod2.test", "request": asking}
    cut = call(api, "POST", "/cuts", [["pod1", "pod2"]])
    assert call(api, "POST", "/carry", asked)["reason"] == "pod1 is cut off from pod2"
    call(api, "DELETE", f"/faults/{cut['id']}")
    assert [each["reason"] for each in call(api, "GET", "/exchanges?since=0")] == [
        "pod1 is cut off from pod2"
    ]
    assert call(api, "GET", "/exchanges?since=1") == []
