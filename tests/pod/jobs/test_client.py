"""Requests to other pods: where they may go, what they bring back."""

import pytest

from pod.jobs.client import MAX_BODY_BYTES, Client, Headers, Reply, Unreachable, UnsafeAddress
from pod.store.engine import Store


class Web:
    """Answers by address, and remembers what was asked."""

    def __init__(self, **redirects: str) -> None:
        self.asked: list[str] = []
        self.sent: list[tuple[Headers, bytes]] = []
        self.redirects = redirects
        self.body = b"here"

    def __call__(
        self, method: str, url: str, headers: Headers, body: bytes
    ) -> tuple[int, Headers, bytes]:
        self.asked.append(f"{method} {url}")
        self.sent.append((headers, body))
        target = self.redirects.get(url.rpartition("/")[2])
        if target is None:
            return 200, [("Content-Type", "text/plain"), ("X", "1"), ("X", "2")], self.body
        return 302, [("Location", target)], b""


def _client(web: Web) -> Client:
    return Client(web, "pod1.test")


def test_a_document_is_fetched_with_our_name() -> None:
    web = Web()
    reply = _client(web).get("https://pod2.test/x", accept="text/plain")
    headers = {"content-type": "text/plain", "x": "1"}
    assert reply == Reply(200, headers, b"here", "https://pod2.test/x")
    assert web.sent == [([("User-Agent", "Seedbed/0.1"), ("Accept", "text/plain")], b"")]


def test_a_message_is_posted_with_its_type() -> None:
    web = Web()
    assert _client(web).post("https://pod2.test/receive/public", b"<env/>", "text/xml").is_success
    headers, body = web.sent[0]
    assert (dict(headers)["Content-Type"], body) == ("text/xml", b"<env/>")


def test_redirects_are_followed_only_where_asked() -> None:
    web = Web(x="/y")
    client = _client(web)
    assert client.get("https://pod2.test/x").location == "https://pod2.test/y"
    assert client.get("https://pod2.test/x", follow=True).url == "https://pod2.test/y"


def test_a_redirect_of_a_post_is_the_answer() -> None:
    web = Web(x="https://pod3.test/y")
    assert _client(web).post("https://pod2.test/x", b"", "text/xml").status == 302
    assert web.asked == ["POST https://pod2.test/x"]


def test_no_more_than_four_redirects_are_followed() -> None:
    web = Web(x="/x")
    assert _client(web).get("https://pod2.test/x", follow=True).status == 302
    assert len(web.asked) == 5


@pytest.mark.parametrize(
    "url",
    [
        "http://pod2.test/",
        "ftp://pod2.test/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://a.localhost/",
        "https://intranet/",
        "https://pod1.test/",
        "https://pod2.test:8443/",
        "https://pod2.test:99999/",
        "https://pod1.test@pod2.test/",
        "https://pod2.test./",
        "https:///x",
        "",
    ],
)
def test_addresses_that_are_no_other_pod_are_refused(url: str) -> None:
    web = Web()
    with pytest.raises(UnsafeAddress):
        _client(web).get(url)
    assert web.asked == []


def test_a_redirect_into_our_own_network_is_refused() -> None:
    with pytest.raises(UnsafeAddress):
        _client(Web(x="https://127.0.0.1/admin")).get("https://pod2.test/x", follow=True)


def test_the_port_of_the_diaspora_id_is_allowed() -> None:
    assert _client(Web()).get("https://pod2.test:3000/x", port=3000).is_success


def test_an_endless_answer_is_refused() -> None:
    web = Web()
    web.body = bytes(MAX_BODY_BYTES + 1)
    with pytest.raises(Unreachable, match="more than"):
        _client(web).get("https://pod2.test/x")


@pytest.mark.parametrize("error", [ConnectionRefusedError("refused"), TimeoutError()])
def test_a_pod_that_does_not_answer_is_unreachable(error: Exception) -> None:
    def send(*_: object) -> tuple[int, Headers, bytes]:
        raise error

    with pytest.raises(Unreachable, match=r"GET https://pod2\.test/x: (refused|TimeoutError)"):
        Client(send, "pod1.test").get("https://pod2.test/x")


def test_nothing_is_sent_while_a_transaction_is_open(store: Store) -> None:
    web = Web()
    with store.work(), pytest.raises(AssertionError, match="fetch first"):
        _client(web).get("https://pod2.test/x")
    assert web.asked == []


def test_a_redirect_to_what_is_no_address_is_refused_and_not_a_crash() -> None:
    web = Web(x="https://[")
    with pytest.raises(UnsafeAddress, match="redirects to 'https://\\['"):
        _client(web).get("https://pod2.test/x", follow=True)
    assert web.asked == ["GET https://pod2.test/x"]


def test_a_redirect_may_lead_to_another_port_only_where_somebody_known_lives() -> None:
    web = Web(x="https://pod3.test:3000/y")
    client = _client(web)
    known = client.get("https://pod2.test/x", follow=True, is_pod="https://pod3.test:3000/".__eq__)
    assert known.url == "https://pod3.test:3000/y"
    with pytest.raises(UnsafeAddress):
        client.get("https://pod2.test/x", follow=True)
