"""The carrier for real servers, with real sockets and real TLS."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from harness.errors import GateFailed, UsageError
from harness.facts.identity import POD_HOSTS, PodName
from harness.gate import Gate, KeyRing, Wiretap
from harness.gate.authority import Authority
from harness.gate.http import Request, Response, header
from harness.gate.proxy import GateProxy
from tests.harness.gate.letters import PUBLIC_TYPE, comment, pems, person, privately, seal
from tests.harness.gate.pods import SmallPod, accept, small_pod

CAROL = person("carol", "pod1")
ALICE = person("alice", "pod2")
HOSTS: dict[str, PodName] = {host: pod for pod, host in POD_HOSTS.items()}
URL = "https://pod2.test/receive/public"


@dataclass
class Stage:
    """A gate that carries, and what a test needs to use it."""

    proxy: GateProxy
    authority: Authority
    folder: Path
    stack: ExitStack

    @property
    def gate(self) -> Gate:
        return self.proxy.gate

    def pod(self, name: PodName, answer: Callable[[Request], Response] = accept) -> SmallPod:
        """Run a pod until the test ends."""
        pod = self.stack.enter_context(small_pod(self.folder / f"{name}.sock", answer))
        self.proxy.register(name, pod.address)
        return pod

    def client(self, sender: PodName = "pod1") -> httpx.Client:
        """The HTTP client of a pod, which trusts nothing but the run's authority."""
        trust = ssl.create_default_context(cafile=self.authority.ca_file)
        client = httpx.Client(proxy=self.proxy.proxy_url(sender), verify=trust, trust_env=False)
        return self.stack.enter_context(client)

    def raw_client(self) -> HTTPSConnection:
        """The standard library's client, which sends what it is told, from pod1 to pod2."""
        trust = ssl.create_default_context(cafile=self.authority.ca_file)
        gate = urlsplit(self.proxy.proxy_url("pod1"))
        client = HTTPSConnection(gate.hostname or "", gate.port, context=trust)
        client.set_tunnel("pod2.test")
        return client

    def send_raw(self, request: Request) -> Response:
        """Send a request as it stands, by a client that keeps the order of headers."""
        client = self.raw_client()
        client.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers:
            client.putheader(name, value.encode("latin-1"))
        client.endheaders(request.body)
        with closing(client), client.getresponse() as answer:
            return Response(answer.status, tuple(answer.getheaders()), answer.read())


@contextmanager
def staged(
    folder: Path, timeout: timedelta = timedelta(seconds=15), keys: KeyRing | None = None
) -> Iterator[Stage]:
    with ExitStack() as stack:
        wiretap = stack.enter_context(Wiretap(folder / "wire.jsonl"))
        gate = Gate(HOSTS, wiretap, keys or KeyRing(pems("pod2")))
        authority = Authority(folder / "ca.pem")
        proxy = stack.enter_context(GateProxy(gate, authority, timeout=timeout))
        yield Stage(proxy, authority, folder, stack)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path) as stage:
        yield stage


def test_a_request_and_its_response_pass_unchanged(stage: Stage) -> None:
    answers = (("X-Zulu", "1"), ("Content-Type", "t/x"), ("X-alpha", "2"), ("Content-Length", "4"))
    pod2 = stage.pod("pod2", lambda _: Response(207, answers, b"\x00abc"))
    headers = (("X-Zulu", "1"), ("Host", "pod2.test"), ("x-Alpha", "é"), ("Content-Length", "3"))
    sent = Request("POST", "/a%20b?c=%3F", headers, b"\xff\x00a")
    got = stage.send_raw(sent)
    assert pod2.seen == [sent]
    assert got == Response(207, answers, b"\x00abc")


def test_nothing_is_added_on_the_way(stage: Stage) -> None:
    pod2 = stage.pod("pod2")
    stage.client().get("https://pod2.test/")
    names = [name for name, _ in pod2.seen[0].headers]
    assert names == ["Host", "Accept", "Accept-Encoding", "User-Agent"]


def test_a_large_body_passes_in_both_directions(stage: Stage) -> None:
    body = bytes(range(256)) * 4 * 4096  # 4 MiB
    size = ("Content-Length", str(len(body)))
    pod2 = stage.pod("pod2", lambda request: Response(200, (size,), request.body))
    assert stage.client().post("https://pod2.test/x", content=body).content == body
    assert pod2.bodies == [body]


