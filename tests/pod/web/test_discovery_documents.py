"""What a pod tells others about itself and its people; and about those who are gone."""

import json
from pathlib import Path

import pytest

from pod.app import Core
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Person
from pod.domain.ports import Migration
from pod.wire.hcard import read_hcard
from pod.wire.nodeinfo import read_nodeinfo, read_nodeinfo_index
from pod.wire.webfinger import read_webfinger
from tests.pod.pair import PASSWORD, Answer, Declined, User, call, joined
from tests.pod.rooms import NOW, add_person

CAROL = DiasporaId("carol@pod1.test")
CHRISTY = DiasporaId("christy@pod2.test")


def _webfinger(core: Core, resource: str, legacy: str = "") -> Answer:
    return core.handle("GET", f"/.well-known/webfinger{legacy}?resource={resource}", [], b"")


def _move(carol: User) -> Person:
    """Record that carol is christy on pod2 now, as when the migration was applied."""
    with carol.core.context.work() as work:
        account = work.accounts.by_username("carol")
        assert account is not None
        christy = add_person(work, CHRISTY)
        migration = Migration(
            old=account.person,
            new=christy,
            form="account_rename",
            envelope=b"",
            originated_here=False,
            completed_at=NOW,
        )
        work.migrations.add(migration, NOW)
        work.people.close(account.person)
        work.accounts.set_state(account, "closed")
        return christy


@pytest.mark.parametrize(
    "resource",
    ["acct:carol@pod1.test", "carol@pod1.test", "acct%3ACarol%40pod1.test", "%20carol@pod1.test"],
)
def test_an_account_is_found_however_its_id_is_written(tmp_path: Path, resource: str) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        status, headers, body = _webfinger(pods["pod1"], resource)
        assert (status, dict(headers)["Access-Control-Allow-Origin"]) == (200, "*")
        assert dict(headers)["Content-Type"].startswith("application/jrd+json")
        found = read_webfinger(body, CAROL)
        assert (found.seed_url, found.hcard_url, found.salmon_url) == (
            "https://pod1.test/",
            f"https://pod1.test/hcard/users/{carol.guid}",
            f"https://pod1.test/receive/users/{carol.guid}",
        )


def test_the_hcard_has_key_name_and_three_pictures_that_are_served(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1", first_name="Carol", last_name="Smith")
        page = call(pods["pod1"], "GET", f"/hcard/users/{carol.guid}")
        card = read_hcard(page, "https://pod1.test/")
        with pods["pod1"].context.work() as work:
            person = work.people.need(CAROL)
        assert (card.guid, card.public_key, card.full_name) == (
            person.guid,
            person.public_key,
            "Carol Smith",
        )
        for url, size in (
            (card.photo_url, 300),
            (card.photo_url_medium, 100),
            (card.photo_url_small, 50),
        ):
            picture = call(pods["pod1"], "GET", url.removeprefix("https://pod1.test"))
            assert picture[:8] == b"\x89PNG\r\n\x1a\n"
            assert picture[16:24] == size.to_bytes(4, "big") * 2


def test_somebody_without_a_name_is_called_by_the_username(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        page = call(pods["pod1"], "GET", f"/hcard/users/{carol.guid}")
        card = read_hcard(page, "https://pod1.test/")
        assert (card.full_name, card.first_name, card.last_name) == ("carol", None, None)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/.well-known/webfinger", 400),
        ("/.well-known/webfinger?resource=nobody@pod1.test", 404),
        ("/.well-known/webfinger?resource=carol@pod2.test", 404),
        ("/.well-known/webfinger?resource=https://pod1.test/", 404),
        ("/hcard/users/0123456789abcdef", 404),
        ("/hcard/users/x", 404),
        ("/nodeinfo/1.0", 404),
        ("/assets/user/other.png", 404),
        ("/people/0123456789abcdef", 404),
        ("/u/nobody", 404),
        ("/posts/0123456789abcdef", 404),
    ],
)
def test_what_is_not_here_is_not_found(tmp_path: Path, path: str, status: int) -> None:
    with joined(tmp_path, "pod1") as pods:
        pods.sign_up("carol", "pod1")
        with pytest.raises(Declined) as declined:
            call(pods["pod1"], "GET", path)
        assert declined.value.status == status


