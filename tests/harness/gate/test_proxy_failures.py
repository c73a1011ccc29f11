"""What the carrier for real servers does when a pod, a client or the gate itself fails."""

import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from harness.errors import GateFailed, UsageError
from harness.gate import KeyRing
from harness.gate.http import Request, Response
from tests.harness.gate.letters import comment, privately, seal
from tests.harness.gate.pods import accept, small_pod
from tests.harness.gate.stage import ALICE, CAROL, URL, Stage, staged


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path) as stage:
        yield stage


def test_a_pod_that_always_hangs_up_is_asked_once_and_answered_502(stage: Stage) -> None:
    def hang_up(_request: Request) -> Response:
        raise ConnectionAbortedError

    pod2 = stage.pod("pod2", hang_up)
    assert (stage.client().post(URL, content=b"x").status_code, len(pod2.seen)) == (502, 1)


def test_an_unknown_host_is_answered_502_and_recorded(stage: Stage) -> None:
    with pytest.raises(httpx.ProxyError, match="502"):
        stage.client().get("https://elsewhere.test/")
    (exchange,) = stage.gate.wiretap.exchanges()
    assert (exchange.host, exchange.recipient, exchange.verdict, exchange.reason) == (
        "elsewhere.test",
        None,
        "failed",
        "no pod is called elsewhere.test",
    )


def test_plain_http_to_a_pod_is_no_way_around_the_gate(stage: Stage) -> None:
    pod2 = stage.pod("pod2")
    got = stage.client().get("http://pod2.test/")
    assert (got.status_code, pod2.seen) == (502, [])


@pytest.mark.parametrize("state", ["never started", "stopped", "unregistered"])
def test_a_pod_that_does_not_run_is_answered_502_at_once(stage: Stage, state: str) -> None:
    client = stage.client()
    if state == "stopped":
        with small_pod(stage.folder / "gone.sock") as pod:
            stage.proxy.register("pod2", pod.address)
            client.post(URL, content=b"x")
        stage.proxy.register("pod2", stage.folder / "gone.sock")
    if state == "unregistered":
        stage.pod("pod2")
        stage.proxy.unregister("pod2")
    got = client.post(URL, content=seal(comment(CAROL), CAROL), timeout=2)
    exchange = stage.gate.wiretap.exchanges()[-1]
    assert (got.status_code, exchange.verdict, exchange.entity) == (502, "failed", "comment")
    assert (exchange.reason or "").startswith("pod2 is unreachable")


def test_a_pod_that_speaks_no_http_is_answered_502(stage: Stage) -> None:
    garbage = Response(202, (("Content-Length", "many"),))
    stage.pod("pod2", lambda _: garbage)
    assert stage.client().post(URL, content=b"x").status_code == 502


def test_a_pod_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    released = threading.Event()

    def wait(request: Request) -> Response:
        released.wait(30)
        return accept(request)

    with staged(tmp_path, timedelta(milliseconds=200)) as stage:
        stage.pod("pod2", wait)
        got = stage.client().post(URL, content=b"x")
        released.set()
    assert got.status_code == 502


def test_a_slow_pod_does_not_block_others(stage: Stage) -> None:
    reached, released = threading.Event(), threading.Event()

    def wait(request: Request) -> Response:
        reached.set()
        released.wait(30)
        return accept(request)

    stage.pod("pod2", wait)
    stage.pod("pod3")
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(stage.client().post, URL, content=b"slow", timeout=30)
        assert reached.wait(10)
        client = stage.client()
        quick = [client.post("https://pod3.test/receive/public").status_code for _ in range(5)]
        assert (quick, slow.done(), stage.gate.wiretap.in_flight) == ([202] * 5, False, 1)
        assert not stage.gate.wiretap.wait_until_idle(timedelta(0))
        released.set()
        assert slow.result().status_code == 202
    assert stage.gate.wiretap.wait_until_idle(timedelta(seconds=5))


def test_a_client_that_does_not_trust_the_authority_gets_no_connection(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    pod2 = stage.pod("pod2")
    trust = ssl.create_default_context()
    url = stage.proxy.proxy_url("pod1")
    refused = pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED")
    with httpx.Client(proxy=url, verify=trust, trust_env=False) as client, refused:
        client.get("https://pod2.test/")
    assert pod2.seen == []
    stage.proxy.stop()
    assert "event=tls_failed sender=pod1 host=pod2.test" in caplog.text


def test_a_front_whose_port_is_taken_says_which_and_what_to_do(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"port {port} .*`ss -ltnp sport = :{port}`"):
            stage.proxy.front(port)


def test_a_stopped_proxy_refuses_connections_and_stops_twice(stage: Stage) -> None:
    url = stage.proxy.proxy_url("pod1")
    stage.proxy.stop()
    stage.proxy.stop()
    with httpx.Client(proxy=url, trust_env=False) as client, pytest.raises(httpx.ConnectError):
        client.get("https://pod2.test/")


def test_a_fault_of_the_gate_itself_is_told_when_it_stops(tmp_path: Path) -> None:
    no_rsa = generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    request = privately(comment(CAROL), CAROL, ALICE)
    with staged(tmp_path, keys=KeyRing([no_rsa.decode()])) as stage:
        size = ("Content-Length", str(len(ALICE.hcard)))
        stage.pod("pod2", lambda _: Response(200, (size,), ALICE.hcard))
        with pytest.raises(httpx.RemoteProtocolError):
            stage.client().post(f"https://pod2.test{request.target}", content=request.body)
        with pytest.raises(GateFailed, match="the pool holds a key that is not RSA"):
            stage.proxy.stop()