def test_a_chunked_response_passes(stage: Stage) -> None:
    chunked = (("Transfer-Encoding", "chunked"), ("X-After", "1"))
    stage.pod("pod2", lambda _: Response(200, chunked, b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"))
    got = stage.client().get("https://pod2.test/x")
    assert (got.content, got.headers["x-after"]) == (b"abcde", "1")


def test_a_body_beyond_the_limit_is_refused_and_recorded(stage: Stage) -> None:
    pod2 = stage.pod("pod2")
    got = stage.client().post(URL, content=bytes(8 * 1024 * 1024 + 1))
    assert (got.status_code, pod2.seen) == (413, [])
    assert [(each.verdict, each.status) for each in stage.gate.wiretap.exchanges()] == [
        ("failed", 413)
    ]


def test_many_requests_share_one_connection(stage: Stage) -> None:
    pod2 = stage.pod("pod2")
    client = stage.client()
    answers = [client.post(URL, content=b"x").status_code for _ in range(5)]
    assert (answers, len(pod2.seen), pod2.connections) == ([202] * 5, 5, 1)


def test_a_connection_that_the_pod_closed_while_idle_is_replaced(stage: Stage) -> None:
    hangs_up = iter([False, True, False])

    def answer(request: Request) -> Response:
        if next(hangs_up):
            raise ConnectionAbortedError
        return accept(request)

    pod2 = stage.pod("pod2", answer)
    client = stage.client()
    answers = [client.post(URL, content=body).status_code for body in (b"1", b"2")]
    assert (answers, pod2.bodies, pod2.connections) == ([202, 202], [b"1", b"2", b"2"], 2)


def test_a_pod_that_ends_each_connection_without_a_word_is_still_served(stage: Stage) -> None:
    pod2 = stage.pod("pod2")
    pod2.hangs_up = True
    client = stage.client()
    answers = [client.post(URL, content=b"x").status_code for _ in range(5)]
    assert (answers, pod2.bodies) == ([202] * 5, [b"x"] * 5)


def test_a_pod_may_listen_on_a_port(stage: Stage) -> None:
    pod2 = stage.stack.enter_context(small_pod(None))
    stage.proxy.register("pod2", pod2.address)
    answers = [stage.client().post(URL, content=b"x").status_code for _ in range(2)]
    assert (answers, pod2.bodies) == ([202] * 2, [b"x"] * 2)


def test_a_sender_that_waits_for_100_continue_is_told_to_go_on(stage: Stage) -> None:
    pod2 = stage.pod("pod2")
    client = stage.raw_client()
    client.putrequest("POST", "/receive/public")
    client.putheader("Expect", "100-continue")
    client.putheader("Content-Length", "3")
    client.endheaders()
    with closing(client):
        go_on = client.sock.recv(100)
        client.send(b"abc")
        status = client.getresponse().status
    names = [name for name, _ in pod2.seen[0].headers]
    assert (go_on.split(b"\r\n")[0], status) == (b"HTTP/1.1 100 ", 202)
    assert (pod2.bodies, "Expect" in names) == ([b"abc"], False)


def test_a_pod_that_always_hangs_up_is_asked_once_and_answered_502(stage: Stage) -> None:
    def hang_up(_request: Request) -> Response:
        raise ConnectionAbortedError

    pod2 = stage.pod("pod2", hang_up)
    assert (stage.client().post(URL, content=b"x").status_code, len(pod2.seen)) == (502, 1)


def test_a_pod_that_announces_the_end_of_a_connection_gets_another(stage: Stage) -> None:
    closing = Response(202, (("Content-Length", "0"), ("Connection", "close")))
    pod2 = stage.pod("pod2", lambda _: closing)
    client = stage.client()
    answers = [client.post(URL, content=b"x").status_code for _ in range(3)]
    assert (answers, pod2.connections) == ([202] * 3, 3)


def test_the_port_names_the_sender(stage: Stage) -> None:
    stage.pod("pod2")
    for sender in ("pod1", "pod3", "pod4"):
        stage.client(sender).post(URL, content=seal(comment(CAROL), CAROL))
    exchanges = stage.gate.wiretap.messages(entity="comment", to="pod2")
    assert [each.sender for each in exchanges] == ["pod1", "pod3", "pod4"]


def test_the_gate_speaks_as_the_host_that_was_asked_for(stage: Stage) -> None:
    stage.pod("pod3")
    client = stage.client()
    with client.stream("GET", "https://pod3.test/") as response:
        tls = response.extensions["network_stream"].get_extra_info("ssl_object")
        names = tls.getpeercert()["subjectAltName"]
    assert names == (("DNS", "pod3.test"),)


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


def test_a_lost_message_is_acknowledged_and_never_arrives(stage: Stage) -> None:
    pod2 = stage.pod("pod2")
    client = stage.client()
    with stage.gate.losing("comment", to="pod2"):
        lost = client.post(URL, content=seal(comment(CAROL), CAROL)).status_code
    passed = client.post(URL, content=b"<other/>").status_code
    assert (lost, passed, pod2.bodies) == (202, 202, [b"<other/>"])


def test_a_refused_message_is_answered_503(stage: Stage) -> None:
    pod2 = stage.pod("pod2")
    with stage.gate.refusing("comment"):
        refused = stage.client().post(URL, content=seal(comment(CAROL), CAROL)).status_code
    assert (refused, pod2.bodies) == (503, [])


def test_a_cut_is_answered_502_and_heals(stage: Stage) -> None:
    pod2 = stage.pod("pod2")
    client = stage.client()
    with stage.gate.isolate("pod2"):
        during = client.get("https://pod2.test/").status_code
    after = client.get("https://pod2.test/").status_code
    assert (during, after, len(pod2.seen)) == (502, 202, 1)


def test_held_messages_are_delivered_in_order_when_released(stage: Stage) -> None:
    pod2 = stage.pod("pod2")
    client = stage.client()
    letters = [seal(comment(CAROL, guid=f"{number:032}"), CAROL) for number in range(4)]
    with stage.gate.holding("comment") as hold:
        answers = [client.post(URL, content=each).status_code for each in letters[:3]]
        assert (answers, pod2.bodies, stage.gate.parked) == ([202] * 3, [], 3)
        hold.release()
        assert (pod2.bodies, stage.gate.parked) == (letters[:3], 0)
        client.post(URL, content=letters[3])
    assert pod2.bodies == letters
    verdicts = [each.verdict for each in stage.gate.wiretap.messages(to="pod2")]
    assert verdicts == ["parked"] * 3 + ["released"] * 3 + ["passed"]


def test_a_private_message_is_read_with_the_key_of_the_one_addressed(stage: Stage) -> None:
    def pod2(request: Request) -> Response:
        if request.path == f"/hcard/users/{ALICE.guid}":
            size = ("Content-Length", str(len(ALICE.hcard)))
            return Response(200, (size,), ALICE.hcard)
        return accept(request)

    pod = stage.pod("pod2", pod2)
    client = stage.client()
    for guid in ("1" * 32, "2" * 32):
        request = privately(comment(CAROL, guid), CAROL, ALICE)
        client.post(f"https://pod2.test{request.target}", content=request.body)
    guids = [each.guid for each in stage.gate.wiretap.messages(entity="comment", sender="pod1")]
    assert guids == ["1" * 32, "2" * 32]
    asked = [request for request in pod.seen if request.method == "GET"]
    assert [(each.target, header(each.headers, "host")) for each in asked] == [
        (f"/hcard/users/{ALICE.guid}", "pod2.test")
    ]


def test_the_record_is_on_disk_line_by_line(stage: Stage) -> None:
    stage.pod("pod2")
    stage.client().post(
        URL, content=seal(comment(CAROL, text="secret"), CAROL), headers=[PUBLIC_TYPE]
    )
    text = (stage.folder / "wire.jsonl").read_text()
    (line,) = [json.loads(line) for line in text.splitlines()]
    known = {key: line[key] for key in ("seq", "sender", "recipient", "entity", "author", "status")}
    assert known == {
        "seq": 1,
        "sender": "pod1",
        "recipient": "pod2",
        "entity": "comment",
        "author": "carol@pod1.test",
        "status": 202,
    }
    assert "secret" not in text


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


@pytest.mark.parametrize("host", ["pod2.localhost", "pod2.test"])
def test_the_front_shows_the_pod_that_is_named(stage: Stage, host: str) -> None:
    size = ("Content-Length", "5")
    stage.pod("pod2", lambda _: Response(200, (size,), b"hello"))
    port = stage.proxy.front()
    with httpx.Client(trust_env=False) as browser:
        url = f"http://127.0.0.1:{port}/stream"
        got = browser.get(url, headers={"Host": f"{host}:{port}"})
        other = browser.get(url)
        absent = browser.get(url, headers={"Host": "pod1.localhost"})
    assert (got.status_code, got.content) == (200, b"hello")
    assert (other.status_code, absent.status_code) == (404, 502)
    assert "http://pod2.localhost/" in other.text
    assert stage.gate.wiretap.exchanges() == ()


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
