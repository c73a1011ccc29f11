"""The carrier for real servers, with real sockets and real TLS."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from harness.gate.http import Request, Response, header
from tests.harness.gate.letters import PUBLIC_TYPE, comment, privately, seal
from tests.harness.gate.pods import accept, small_pod
from tests.harness.gate.stage import ALICE, CAROL, URL, Stage, staged


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
