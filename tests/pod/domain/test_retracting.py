"""What is taken back disappears wherever it was sent, and does not come back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pod.domain.entities import Comment, Retraction
from pod.domain.identity import Guid
from tests.pod.messages import account_of, bring, sealed
from tests.pod.pair import Declined, Pods, User, joined
from tests.pod.talk import PODS, comment, everywhere, held, limited, make_friends, post, sent

NOTHING = everywhere({})


@pytest.fixture
def pods(tmp_path: Path) -> Iterator[Pods]:
    with joined(tmp_path, *PODS) as made:
        yield made


@pytest.fixture
def cast(pods: Pods) -> dict[str, User]:
    return make_friends(pods)


def tombstones(pods: Pods) -> dict[str, list[str]]:
    return {pod: list(rows) for pod, rows in held(pods, "retraction").items()}


@pytest.mark.parametrize("make", [post, limited], ids=["public", "limited"])
def test_a_deleted_post_disappears_everywhere_with_all_on_it(
    pods: Pods, cast: dict[str, User], make: Callable[[User], str]
) -> None:
    guid = make(cast["alice"])
    pods.settle()
    written = comment(cast["bob"], guid)
    pods.settle()
    cast["carol"].call("POST", f"/api/comments/{written}/likes")
    pods.settle()

    cast["alice"].call("DELETE", f"/api/posts/{guid}")
    pods.settle()

    for kind in ("post", "comment", "like", "signature", "participation", "visibility", "audience"):
        assert held(pods, kind) == NOTHING
    assert tombstones(pods) == everywhere([f"Post/{guid}"])


def test_a_retraction_takes_the_route_of_its_post(pods: Pods, cast: dict[str, User]) -> None:
    guid = limited(cast["alice"])
    pods.settle()
    pods.exchanges.clear()

    cast["alice"].call("DELETE", f"/api/posts/{guid}")
    pods.settle()

    assert sorted(sent(pods, "pod1")) == ["pod2.test/receive/users", "pod3.test/receive/users"]


@pytest.mark.parametrize("make", [post, limited], ids=["public", "limited"])
@pytest.mark.parametrize("who", ["alice", "bob"])
def test_a_comment_is_taken_back_by_its_author_or_the_root_author(
    pods: Pods, cast: dict[str, User], make: Callable[[User], str], who: str
) -> None:
    guid = make(cast["alice"])
    pods.settle()
    written = comment(cast["bob"], guid)
    pods.settle()

    cast[who].call("DELETE", f"/api/comments/{written}")
    pods.settle()

    assert held(pods, "comment") == NOTHING
    assert held(pods, "signature") == NOTHING
    assert tombstones(pods) == everywhere([f"Comment/{written}"])


def test_nobody_else_deletes_a_comment_or_post(pods: Pods, cast: dict[str, User]) -> None:
    guid = post(cast["alice"])
    pods.settle()
    written = comment(cast["bob"], guid)
    pods.settle()

    for path in (f"/api/comments/{written}", f"/api/posts/{guid}"):
        with pytest.raises(Declined) as refused:
            cast["carol"].call("DELETE", path)
        assert refused.value.status == 403


def test_a_like_is_taken_back_and_may_be_given_again(pods: Pods, cast: dict[str, User]) -> None:
    guid = post(cast["alice"])
    pods.settle()
    like = cast["bob"].call("POST", f"/api/posts/{guid}/likes")["guid"]
    pods.settle()

    cast["bob"].call("DELETE", f"/api/posts/{guid}/likes")
    pods.settle()
    assert held(pods, "like") == NOTHING
    assert tombstones(pods) == everywhere([f"Like/{like}"])

    again = cast["bob"].call("POST", f"/api/posts/{guid}/likes")["guid"]
    pods.settle()
    assert {pod: list(rows) for pod, rows in held(pods, "like").items()} == everywhere([again])


def test_a_photo_is_taken_back_but_not_its_post(pods: Pods, cast: dict[str, User]) -> None:
    image = b"GIF89a" + b"\x02\x00\x03\x00\x00\x00\x00"
    photo = cast["alice"].call("POST", "/api/photos", image)["guid"]
    guid = post(cast["alice"], "Look.", photos=[photo])
    pods.settle()

    cast["alice"].call("DELETE", f"/api/photos/{photo}")
    pods.settle()

    assert held(pods, "photo") == NOTHING
    assert {pod: list(rows) for pod, rows in held(pods, "post").items()} == everywhere([guid])
    assert tombstones(pods) == everywhere([f"Photo/{photo}"])


def test_who_leaves_a_discussion_is_told_nothing_more(pods: Pods) -> None:
    alice, bob = pods.sign_up("alice", "pod1"), pods.sign_up("bob", "pod2")
    guid = post(alice)
    bob.find(f"https://pod1.test/posts/{guid}")
    bob.call("PUT", f"/api/posts/{guid}/participation")
    pods.settle()
    first = comment(alice, guid, "One.")
    pods.settle()

    bob.call("DELETE", f"/api/posts/{guid}/participation")
    pods.settle()
    comment(alice, guid, "Two.")
    pods.settle()

    assert list(held(pods, "comment")["pod2"]) == [first]
    assert held(pods, "participation") == NOTHING


def test_reshares_of_a_deleted_post_stay_without_root(pods: Pods, cast: dict[str, User]) -> None:
    guid = post(cast["alice"])
    pods.settle()
    made = cast["bob"].call("POST", f"/api/posts/{guid}/reshares")["guid"]
    pods.settle()

    cast["alice"].call("DELETE", f"/api/posts/{guid}")
    pods.settle()

    rows = held(pods, "post")
    assert {pod: list(posts) for pod, posts in rows.items()} == {
        "pod1": [made],
        "pod2": [made],
        "pod3": [],
    }
    assert rows["pod1"][made] == rows["pod2"][made]
    assert rows["pod2"][made]["root_guid"] is None


def test_a_tombstone_of_one_kind_keeps_nothing_else_of_that_guid_from_being_retracted(
    pods: Pods, cast: dict[str, User]
) -> None:
    theirs, mine = post(cast["carol"]), post(cast["alice"])
    pods.settle()
    bob = account_of(cast["bob"])
    remark = Comment(
        author=bob.person.diaspora_id, guid=Guid(theirs), parent_guid=Guid(mine), text="Mine"
    )
    signed = pods["pod2"].context.crypto.sign_relayable(remark, bob.private_key)
    taken_back = Retraction(
        author=bob.person.diaspora_id, target_guid=remark.guid, target_type="Comment"
    )
    for entity in (signed, taken_back):
        assert bring(pods, sealed(entity, cast["bob"]), "pod1") is None

    cast["carol"].call("DELETE", f"/api/posts/{theirs}")
    pods.settle()

    assert list(held(pods, "post")["pod1"]) == [mine]
    assert tombstones(pods)["pod1"] == [f"Comment/{theirs}", f"Post/{theirs}"]


def test_a_retraction_reaches_pods_whose_people_have_gone_since(
    pods: Pods, cast: dict[str, User]
) -> None:
    guid = post(cast["alice"])
    pods.settle()
    cast["bob"].call("DELETE", f"/api/contacts/{cast['alice'].diaspora_id}")
    cast["alice"].call("DELETE", f"/api/contacts/{cast['bob'].diaspora_id}")
    pods.settle()

    cast["alice"].call("DELETE", f"/api/posts/{guid}")
    pods.settle()

    assert (held(pods, "post"), tombstones(pods)) == (NOTHING, everywhere([f"Post/{guid}"]))
