"""What an archive holds, compared with what the pod shows."""

import json
from pathlib import Path
from typing import Any

import pytest

from pod.domain.identity import DiasporaId
from pod.wire import archive as files
from tests.pod.house import Cast, cast, document, export, move, reshared_by_alice
from tests.pod.pair import Declined, call


def _by_guid(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {each["entity_data"]["guid"]: each for each in items}


def test_the_archive_holds_all_that_is_the_owners(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        erin = played.pods.sign_up("erin", "pod3")
        played.carol.call("PUT", f"/api/blocks/{erin.diaspora_id}")
        played.carol.call("PATCH", "/api/settings", {"language": "de", "disable_mail": True})
        played.pods.settle()
        user = document(export(played.carol))["user"]
        assert user["username"] == "carol"
        assert user["email"] == "carol@mail.test"
        assert "PRIVATE KEY" in user["private_key"]
        assert user["profile"]["entity_data"]["bio"] == "I move a lot"
        assert user["contact_groups"] == [{"name": "friends"}, {"name": "work"}]
        groups = {
            each["account_id"]: each["contact_groups_membership"] for each in user["contacts"]
        }
        assert groups == {
            "alice@pod2.test": ["friends"],
            "bob@pod3.test": ["work"],
            "debora@pod1.test": ["friends", "work"],
        }
        assert user["followed_tags"] == ["boxes"]
        assert (user["language"], user["disable_mail"]) == ("de", True)
        assert user["blocks"] == [erin.diaspora_id]
        assert len(user["conversations"][0]["messages"]) == 2


def test_whoever_mentions_the_owner_is_named_and_so_is_their_post(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        erin = played.pods.sign_up("erin", "pod3")
        text = f"Hello @{{{played.carol.diaspora_id}}}"
        post = erin.call("POST", "/api/posts", {"text": text, "public": True})["guid"]
        played.pods.settle()
        others = document(export(played.carol))["others_data"]
        assert str(erin.diaspora_id) in {
            each["account_id"] for each in others["non_contact_authors"]
        }
        assert post in {each["guid"] for each in others["posts"]}


def test_who_mentions_the_owner_where_the_owner_may_not_look_is_not_named(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        carol, gil = played.carol, played.pods.sign_up("gil", "pod1")
        gil.share(played.pods.sign_up("hal", "pod1"))
        text = f"Do not tell @{{{carol.diaspora_id}}}"
        limited = {"text": text, "public": False, "aspects": ["friends"]}
        post = gil.call("POST", "/api/posts", limited)["guid"]
        comment = {"text": f"Nor do I @{{{carol.diaspora_id}}}"}
        gil.call("POST", f"/api/posts/{post}/comments", comment)
        played.pods.settle()
        told = json.dumps(document(export(carol)))
        assert [name for name in (post, str(gil.diaspora_id)) if name in told] == []


def test_posts_carry_their_audience(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        posts = _by_guid(document(export(played.carol))["user"]["posts"])
        made = played.made
        public, limited, reshare = (posts[made[n]] for n in ("public", "limited", "reshare"))
        assert public["subscribed_pods_uris"] == [
            "https://pod2.test/",
            "https://pod3.test/",
            "https://pod1.test/",
        ]
        assert "subscribed_users_ids" not in public
        assert public["entity_data"]["poll"]["entity_data"]["question"] == "Where to?"
        assert public["entity_data"]["location"]["entity_data"]["lat"] == "48.1"
        assert sorted(limited["subscribed_users_ids"]) == ["alice@pod2.test", "debora@pod1.test"]
        assert limited["aspects"] == ["friends"]
        assert reshare["entity_data"]["root_guid"] == made["bobs"]


def test_own_relayables_carry_their_order_and_no_signature(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        own = _by_guid(document(export(played.carol))["user"]["relayables"])
        made = played.made
        names = ("carols comment", "carols like", "comment on alices")
        assert set(own) == {made[name] for name in names}
        comment = own[made["carols comment"]]
        assert comment["property_order"] == ["author", "guid", "parent_guid", "text", "created_at"]
        assert comment["entity_data"]["author_signature"] == ""


def test_the_signatures_of_others_verify_with_the_keys_in_the_archive(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        archive = files.read(export(played.carol))
        crypto = played.pods["pod1"].context.crypto
        people = archive.people()
        made = played.made
        names = ("bobs comment", "deboras comment", "like on comment", "vote")
        assert {each.guid for each in archive.others_relayables} == {made[name] for name in names}
        for each in archive.others_relayables:
            key = people[each.author].public_key
            assert key is not None
            crypto.verify_relayable(each, key)


def test_everybody_and_every_post_referred_to_is_described(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        made = played.made
        shared = reshared_by_alice(played)
        archive = files.read(export(played.carol))
        assert all(person.guid and person.public_key for person in archive.people().values())
        posts = {(post.guid, post.author, post.type, post.public) for post in archive.others_posts}
        assert posts == {
            (made["bobs"], "bob@pod3.test", "status_message", True),
            (made["alices"], "alice@pod2.test", "status_message", False),
            (shared, "alice@pod2.test", "reshare", True),
        }


@pytest.mark.parametrize("pod", ["pod2", "pod4"])
def test_a_comment_of_somebody_who_moved_stays_under_the_id_that_signed_it(
    tmp_path: Path, pod: str
) -> None:
    """Pod2 knows debora and missed her move; pod4 has never heard of her."""
    with cast(tmp_path) as played:
        move(played.pods, export(played.debora), "deb", "pod3")
        archive = files.read(export(played.carol))
        comment = next(
            each
            for each in archive.others_relayables
            if each.guid == played.made["deboras comment"]
        )
        assert comment.author == "debora@pod1.test"
        key = archive.people()[DiasporaId("debora@pod1.test")].public_key
        assert key is not None
        played.pods["pod1"].context.crypto.verify_relayable(comment, key)
        christy = move(played.pods, export(played.carol), pod=pod)
        assert _author_on(played, pod, comment.guid) == "deb@pod3.test"
        again = files.read(export(christy))
        assert comment in again.others_relayables


def _author_on(played: Cast, pod: str, guid: str) -> str:
    return str(played.pods.state(pod, "comment")["comment", guid]["author"])


def test_only_the_owner_of_an_open_account_gets_an_archive(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        with pytest.raises(Declined) as refusal:
            call(played.pods["pod1"], "GET", "/api/export")
        assert refusal.value.status == 401
        move(played.pods, export(played.carol))
        with pytest.raises(Declined) as refusal:
            export(played.carol)
        assert refusal.value.status in (401, 403)
