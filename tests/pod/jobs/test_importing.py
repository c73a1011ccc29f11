"""What an import makes of an archive: all that can be merged, and nothing that must not."""

from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any

import pytest

from pod.domain.identity import DiasporaId
from tests.pod.house import cast, choose, document, export, import_document, move, report, upload
from tests.pod.pair import Declined

OLD, NEW = "carol@pod1.test", "christy@pod2.test"


def test_own_comments_keep_their_time_and_others_their_signatures(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        made = played.made
        before = played.pods.state("pod1", "comment", "signature")
        move(played.pods, export(played.carol))
        after = played.pods.state("pod2", "comment", "signature")
        own, bobs = ("comment", made["carols comment"]), ("comment", made["bobs comment"])
        assert after[own] == {**before[own], "author": NEW}
        assert after[bobs] == before[bobs]
        signature = ("signature", made["bobs comment"])
        assert after[signature] == before[signature]
        assert after["signature", made["vote"]] == before["signature", made["vote"]]


def test_an_import_sends_nothing_but_the_news_of_the_move(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        move(played.pods, export(played.carol))
        with played.pods["pod2"].context.work() as work:
            query = (
                "SELECT o.entity, d.pod_url"
                " FROM outgoing o JOIN deliveries d ON d.outgoing_id = o.id"
                " WHERE o.sender_id IN (SELECT id FROM people WHERE diaspora_id IN (?, ?))"
            )
            sent = {tuple(row) for row in work.connection.exec_driver_sql(query, (OLD, NEW))}
        assert sent == {
            ("account_rename", "https://pod1.test/"),
            ("account_rename", "https://pod3.test/"),
            ("account_migration", "https://pod1.test/"),  # the second form, if it is needed
            ("account_migration", "https://pod3.test/"),
            ("profile", "https://pod1.test/"),
            ("profile", "https://pod3.test/"),
        }


def test_private_fields_of_the_profile_are_not_told_to_the_world(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        move(played.pods, export(played.carol))
        for pod in ("pod1", "pod2", "pod3"):
            assert played.pods.state(pod, "profile")["profile", NEW]["bio"] == "I move a lot"
        public = [each.body for each in played.pods.exchanges if each.url.endswith("/public")]
        assert public
        with played.pods["pod2"].context.work() as work:
            envelope = work.migrations.by_old_id(DiasporaId(OLD))
            assert envelope is not None
        data = envelope.envelope.split(b'xml">', 1)[1].split(b"</me:data>")[0]
        payload = urlsafe_b64decode(data)
        assert b"<first_name>Carol</first_name>" in payload
        assert b"I move a lot" not in payload


# --- what an archive must not be able to do ------------------------------------------------------


def test_an_archive_cannot_take_over_what_others_wrote(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        content = document(export(played.carol))
        user, made = content["user"], played.made
        stolen = {**user["posts"][0]["entity_data"], "guid": made["bobs"], "photos": []}
        stolen = {name: stolen[name] for name in ("author", "guid", "public", "created_at", "text")}
        post = {"entity_type": "status_message", "entity_data": stolen, "subscribed_pods_uris": []}
        user["posts"].append(post)
        comment = next(each for each in user["relayables"] if each["entity_type"] == "comment")
        data = {**comment["entity_data"], "guid": made["bobs comment"]}
        user["relayables"].append({**comment, "entity_data": data})
        before = played.pods.state("pod2", "post", "comment")
        lines = import_document(played, content)
        after = played.pods.state("pod2", "post", "comment")
        for key in (("post", made["bobs"]), ("comment", made["bobs comment"])):
            assert after[key] == before[key]
        assert lines == [
            f"post {made['bobs']}: its GUID belongs to a post of bob@pod3.test",
            f"own comment {made['bobs comment']}: its GUID belongs to bob@pod3.test",
        ]


def test_an_archive_sends_nothing_to_addresses_that_cannot_be(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        content = document(export(played.carol))
        named = ("https://[zz]/", "https://pod8.test:99999/", "https://pod9.test/")
        content["user"]["posts"][0]["subscribed_pods_uris"] += named
        import_document(played, content)
        with played.pods["pod2"].context.work() as work:
            query = "SELECT DISTINCT pod_url FROM deliveries WHERE state = 'queued'"
            waiting = [str(url) for (url,) in work.connection.exec_driver_sql(query)]
        assert waiting == ["https://pod9.test/"]


def test_an_archive_cannot_put_words_into_the_mouth_of_others(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        content = document(export(played.carol))
        theirs, made = content["others_data"]["relayables"], played.made
        bobs = next(each for each in theirs if each["entity_data"]["guid"] == made["bobs comment"])
        forged = {**bobs["entity_data"], "guid": "f0" * 16, "text": "I am a fool"}
        theirs.append({**bobs, "entity_data": forged})
        unsigned = {**forged, "guid": "f1" * 16, "author_signature": ""}
        theirs.append({**bobs, "entity_data": unsigned})
        talk = _talk(OLD, "alice@pod2.test", author="alice@pod2.test")
        content["user"]["conversations"].append(talk)
        lines = import_document(played, content)
        assert [line.partition(": ")[0] for line in lines] == [
            f"comment {'f0' * 16} of bob@pod3.test",
            f"comment {'f1' * 16} of bob@pod3.test",
            f"conversation {'7a' * 16}",
        ]
        keys = {key for _, key in played.pods.state("pod2", "comment", "conversation", "message")}
        assert not keys & {"f0" * 16, "f1" * 16, "7a" * 16, "7b" * 16}


def _talk(*people: str, author: str) -> dict[str, Any]:
    common = {"author": author, "created_at": "2026-01-01T10:00:00Z"}
    message = {**common, "guid": "7b" * 16, "text": "I owe you", "conversation_guid": "7a" * 16}
    conversation = {
        **common,
        "guid": "7a" * 16,
        "subject": "Money",
        "participants": ";".join(people),
    }
    return {
        "entity_type": "conversation",
        "entity_data": conversation,
        "messages": [{"entity_type": "message", "entity_data": message}],
    }


def test_the_archives_word_on_who_shares_is_not_trusted(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        eve = played.pods.sign_up("eve", "pod2")
        content = document(export(played.carol))
        model = next(
            each for each in content["user"]["contacts"] if each["account_id"] == "alice@pod2.test"
        )
        for name in ("dave@pod4.test", eve.diaspora_id):
            content["user"]["contacts"].append({**model, "account_id": name})
        for extra in content["user"]["contacts"][-2:]:
            extra.pop("public_key")
            extra.pop("person_guid")
        lines = import_document(played, content)
        rows = played.pods.state("pod2", "contact")
        flags = {
            key.partition("→")[2]: row["sharing"] for (_, key), row in rows.items() if NEW in key
        }
        assert (flags["dave@pod4.test"], flags[eve.diaspora_id]) == (False, False)
        assert flags["alice@pod2.test"] is True
        assert lines == []


def test_a_single_bad_item_of_any_kind_never_stops_theimport_document(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        content = document(export(played.carol))
        user, others = content["user"], content["others_data"]
        user["contact_groups"].append({"name": " "})
        user["followed_tags"].append("two words")
        user["blocks"] += [OLD, "nobody@nowhere.test"]
        user["posts"][0]["entity_data"]["poll"]["entity_data"]["poll_answers"].pop()
        user["relayables"][0]["property_order"].append("nothing")
        user["post_subscriptions"].append("9" * 32)
        others["relayables"][0]["entity_data"]["parent_guid"] = "9" * 32
        lines = import_document(played, content)
        assert [line.split(" ")[0].split("[")[0] for line in lines][:2] == [
            "user.posts",
            "user.relayables",
        ]
        rest = " | ".join(lines)
        for what in ("person nobody@nowhere.test", "followed tag two words", "block", "aspect"):
            assert what in rest
        assert f"subscription to post {'9' * 32}" in rest
        assert played.pods.log_in("christy", "pod2").diaspora_id == NEW


def test_own_comments_on_limited_posts_that_the_pod_does_not_know_are_left_out(
    tmp_path: Path,
) -> None:
    with cast(tmp_path) as played:
        guid = upload(played.pods, "pod3", export(played.carol))["import"]
        choose(played.pods, "pod3", guid, "christy")
        played.pods.settle()
        lines = report(played.pods, "pod3", guid)["report"]
        assert [line.partition(":")[0] for line in lines] == [
            f"own comment {played.made['comment on alices']}"
        ]


# --- moving further ------------------------------------------------------------------------------


def test_the_export_of_the_new_account_equals_the_old_one(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        chosen = {"language": "de", "disable_mail": True, "auto_follow_back_aspect": "work"}
        played.carol.call("PATCH", "/api/settings", {"auto_follow_back": True, **chosen})
        settings = played.carol.call("GET", "/api/settings")
        before = document(export(played.carol))
        christy = move(played.pods, export(played.carol))
        after = document(export(christy))
        email = {"email": "christy@mail.test"}
        assert christy.call("GET", "/api/settings") == {**settings, **email}
        assert _comparable(after) == _comparable(before)


def _comparable(content: dict[str, Any]) -> object:
    """Name, key and time of the profile are new; rows come in another order."""
    user = content["user"]
    for name in ("username", "email", "private_key"):
        del user[name]
    del user["profile"]["entity_data"]["author"]
    user["profile"]["entity_data"].pop("edited_at", None)
    return _in_order(content)


def _in_order(value: Any) -> object:  # noqa: ANN401 (JSON)
    if isinstance(value, dict):
        return {name: _in_order(each) for name, each in value.items()}
    if isinstance(value, list):
        return sorted(map(_in_order, value), key=repr)
    return value.replace(NEW, OLD) if isinstance(value, str) else value


def test_a_second_move_leads_everybody_to_the_newest_name(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        christy = move(played.pods, export(played.carol))
        chris = move(played.pods, export(christy), "chris", "pod3")
        newest = "chris@pod3.test"
        assert chris.diaspora_id == newest
        for pod in ("pod1", "pod2", "pod3"):
            rows = played.pods.state(pod, "account_migration", "post")
            assert rows["account_migration", OLD]["new_id"] == NEW
            assert rows["account_migration", NEW]["new_id"] == newest
            assert rows["post", played.made["public"]]["author"] == newest
        assert played.dave.find(OLD)["person"]["diaspora_id"] == newest
        found = played.debora.call("GET", "/api/contacts")
        assert [each["diaspora_id"] for each in found] == [newest]


def test_a_rename_on_the_same_pod_keeps_everything(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        before = played.carol.call("GET", "/api/contacts")
        posts = len(played.carol.call("GET", "/api/stream"))
        christy = move(played.pods, export(played.carol), "christy", "pod1")
        assert christy.diaspora_id == "christy@pod1.test"
        assert christy.call("GET", "/api/contacts") == before
        assert len(christy.call("GET", "/api/stream")) == posts
        contacts = played.debora.call("GET", "/api/contacts")
        assert [(each["diaspora_id"], each["sharing"], each["receiving"]) for each in contacts] == [
            ("christy@pod1.test", True, True)
        ]
        for pod in ("pod2", "pod3"):
            rows = played.pods.state(pod, "account_migration")
            assert rows["account_migration", OLD]["new_id"] == "christy@pod1.test"
        with pytest.raises(Declined, match="moved to"):
            played.pods.log_in("carol", "pod1")