def test_a_locked_account_is_found(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        with carol.core.context.work() as work:
            account = work.accounts.by_username("carol")
            assert account is not None
            work.accounts.set_state(account, "locked")
        assert _webfinger(pods["pod1"], CAROL)[0] == 200
        assert call(pods["pod1"], "GET", f"/hcard/users/{carol.guid}").startswith(b"<!DOCTYPE")


def test_a_deleted_account_is_not_found(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        carol.call("DELETE", "/api/me", {"password": PASSWORD})
        assert _webfinger(pods["pod1"], CAROL)[0] == 404
        for path in (f"/hcard/users/{carol.guid}", f"/people/{carol.guid}"):
            with pytest.raises(Declined) as declined:
                call(pods["pod1"], "GET", path)
            assert declined.value.status == 404


@pytest.mark.parametrize("legacy", ["", ".xml"])
def test_the_old_id_of_somebody_who_moved_redirects(tmp_path: Path, legacy: str) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        _move(carol)
        status, headers, _ = _webfinger(pods["pod1"], CAROL, legacy)
        assert (status, dict(headers)["Location"]) == (
            301,
            f"https://pod2.test/.well-known/webfinger{legacy}?resource=acct:christy@pod2.test",
        )
        with pytest.raises(Declined) as declined:
            call(pods["pod1"], "GET", f"/hcard/users/{carol.guid}")
        assert declined.value.status == 404


def test_the_old_id_can_be_answered_with_the_new_document(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1", POD_OLD_ID_DISCOVERY="document") as pods:
        christy = _move(pods.sign_up("carol", "pod1"))
        status, _, body = _webfinger(pods["pod1"], CAROL)
        found = read_webfinger(body)
        assert (status, found.subject, found.seed_url) == (200, CHRISTY, "https://pod2.test/")
        assert found.hcard_url == f"https://pod2.test/hcard/users/{christy.guid}"


def test_the_page_of_somebody_who_moved_says_where_to(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        christy = _move(carol)
        page = call(pods["pod1"], "GET", f"/people/{carol.guid}").decode()
        link = f'<a href="https://pod2.test/people/{christy.guid}">christy@pod2.test</a>'
        assert f"moved to {link}" in page


def test_the_page_of_a_person_shows_the_name_and_what_is_public(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol = pods.sign_up("carol", "pod1", first_name="<Carol>")
        carol.call("POST", "/api/posts", {"text": "for all", "public": True})
        carol.call("POST", "/api/aspects", {"name": "friends"})
        carol.call(
            "POST", "/api/posts", {"text": "for few", "public": False, "aspects": ["friends"]}
        )
        bob = pods.sign_up("bob", "pod2")
        carol.find(bob.diaspora_id)
        status, headers, _ = pods["pod1"].handle("GET", "/u/carol", [], b"")
        assert (status, dict(headers)["Location"]) == (302, f"/people/{carol.guid}")
        page = call(pods["pod1"], "GET", f"/people/{carol.guid}").decode()
        shown = [text in page for text in ("&lt;Carol&gt;", "<Carol>", "for all", "for few")]
        assert shown == [True, False, True, False]
        status, headers, _ = pods["pod1"].handle("GET", f"/people/{bob.guid}", [], b"")
        assert (status, dict(headers)["Location"]) == (302, f"https://pod2.test/people/{bob.guid}")


def test_the_page_of_a_public_post_is_at_its_authors_pod(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
        post = carol.call("POST", "/api/posts", {"text": "for all", "public": True})["guid"]
        assert bob.find(f"https://pod1.test/posts/{post}") == {"post": {"guid": post}}
        assert b"for all" in call(pods["pod1"], "GET", f"/posts/{post}")
        status, headers, _ = pods["pod2"].handle("GET", f"/posts/{post}", [], b"")
        assert (status, dict(headers)["Location"]) == (302, f"https://pod1.test/posts/{post}")


def test_nodeinfo_counts_and_names_what_the_pod_understands(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        post = carol.call("POST", "/api/posts", {"text": "Hello", "public": True})["guid"]
        carol.call("POST", f"/api/posts/{post}/comments", {"text": "Hello, too"})
        _, _, index = pods["pod1"].handle("GET", "/.well-known/nodeinfo", [], b"")
        urls = read_nodeinfo_index(index)
        assert dict(urls) == {
            version: f"https://pod1.test/nodeinfo/{version}" for version in ("2.0", "2.1")
        }
        _, headers, body = pods["pod1"].handle("GET", "/nodeinfo/2.1", [], b"")
        assert "schema/2.1#" in dict(headers)["Content-Type"]
        assert json.loads(body)["usage"] == {
            "users": {"total": 1, "activeHalfyear": 1, "activeMonth": 1},
            "localPosts": 1,
            "localComments": 1,
        }
        about = read_nodeinfo(body)
        assert (about.software, about.features) == (
            "seedbed",
            ("account_migration", "account_rename"),
        )


def test_old_software_finds_people_by_host_meta(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        meta = call(pods["pod1"], "GET", "/.well-known/host-meta")
        template = "https://pod1.test/.well-known/webfinger.xml?resource={uri}"
        assert f'template="{template}"'.encode() in meta
        _, headers, body = _webfinger(pods["pod1"], CAROL, ".xml")
        assert dict(headers)["Content-Type"].startswith("application/xrd+xml")
        assert f"https://pod1.test/hcard/users/{carol.guid}".encode() in body


def test_the_front_page_answers_those_who_only_look_whether_the_pod_is_there(
    tmp_path: Path,
) -> None:
    with joined(tmp_path, "pod1") as pods:
        status, headers, body = pods["pod1"].handle("GET", "/", [], b"")
        assert (status, dict(headers)["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert b"pod1.test" in body


def test_the_person_api_says_where_somebody_moved_to(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        debora, carol = pods.sign_up("debora", "pod1"), pods.sign_up("carol", "pod1")
        _move(carol)
        found = debora.call("GET", f"/api/people/{CAROL}")
        assert (found["closed"], found["moved_to"]) == (True, CHRISTY)
        assert debora.find(CAROL)["person"]["diaspora_id"] == CHRISTY
        with pytest.raises(Declined) as declined:
            pods.log_in("carol", "pod1")
        assert (declined.value.status, "moved to christy@pod2.test" in declined.value.text) == (
            403,
            True,
        )


def test_an_old_id_that_was_never_known_here_shows_the_new_person(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        debora = pods.sign_up("debora", "pod1")
        old_id = DiasporaId("carola@pod3.test")
        with debora.core.context.work() as work:
            work.migrations.add_alias(old_id, add_person(work, CHRISTY), b"")
        found = debora.call("GET", f"/api/people/{old_id}")
        assert (found["diaspora_id"], found["moved_to"]) == (old_id, CHRISTY)
        assert Guid(found["guid"]) == Guid("guid-of-christy@pod2.test")
