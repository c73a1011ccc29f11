"""The headline: carol@pod1 becomes christy@pod2, and everybody comes to know it."""

from pathlib import Path

import pytest

from tests.pod.house import Cast, cast, choose, export, mails, move, upload
from tests.pod.pair import PASSWORD, START, Declined, User, call

OLD, NEW = "carol@pod1.test", "christy@pod2.test"


def _authors(played: Cast, name: str) -> dict[str, str]:
    """Who is the author of something, asked of every pod that has it."""
    guid = played.made[name]
    found = {}
    for pod in ("pod1", "pod2", "pod3", "pod4"):
        for (_, key), fields in played.pods.state(
            pod, "post", "comment", "like", "message"
        ).items():
            if key == guid:
                found[pod] = fields["author"]
    return found


@pytest.mark.parametrize(
    ("form", "is_signed"),
    [("account_rename", "true"), ("account_rename", "false"), ("account_migration", "true")],
)
def test_everything_of_carols_is_christys_on_every_pod(
    tmp_path: Path, form: str, is_signed: str
) -> None:
    settings = {"POD_WIRE_PROFILE": form, "POD_EMIT_NEW_SIGNATURE": is_signed}
    with cast(tmp_path, **settings) as played:
        move(played.pods, export(played.carol))
        everywhere = dict.fromkeys(("pod1", "pod2", "pod3"), NEW)
        assert _authors(played, "public") == everywhere
        assert _authors(played, "limited") == dict.fromkeys(("pod1", "pod2"), NEW)
        assert _authors(played, "carols comment") == everywhere
        assert _authors(played, "carols like") == everywhere
        assert _authors(played, "reshare") == everywhere
        assert _authors(played, "comment on alices") == dict.fromkeys(("pod1", "pod2"), NEW)
        assert _authors(played, "bobs comment") == dict.fromkeys(everywhere, "bob@pod3.test")
        for pod in everywhere:
            migrations = played.pods.state(pod, "account_migration")
            record = {"new_id": NEW, "form": form, "completed": True, "created_at": START}
            assert migrations == {("account_migration", OLD): record}
        assert played.pods.state("pod4", "account_migration") == {}


def _contacts(user: User) -> dict[str, tuple[bool, bool, list[str]]]:
    return {
        each["diaspora_id"]: (each["sharing"], each["receiving"], each["aspects"])
        for each in user.call("GET", "/api/contacts")
    }


