"""What WebFinger links to besides what federation needs: a feed, and a way to subscribe."""

from pathlib import Path

from pod.wire.elements import parse
from pod.wire.webfinger import read_webfinger
from tests.pod.pair import Pods, User, joined

ATOM = "{http://www.w3.org/2005/Atom}"


def get(pods: Pods, target: str) -> tuple[int, dict[str, str], bytes]:
    status, headers, body = pods["pod1"].handle("GET", target, [], b"")
    return status, dict(headers), body


def post(user: User, text: str, **more: object) -> str:
    return str(user.call("POST", "/api/posts", {"text": text, "public": True, **more})["guid"])


def test_a_feed_has_the_public_posts_newest_first(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1", first_name="Carol & Co")
        carol.call("POST", "/api/aspects", {"name": "friends"})
        first, second = post(carol, "one <b>\nmore"), post(carol, "two")
        post(carol, "secret", public=False, aspects=["friends"])
        found = read_webfinger(get(pods, f"/.well-known/webfinger?resource={carol.diaspora_id}")[2])
        assert found.atom_url == "https://pod1.test/public/carol.atom"

        status, headers, body = get(pods, "/public/carol.atom")

        feed = parse(body, "feed")
        entries = [
            tuple(entry.first(ATOM + name).text for name in ("title", "id", "content", "updated"))  # type: ignore[union-attr]
            for entry in feed.all(f"{ATOM}entry")
        ]
        at = "2026-01-01T12:00:00Z"
        assert (status, headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
        assert entries == [
            ("two", f"https://pod1.test/posts/{second}", "two", at),
            ("one <b>", f"https://pod1.test/posts/{first}", "one <b>\nmore", at),
        ]
        title = feed.first(f"{ATOM}title")
        assert title is not None
        assert title.text == "Public posts of Carol & Co"


def test_there_is_no_feed_of_nobody(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        assert get(pods, "/public/nobody.atom")[0] == 404


def test_who_comes_to_subscribe_is_led_to_the_person(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        webfinger = f"/.well-known/webfinger?resource={carol.diaspora_id}"
        found = read_webfinger(get(pods, webfinger)[2])
        assert found.subscribe_template == "https://pod1.test/people?q={uri}"
        for uri in (f"acct:{carol.diaspora_id}", carol.diaspora_id):
            status, headers, _ = get(pods, f"/people?q={uri}")
            assert (status, headers["Location"]) == (302, f"/people/{carol.guid}")
        assert [get(pods, f"/people{query}")[0] for query in ("", "?q=x", "?q=no@body.test")] == [
            404,
            404,
            404,
        ]
