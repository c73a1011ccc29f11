"""Signing up, logging in and out, settings, searching."""

from pathlib import Path
from typing import Any

import pytest

from tests.pod.pair import PASSWORD, Declined, Pods, User, call, joined


def _sign_up(pods: Pods, **changes: object) -> Any:  # noqa: ANN401 - JSON
    body = {"username": "carol", "email": "carol@mail.test", "password": PASSWORD, **changes}
    return call(pods["pod1"], "POST", "/api/accounts", body)


def _declined(user: User, method: str, path: str, body: object = None) -> int:
    with pytest.raises(Declined) as declined:
        user.call(method, path, body)
    return declined.value.status


def test_an_account_is_open_at_once(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up(" Carol", "pod1", first_name="Carol", last_name="Smith")
        assert carol.call("GET", "/api/me") == {
            "diaspora_id": "carol@pod1.test",
            "guid": carol.guid,
            "username": "carol",
            "email": " Carol@mail.test".strip(),
            "state": "open",
        }
        profile = carol.call("GET", "/api/profile")
        assert (profile["first_name"], profile["last_name"]) == ("Carol", "Smith")


@pytest.mark.parametrize(
    "changes",
    [
        {"username": "Carol Smith"},
        {"username": "x" * 33},
        {"username": ""},
        {"username": "cärol"},
        {"email": "carol"},
        {"password": "short"},
        {"password": None},
        {"first_name": "Semi;colon"},
        {"last_name": "x" * 33},
        {"first_name": 5},
    ],
)
def test_an_account_needs_proper_data(tmp_path: Path, changes: dict[str, object]) -> None:
    with joined(tmp_path, "pod1") as pods:
        with pytest.raises(Declined) as declined:
            _sign_up(pods, **changes)
        assert declined.value.status == 422
        with pods["pod1"].context.work() as work:
            assert work.accounts.count() == 0


def test_a_name_that_is_taken_costs_no_key(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        _sign_up(pods)
        with pytest.raises(Declined) as declined:
            _sign_up(pods, username="CAROL")
        assert declined.value.status == 409
        with pods["pod1"].context.work() as work:
            assert work.accounts.next_key_position() == 1


def test_in_test_mode_an_act_decides_the_guid(tmp_path: Path) -> None:
    guids = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        with joined(folder, "pod1") as pods:
            body = {"username": "carol", "email": "carol@mail.test", "password": PASSWORD}
            headers = {"Seedbed-Act": "signing up carol"}
            guids.append(call(pods["pod1"], "POST", "/api/accounts", body, headers)["guid"])
    assert guids[0] == guids[1]


def test_a_session_lasts_until_the_log_out(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        first = pods.sign_up("carol", "pod1")
        second = pods.log_in("Carol", "pod1")
        second.call("DELETE", "/api/sessions")
        assert _declined(second, "GET", "/api/me") == 401
        assert first.call("GET", "/api/me")["username"] == "carol"


@pytest.mark.parametrize(("username", "password"), [("carol", "guessed"), ("nobody", PASSWORD)])
def test_name_and_password_must_fit(tmp_path: Path, username: str, password: str) -> None:
    with joined(tmp_path, "pod1") as pods:
        pods.sign_up("carol", "pod1")
        body = {"username": username, "password": password}
        with pytest.raises(Declined, match="wrong username or password") as declined:
            call(pods["pod1"], "POST", "/api/sessions", body)
        assert declined.value.status == 403


def test_nobody_logs_in_while_an_import_runs(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        with carol.core.context.work() as work:
            account = work.accounts.by_username("carol")
            assert account is not None
            work.accounts.set_state(account, "locked")
        with pytest.raises(Declined, match="locked, import running"):
            pods.log_in("carol", "pod1")
        assert _declined(carol, "GET", "/api/me") == 403


def test_settings_are_changed_one_by_one(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        carol.call("POST", "/api/aspects", {"name": "fans"})
        changes = {"language": "de", "auto_follow_back": True, "auto_follow_back_aspect": "fans"}
        expected = {
            "email": "carol@mail.test",
            "disable_mail": False,
            "show_community_spotlight": False,
            **changes,
        }
        assert carol.call("PATCH", "/api/settings", changes) == expected
        assert carol.call("GET", "/api/settings") == expected
        refused = (
            {"language": "x" * 17},
            {"disable_mail": "yes"},
            {"email": "nowhere"},
            {"auto_follow_back_aspect": "strangers"},
            {"password_hash": "scrypt"},
        )
        statuses = [_declined(carol, "PATCH", "/api/settings", body) for body in refused]
        assert statuses == [422, 422, 422, 404, 422]
        assert carol.call("GET", "/api/settings") == expected


def test_aspects_have_unique_names(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1") as pods:
        carol = pods.sign_up("carol", "pod1")
        for name in ("friends", " family "):
            carol.call("POST", "/api/aspects", {"name": name})
        statuses = [
            _declined(carol, "POST", "/api/aspects", {"name": name}) for name in ("friends", " ")
        ]
        assert statuses == [409, 422]
        assert carol.call("GET", "/api/aspects") == [
            {"name": "friends", "position": 0},
            {"name": "family", "position": 1},
        ]
        assert _declined(carol, "DELETE", "/api/aspects/strangers") == 404


def test_searching_finds_posts_by_link_and_address(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
        post = carol.call("POST", "/api/posts", {"text": "for all", "public": True})["guid"]
        expected = {"post": {"guid": post}}
        texts = (
            f"web+diaspora://{carol.diaspora_id}/post/{post}",
            f"diaspora://{carol.diaspora_id}/status_message/{post}",
            f" https://POD1.test/posts/{post} ",
        )
        assert [bob.find(text) for text in texts] == [expected] * 3
        assert carol.find(f"https://pod1.test/posts/{post}") == expected
        assert bob.call("GET", f"/api/posts/{post}")["text"] == "for all"


def test_what_cannot_be_found_is_said(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
        carol.call("POST", "/api/aspects", {"name": "friends"})
        limited = {"text": "for few", "public": False, "aspects": ["friends"]}
        post = carol.call("POST", "/api/posts", limited)["guid"]
        texts = (
            "nobody@pod1.test",
            "nobody",
            f"https://pod1.test/posts/{post}",
            f"diaspora://{carol.diaspora_id}/profile/{post}",
            f"diaspora://{bob.diaspora_id}/post/{post}",
            "https://pod1.test/about",
            "someone@pod9.test",
            "",
        )
        statuses = [_declined(bob, "GET", f"/api/search?q={text}") for text in texts]
        assert statuses == [404, 404, 404, 404, 404, 404, 503, 422]


def test_a_person_is_found_while_their_pod_is_away_if_known_before(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
        assert _declined(bob, "GET", f"/api/people/{carol.diaspora_id}") == 404
        bob.find(carol.diaspora_id)
        pods.away.add("pod1.test")
        assert bob.find(carol.diaspora_id)["person"]["guid"] == carol.guid


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/me"),
        ("GET", "/api/profile"),
        ("PATCH", "/api/profile"),
        ("GET", "/api/settings"),
        ("GET", "/api/contacts"),
        ("PUT", "/api/contacts/bob@pod2.test"),
        ("PUT", "/api/blocks/bob@pod2.test"),
        ("GET", "/api/tags"),
        ("GET", "/api/people/bob@pod2.test"),
        ("GET", "/api/search?q=bob@pod2.test"),
        ("GET", "/api/conversations"),
        ("POST", "/api/conversations"),
        ("GET", "/api/notifications"),
        ("DELETE", "/api/sessions"),
    ],
)
def test_without_a_session_nothing_is_shown(tmp_path: Path, method: str, path: str) -> None:
    with joined(tmp_path, "pod1") as pods:
        with pytest.raises(Declined) as declined:
            call(pods["pod1"], method, path)
        assert declined.value.status == 401