def test_contacts_name_christy_and_hers_are_as_they_were(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        before = _contacts(played.carol)
        christy = move(played.pods, export(played.carol))
        assert _contacts(christy) == before
        for other in (played.debora, played.alice, played.bob):
            assert _contacts(other) == {NEW: (True, True, ["people I know"])}


def test_the_new_home_has_what_the_archive_carried(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        rows = {
            kind: played.pods.state("pod1", kind)
            for kind in ("location", "poll", "poll_answer", "audience", "poll_participation")
        }
        before = played.pods.state("pod1", "message", "conversation")
        christy = move(played.pods, export(played.carol))
        for kind, expected in rows.items():
            assert played.pods.state("pod2", kind).items() >= expected.items(), kind
        after = played.pods.state("pod2", "message", "conversation")
        assert after == _renamed(before)
        profile = christy.call("GET", "/api/profile")
        assert (profile["first_name"], profile["bio"]) == ("Carol", "I move a lot")
        assert christy.call("GET", "/api/tags") == ["boxes"]
        assert [each["name"] for each in christy.call("GET", "/api/aspects")] == ["friends", "work"]


def _renamed(rows: dict[tuple[str, str], object]) -> object:
    return eval(repr(rows).replace(OLD, NEW))  # noqa: S307 - literals that this test has made


def test_old_discussions_go_on_among_all_who_took_part(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        christy = move(played.pods, export(played.carol))
        made = played.made
        for user, post in (
            (christy, "public"),
            (christy, "limited"),
            (played.bob, "public"),
            (played.debora, "limited"),
            (played.alice, "limited"),
            (christy, "bobs"),
        ):
            text = f"{user.diaspora_id} goes on"
            user.call("POST", f"/api/posts/{made[post]}/comments", {"text": text})
            played.pods.settle()
        readers = {
            "public": (christy, played.alice, played.bob, played.debora),
            "limited": (christy, played.alice, played.debora),
        }
        for post, users in readers.items():
            seen = {user.diaspora_id: _comments(user, made[post]) for user in users}
            assert len(set(seen.values())) == 1, seen
            assert len(seen[NEW]) == {"public": 3, "limited": 4}[post]
        assert _comments(christy, made["bobs"]) == _comments(played.bob, made["bobs"])


def _comments(user: User, post: str) -> tuple[tuple[str, str], ...]:
    found = user.call("GET", f"/api/posts/{post}")["comments"]
    return tuple(sorted((each["author"], each["text"]) for each in found))


def test_the_old_conversation_goes_on(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        christy = move(played.pods, export(played.carol))
        path = f"/api/conversations/{played.made['talk']}"
        for user in (christy, played.bob, played.debora):
            user.call("POST", f"{path}/messages", {"text": f"{user.diaspora_id} is still here"})
            played.pods.settle()
        talks = [user.call("GET", path) for user in (christy, played.bob, played.debora)]
        texts = [sorted(each["text"] for each in talk["messages"]) for talk in talks]
        assert texts[0] == texts[1] == texts[2]
        assert len(texts[0]) == 5


def test_the_old_account_says_where_it_went_and_its_name_stays_taken(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        move(played.pods, export(played.carol))
        with pytest.raises(Declined, match=r"moved to christy@pod2\.test") as refusal:
            played.pods.log_in("carol", "pod1")
        assert refusal.value.status == 403
        with pytest.raises(Declined) as refusal:
            played.pods.sign_up("carol", "pod1")
        assert refusal.value.status == 409
        rows = played.pods.state(
            "pod1", "account", "aspect", "contact", "tag_following", "audience"
        )
        assert {key for _, key in rows if key.startswith(OLD)} == {OLD}
        assert rows["account", OLD]["state"] == "closed"
        profile = played.pods.state("pod1", "profile")["profile", OLD]
        assert {name: value for name, value in profile.items() if value not in (None, False)} == {}


def test_a_taken_name_is_refused_and_the_import_waits_for_another(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        offer = upload(played.pods, "pod2", export(played.carol))
        assert (offer["old_id"], offer["username"], offer["username_available"]) == (
            OLD,
            "carol",
            False,
        )
        with pytest.raises(Declined, match="taken") as refusal:
            choose(played.pods, "pod2", offer["import"], "carol")
        assert refusal.value.status == 409
        answer = choose(played.pods, "pod2", offer["import"], "christy")
        assert answer == {
            "message": "Your account migration has been scheduled. "
            "You\u2019ll be emailed once your account is available",
            "diaspora_id": NEW,
        }


def test_the_account_is_locked_until_a_mail_says_that_it_is_done(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        offer = upload(played.pods, "pod2", export(played.carol))
        choose(played.pods, "pod2", offer["import"], "christy")
        with pytest.raises(Declined, match="locked, import running"):
            played.pods.log_in("christy", "pod2")
        assert mails(played.pods, "pod2") == []
        played.pods.settle()
        played.pods.log_in("christy", "pod2")
        text = (
            "Your account has moved: carol@pod1.test is christy@pod2.test now.\n"
            "You can log in as christy.\n"
            "Everything in your archive was merged.\n"
        )
        assert mails(played.pods, "pod2") == [
            ("christy@mail.test", "Your account is available", text)
        ]


def test_a_pod_that_missed_the_move_is_told_when_it_writes_to_the_old_id(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        pods, dave = played.pods, played.dave
        pods.away.add("pod4.test")
        christy = move(pods, export(played.carol))
        pods.away.clear()
        dave.share(OLD, "far away")
        pods.settle()
        assert _contacts(dave) == {NEW: (False, True, ["far away"])}
        assert _contacts(christy)[dave.diaspora_id] == (True, False, [])
        found = dave.find(f"diaspora://{NEW}/post/{played.made['public']}")
        post = f"/api/posts/{found['post']['guid']}"
        dave.call("POST", f"{post}/comments", {"text": "found you"})
        pods.settle()
        assert (dave.diaspora_id, "found you") in _comments(christy, played.made["public"])
        assert (dave.diaspora_id, "found you") in _comments(played.bob, played.made["public"])


def test_searching_the_old_id_finds_the_new_one_on_any_pod(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        stranger = played.pods.sign_up("eve", "pod4")
        move(played.pods, export(played.carol))
        for user in (stranger, *played.everybody()):
            assert user.find(OLD)["person"]["diaspora_id"] == NEW


@pytest.mark.parametrize("mode", ["redirect", "document"])
def test_a_pod_that_never_knew_the_old_id_keeps_only_the_name(tmp_path: Path, mode: str) -> None:
    with cast(tmp_path, POD_OLD_ID_DISCOVERY=mode) as played:
        with played.pods["pod4"].context.work() as work:
            work.connection.exec_driver_sql("DELETE FROM profiles WHERE person_id = 2")
            work.connection.exec_driver_sql("DELETE FROM people WHERE diaspora_id = ?", (OLD,))
        move(played.pods, export(played.carol))
        assert played.dave.find(OLD)["person"]["diaspora_id"] == NEW
        people = {key for _, key in played.pods.state("pod4", "person")}
        assert people == {NEW, played.dave.diaspora_id}


def test_nobody_can_log_in_with_the_password_of_an_import_that_failed(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        archive = export(played.carol)
        offer = upload(played.pods, "pod2", archive)
        choose(played.pods, "pod2", offer["import"], "christy")
        other = upload(played.pods, "pod3", archive)
        choose(played.pods, "pod3", other["import"], "chris")
        played.pods.settle()
        states = [
            call(played.pods[pod], "GET", f"/api/imports/{each['import']}")["state"]
            for pod, each in (("pod2", offer), ("pod3", other))
        ]
        assert states == ["done", "failed"]
        body = {"username": "chris", "password": PASSWORD}
        with pytest.raises(Declined, match="wrong username or password"):
            call(played.pods["pod3"], "POST", "/api/sessions", body)
