"""Conversations that somebody refuses, or that were taken back, are not seen all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pod.domain.entities import Conversation, Message, Retraction
from pod.domain.identity import DiasporaId, Guid
from tests.pod.messages import bring, sealed
from tests.pod.pair import Pods, User, joined
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
