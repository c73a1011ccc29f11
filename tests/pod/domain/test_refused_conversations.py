"""Conversations that somebody refuses, or that were taken back, are not seen all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pod.domain.entities import Conversation, Message, Retraction
from pod.domain.identity import DiasporaId, Guid
from tests.pod.messages import bring, sealed
from tests.pod.pair import Declined, Pods, User, joined
from tests.pod.rooms import NOW

TALK, FIRST, SECOND = Guid("aa" * 16), Guid("ab" * 16), Guid("ac" * 16)


@pytest.fixture
def pods(tmp_path: Path) -> Iterator[Pods]:
    with joined(tmp_path) as made:
        yield made


def befriended(pods: Pods, *others: str) -> tuple[User, ...]:
    """bob on pod2, and others on pod1 who share with him."""
    bob = pods.sign_up("bob", "pod2")
    friends = tuple(pods.sign_up(name, "pod1") for name in others)
    for friend in friends:
        friend.share(bob)
    pods.settle()
    return bob, *friends


def message(by: User, guid: Guid) -> Message:
    return Message(
        author=DiasporaId(by.diaspora_id),
        guid=guid,
        text="Psst",
        created_at=NOW,
        conversation_guid=TALK,
    )


def conversation(by: User, *others: User) -> Conversation:
    return Conversation(
        author=DiasporaId(by.diaspora_id),
        guid=TALK,
        subject="Plans",
        created_at=NOW,
        participants=tuple(DiasporaId(each.diaspora_id) for each in (by, *others)),
        messages=(message(by, FIRST),),
    )


def talks(user: User) -> list[str]:
    return [each["guid"] for each in user.call("GET", "/api/conversations")]


def test_a_conversation_that_was_taken_back_does_not_return(pods: Pods) -> None:
    bob, alice = befriended(pods, "alice")
    begun = sealed(conversation(bob, alice), bob)
    assert (bring(pods, begun, alice), talks(alice)) == (None, [TALK])
    author = DiasporaId(bob.diaspora_id)
    entity = Retraction(author=author, target_guid=TALK, target_type="Conversation")
    assert (bring(pods, sealed(entity, bob), alice), talks(alice)) == (None, [])

    again = bring(pods, begun, alice)
    more = bring(pods, sealed(message(bob, SECOND), bob), alice)

    reason = f"Refused: {TALK} was retracted and does not come back"
    assert (again, more, talks(alice)) == (reason, reason, [])


def test_who_refuses_a_conversation_does_not_see_it_by_the_copy_of_a_neighbour(pods: Pods) -> None:
    bob, alice, bea = befriended(pods, "alice", "bea")
    bea.call("PUT", f"/api/blocks/{bob.diaspora_id}")
    begun, more = sealed(conversation(bob, alice, bea), bob), sealed(message(bob, SECOND), bob)
    ignores = f"Refused: bea ignores {bob.diaspora_id}"

    answers = [bring(pods, envelope, to) for envelope in (begun, more) for to in (bea, alice)]
    answers.append(bring(pods, more, bea))
    alice.call("POST", f"/api/conversations/{TALK}/messages", {"text": "Who is it?"})

    assert answers == [ignores, None, ignores, None, ignores]
    assert (talks(alice), talks(bea)) == ([TALK], [])
    with pytest.raises(Declined, match="404"):
        bea.call("GET", f"/api/conversations/{TALK}")
    assert [each["kind"] for each in bea.call("GET", "/api/notifications")] == []


def test_who_accepts_a_conversation_after_a_neighbour_sees_it(pods: Pods) -> None:
    bob, alice, bea = befriended(pods, "alice", "bea")
    begun, more = sealed(conversation(bob, alice, bea), bob), sealed(message(bob, SECOND), bob)
    assert (bring(pods, begun, alice), talks(bea)) == (None, [])
    overtaking = bring(pods, more, bea)
    assert (bring(pods, begun, bea), talks(bea)) == (None, [TALK])
    waits = f"Later: message {SECOND}: bea has not accepted its conversation"
    assert (overtaking, bring(pods, more, bea)) == (waits, None)
