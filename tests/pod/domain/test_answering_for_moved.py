"""What the old home does with messages for somebody who has moved away."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.pod.house import Cast, cast, export, move
from tests.pod.pair import START, Declined, User

OLD, NEW = "carol@pod1.test", "christy@pod2.test"


def _told(played: Cast, pod: str = "pod4.test") -> int:
    """How often the old home has told a pod of the move."""
    sent = Counter(
        (each.sender, each.url)
        for each in played.pods.exchanges
        if each.method == "POST" and each.status == 202
    )
    return sent["pod1.test", f"https://{pod}/receive/public"]


def _moved_without_pod4(played: Cast) -> User:
    """Dave shares with carol; his pod does not hear of her move."""
    played.dave.share(OLD)
    played.pods.settle()
    played.pods.away.add("pod4.test")
    christy = move(played.pods, export(played.carol))
    for host in ("pod1.test", "pod2.test"):
        with played.pods[host].context.work() as work:
            work.connection.exec_driver_sql(
                "UPDATE deliveries SET state = 'abandoned' WHERE state = 'queued'"
            )
    played.pods.away.clear()
    played.pods.exchanges.clear()
    return christy


@pytest.mark.parametrize("form", ["account_rename", "account_migration"])
def test_a_private_message_is_answered_and_sent_again_to_the_new_home(
    tmp_path: Path, form: str
) -> None:
    with cast(tmp_path, POD_WIRE_PROFILE=form) as played:
        _moved_without_pod4(played)
        played.dave.call("DELETE", f"/api/contacts/{OLD}")
        played.pods.settle()
        assert _told(played) == 1
        record = {"new_id": NEW, "form": form, "completed": True, "created_at": START}
        found = played.pods.state("pod4", "account_migration")
        assert found == {("account_migration", OLD): record}
        contacts = played.pods.state("pod2", "contact")
        assert ("contact", f"{NEW}→{played.dave.diaspora_id}") not in contacts


def test_a_public_comment_is_answered_not_stored_and_sent_again(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        found = played.dave.find(f"diaspora://{OLD}/post/{played.made['public']}")
        christy = _moved_without_pod4(played)
        path = f"/api/posts/{found['post']['guid']}/comments"
        guid = played.dave.call("POST", path, {"text": "where are you?"})["guid"]
        played.pods.settle()
        assert _told(played) == 1
        seen = christy.call("GET", f"/api/posts/{played.made['public']}")["comments"]
        assert guid in [each["guid"] for each in seen]
        for pod in ("pod1", "pod2", "pod3", "pod4"):
            author = played.pods.state(pod, "comment")["comment", guid]["author"]
            assert author == played.dave.diaspora_id


def test_one_pod_is_told_at_most_once_an_hour(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        _moved_without_pod4(played)
        pod4 = played.pods.cores["pod4.test"]
        handle = pod4.handle

        def deaf(*message: object) -> object:
            """Acknowledge what is posted publicly, and lose it."""
            return (202, [], b"") if message[1] == "/receive/public" else handle(*message)  # type: ignore[arg-type]

        pod4.handle = deaf  # type: ignore[assignment, method-assign]
        for sharing in (False, True, False, True):
            if sharing:
                played.dave.share(OLD)
            else:
                played.dave.call("DELETE", f"/api/contacts/{OLD}")
            played.pods.settle()
        assert _told(played) == 1
        played.pods.pass_time(timedelta(hours=1))
        played.dave.call("DELETE", f"/api/contacts/{OLD}")
        played.pods.settle()
        assert _told(played) == 2


def test_by_default_nothing_is_passed_on_to_the_new_home(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        _moved_without_pod4(played)
        played.dave.call("DELETE", f"/api/contacts/{OLD}")
        played.pods.settle()
        to_new_home = [
            each.url
            for each in played.pods.exchanges
            if each.sender == "pod1.test" and "pod2.test" in each.url and each.method == "POST"
        ]
        assert to_new_home == []


def test_a_podmin_may_have_messages_passed_on(tmp_path: Path) -> None:
    with cast(tmp_path, POD_RELAY_TO_NEW_HOME="true") as played:
        found = played.dave.find(f"diaspora://{OLD}/post/{played.made['public']}")
        christy = _moved_without_pod4(played)
        path = f"/api/posts/{found['post']['guid']}/comments"
        played.pods.silent = lambda each: "pod4.test/receive/public" in each.url
        guid = played.dave.call("POST", path, {"text": "where are you?"})["guid"]
        played.dave.call("DELETE", f"/api/contacts/{OLD}")
        played.pods.settle()
        routes = {
            each.url.rpartition("/")[0]
            for each in played.pods.exchanges
            if each.sender == "pod1.test" and "pod2.test" in each.url and each.method == "POST"
        }
        assert routes == {"https://pod2.test/receive", "https://pod2.test/receive/users"}
        seen = christy.call("GET", f"/api/posts/{played.made['public']}")["comments"]
        assert guid in [each["guid"] for each in seen]


def test_a_message_for_a_deleted_account_is_answered_with_the_deletion(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        played.dave.share(OLD)
        played.pods.settle()
        played.pods.away.add("pod4.test")
        played.carol.call("DELETE", "/api/me", {"password": "bluepin7"})
        played.pods.settle()
        with played.pods["pod1"].context.work() as work:
            work.connection.exec_driver_sql(
                "UPDATE deliveries SET state = 'abandoned' WHERE state = 'queued'"
            )
        played.pods.away.clear()
        assert played.pods.state("pod4", "person")["person", OLD]["closed"] is False
        played.dave.call("DELETE", f"/api/contacts/{OLD}")
        played.pods.settle()
        assert played.pods.state("pod4", "person")["person", OLD]["closed"] is True


def test_what_was_said_in_the_old_name_stays_served_and_answered(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        move(played.pods, export(played.carol))
        with played.pods["pod1"].context.work() as work:
            (envelope,) = work.connection.exec_driver_sql(
                "SELECT envelope FROM account_migrations"
            ).scalars()
        expected = {
            "pod1": (200, envelope, None),
            "pod2": (200, envelope, None),
            "pod3": (302, b"", f"https://pod1.test/fetch/account_rename/{OLD}"),
            "pod4": (404, None, None),
        }
        for pod, (status, body, location) in expected.items():
            for key in (OLD, OLD.replace("@", "%40")):
                answer = played.pods[pod].handle("GET", f"/fetch/account_rename/{key}", [], b"")
                assert answer[0] == status
                if body is not None:
                    assert answer[2] == body
                if location is not None:
                    assert dict(answer[1])["Location"] == location
        by_guid = f"/fetch/account_rename/{played.carol.guid}"
        assert played.pods["pod1"].handle("GET", by_guid, [], b"")[2] == envelope


def test_a_person_who_moved_is_shown_as_moved(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        move(played.pods, export(played.carol))
        found = played.debora.call("GET", f"/api/people/{OLD}")
        assert found["moved_to"] == NEW
        status, _, page = played.pods["pod1"].handle("GET", f"/people/{played.carol.guid}", [], b"")
        assert (status, b"moved to" in page, NEW.encode() in page) == (200, True, True)
        with pytest.raises(Declined):
            played.carol.call("GET", "/api/me")
