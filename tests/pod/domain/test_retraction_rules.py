"""Retractions of what is rarely retracted, and events told anew: by the right people only."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pod.app import Core
from pod.domain import receive
from pod.domain.entities import Entity, Event, EventParticipation, Location, Retraction
from pod.domain.errors import Conflict, InvalidSender, Later, Refused
from pod.domain.identity import DiasporaId, Guid
from pod.domain.incoming import Incoming
from pod.store import state
from tests.pod.acquainted import ANSWER, NOW, POLL
from tests.pod.wire.vector_pod import EVENT, TALK, pod_for
from tests.pod.wire.vectors import named, owners

VOTE = Guid("eeeeeeeeeeeeeeeeee")
AT_BOBS: dict[str, Any] = {
    **named("message", "entities"),
    "context": named("event_participation_relayed", "relayables")["context"],
}
"""bob's pod knows alice's post with poll, event and comment, and their talk."""


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    with pod_for(AT_BOBS, tmp_path) as made:
        yield made


def deliver(core: Core, entity: Entity, sender: str, recipient: str | None = None) -> None:
    """Apply an entity as if it had come in an envelope of the sender's."""
    with core.context.work() as work:
        person = work.people.need(id_of(sender))
        account = None if recipient is None else work.accounts.by_username(recipient)
        receive.receive(work, entity, Incoming(sender=person, recipient=account, envelope=b""))


def id_of(label: str) -> DiasporaId:
    return DiasporaId(owners()[label].diaspora_id)


def retraction(kind: str, guid: Guid) -> Retraction:
    return Retraction(author=id_of("alice"), target_guid=guid, target_type=kind)


def rows(core: Core, *types: str) -> dict[str, list[str]]:
    with core.context.work() as work:
        found = state.rows(work)
    return {type_: [key for kind, key, _ in found if kind == type_] for type_ in types}


def test_a_poll_is_taken_back_by_the_author_of_its_post(core: Core) -> None:
    with pytest.raises(InvalidSender, match="may not retract Poll"):
        deliver(core, retraction("Poll", POLL), "mallory")
    assert rows(core, "poll") == {"poll": [POLL]}

    deliver(core, retraction("Poll", POLL), "alice")

    assert rows(core, "poll", "poll_answer", "post")["poll"] == []
    assert rows(core, "poll_answer", "retraction") == {
        "poll_answer": [],
        "retraction": [f"Poll/{POLL}"],
    }


def test_a_conversation_is_taken_back_by_who_began_it(core: Core) -> None:
    with pytest.raises(InvalidSender, match="may not retract Conversation"):
        deliver(core, retraction("Conversation", TALK), "mallory", "bob")
    deliver(core, retraction("Conversation", TALK), "alice", "bob")
    assert rows(core, "conversation", "message") == {"conversation": [], "message": []}


def test_what_is_not_here_yet_may_still_be_retracted_later(core: Core) -> None:
    for kind in ("Poll", "Conversation", "EventParticipation"):
        with pytest.raises(Later, match="not known here"):
            deliver(core, retraction(kind, ANSWER), "alice", "bob")


def _answered(core: Core) -> Guid:
    guid = Guid("bbbbbbbbbbbbbbbbbbb")
    with core.context.work() as work:
        dave, root = work.people.need(id_of("dave")), work.posts.by_event(EVENT)
        assert root is not None
        entity = EventParticipation(
            author=dave.diaspora_id, guid=guid, parent_guid=EVENT, status="accepted"
        )
        work.interactions.add(entity, dave, root)
    return guid


@pytest.mark.parametrize("sender", ["alice", "mallory"])
def test_an_answer_is_not_taken_back_by_the_host_or_a_stranger(core: Core, sender: str) -> None:
    guid = _answered(core)
    with pytest.raises(InvalidSender, match="may not retract EventParticipation"):
        deliver(core, retraction("EventParticipation", guid), sender)
    deliver(core, retraction("EventParticipation", guid), "dave")
    assert rows(core, "event_participation") == {"event_participation": []}


def event(**changes: object) -> Event:
    told: dict[str, Any] = {
        "author": id_of("alice"),
        "guid": EVENT,
        "summary": "Bigger party",
        "start": NOW,
        "edited_at": NOW,
    }
    return Event(**{**told, **changes})


def test_an_event_says_what_its_author_says_last(core: Core) -> None:
    place = Location(address="Elsewhere", lat="1", lng="2")
    deliver(core, event(location=place, all_day=True), "alice")
    older = replace(event(summary="Old"), edited_at=NOW.replace(year=2025))
    deliver(core, older, "alice")
    deliver(core, replace(older, edited_at=None), "alice")

    with core.context.work() as work:
        post = work.posts.by_event(EVENT)
        assert post is not None
        stored = getattr(work.posts.entity(post), "event", None)
    assert stored == event(location=place, all_day=True)


def test_an_event_is_changed_by_nobody_else(core: Core) -> None:
    mallory = id_of("mallory")
    with pytest.raises(InvalidSender):
        deliver(core, event(), "mallory")
    with pytest.raises(Conflict, match="is not by mallory"):
        deliver(core, event(author=mallory), "mallory")


def test_an_event_without_its_post_waits_if_it_is_private(core: Core) -> None:
    with pytest.raises(Later, match="has not arrived"):
        deliver(core, event(guid=VOTE), "alice", "bob")


def test_a_retracted_kind_that_does_not_exist_is_refused(core: Core) -> None:
    with pytest.raises(Refused, match="cannot be retracted"):
        deliver(core, retraction("Account", VOTE), "alice")
