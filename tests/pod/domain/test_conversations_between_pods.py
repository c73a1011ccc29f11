"""Private conversations of people on one, two and three pods."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pod.domain import conversing
from pod.domain.entities import Conversation, Message
from pod.domain.errors import Conflict, Invalid, InvalidSender, Later, NotFound, Refused
from pod.domain.identity import DiasporaId, Guid
from pod.domain.incoming import Incoming
from pod.domain.receive import receive
from pod.store.engine import Store
from pod.store.unit_of_work import UnitOfWork
from tests.pod.pair import Declined, Pods, User, joined
from tests.pod.rooms import NOW, add_account, add_person

TALK = Guid("conversation-0001")


def _befriend(pods: Pods, *users: User) -> None:
    for user in users:
        for other in users:
            if other != user:
                user.share(other)
    pods.settle()


def _start(me: User, *others: User, text: str = "Tea?") -> dict[str, str]:
    recipients = [each.diaspora_id for each in others]
    made: dict[str, str] = me.call(
        "POST", "/api/conversations", {"subject": "Plans", "text": text, "recipients": recipients}
    )
    return made


def _texts(me: User, guid: str) -> list[tuple[str, str]]:
    found: dict[str, Any] = me.call("GET", f"/api/conversations/{guid}")
    return [(each["author"], each["text"]) for each in found["messages"]]


def test_everybody_in_a_conversation_of_three_pods_reads_every_message(tmp_path: Path) -> None:
    with joined(tmp_path, "pod1", "pod2", "pod3") as pods:
        carol = pods.sign_up("carol", "pod1")
        debora = pods.sign_up("debora", "pod1")
        alice = pods.sign_up("alice", "pod2")
        bob = pods.sign_up("bob", "pod3")
        everybody = (carol, debora, alice, bob)
        _befriend(pods, *everybody)
        guid = _start(carol, debora, alice, bob)["guid"]
        pods.settle()
        for user in (bob, debora):
            user.call("POST", f"/api/conversations/{guid}/messages", {"text": f"{user.guid}!"})
            pods.settle()
        expected = [
            (carol.diaspora_id, "Tea?"),
            (bob.diaspora_id, f"{bob.guid}!"),
            (debora.diaspora_id, f"{debora.guid}!"),
        ]
        assert [_texts(user, guid) for user in everybody] == [expected] * 4
        assert {each.diaspora_id for each in everybody} == set(
            alice.call("GET", f"/api/conversations/{guid}")["participants"]
        )


def test_a_message_travels_only_encrypted_to_people(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
        _befriend(pods, carol, bob)
        before = len(pods.exchanges)
        _start(carol, bob, text="a secret of ours")
        pods.settle()
        sent = [each for each in pods.exchanges[before:] if each.method == "POST"]
        assert [each.url for each in sent] == [f"https://pod2.test/receive/users/{bob.guid}"]
        assert all(b"a secret of ours" not in each.body for each in sent)


def test_the_addressed_are_notified_once_per_conversation_and_author(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
        _befriend(pods, carol, bob)
        guid = _start(carol, bob)["guid"]
        carol.call("POST", f"/api/conversations/{guid}/messages", {"text": "Or coffee?"})
        pods.settle()
        told = [each for each in bob.call("GET", "/api/notifications") if each["target_guid"]]
        assert [(each["kind"], each["actor"], each["target_guid"]) for each in told] == [
            ("private_message", carol.diaspora_id, guid)
        ]


def _status(me: User, **changes: object) -> int:
    body = {"subject": "Plans", "text": "Tea?", "recipients": [me.diaspora_id], **changes}
    with pytest.raises(Declined) as declined:
        me.call("POST", "/api/conversations", body)
    return declined.value.status


def test_a_conversation_needs_a_contact_a_subject_and_a_text(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
        statuses = {
            "stranger": _status(carol, recipients=[bob.diaspora_id]),
            "oneself": _status(carol),
            "nobody": _status(carol, recipients=[]),
            "no text": _status(carol, text=""),
            "blank subject": _status(carol, subject="  "),
        }
    assert statuses == {
        "stranger": 403,
        "oneself": 422,
        "nobody": 422,
        "no text": 422,
        "blank subject": 422,
    }


def test_strangers_to_a_conversation_cannot_see_it(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol, bob = pods.sign_up("carol", "pod1"), pods.sign_up("bob", "pod2")
        debora = pods.sign_up("debora", "pod1")
        _befriend(pods, carol, bob)
        guid = _start(carol, bob)["guid"]
        with pytest.raises(Declined) as declined:
            debora.call("GET", f"/api/conversations/{guid}")
        assert declined.value.status == 404
        assert debora.call("GET", "/api/conversations") == []


# --- what the rules refuse -----------------------------------------------------------------------


def _conversation(*participants: str, author: str = "alice@pod2.test") -> Conversation:
    return Conversation(
        author=DiasporaId(author),
        guid=TALK,
        subject="Plans",
        created_at=NOW,
        participants=tuple(map(DiasporaId, participants)),
    )


def _message(author: str, guid: str = "message-000000001") -> Message:
    return Message(
        author=DiasporaId(author),
        guid=Guid(guid),
        text="Tea?",
        created_at=NOW,
        conversation_guid=TALK,
    )


def _from(work: UnitOfWork, sender: str, recipient: str | None = "carol") -> Incoming:
    account = None if recipient is None else work.accounts.by_username(recipient)
    return Incoming(sender=work.people.need(DiasporaId(sender)), recipient=account, envelope=b"")


def _people(work: UnitOfWork) -> None:
    carol = add_account(work, "carol")
    debora = add_account(work, "debora", 1)
    alice = add_person(work, "alice@pod2.test")
    add_person(work, "mallory@pod2.test", 1)
    for account in (carol, debora):
        work.sharing.set_contact(account, alice, sharing=True)


ALICE_AND_CAROL = ("alice@pod2.test", "carol@pod1.test")


def test_conversations_are_refused_from_outside(store: Store) -> None:
    alice, mallory = "alice@pod2.test", "mallory@pod2.test"
    with store.work() as work:
        _people(work)
        with pytest.raises(Refused, match="publicly"):
            receive(work, _conversation(*ALICE_AND_CAROL), _from(work, alice, None))
        with pytest.raises(InvalidSender, match=r"carol@pod1\.test has no part"):
            receive(work, _conversation(alice, mallory), _from(work, alice))
        with pytest.raises(InvalidSender, match=r"mallory@pod2\.test has no part"):
            receive(work, _conversation(*ALICE_AND_CAROL, author=mallory), _from(work, mallory))
        strangers = _conversation(mallory, "carol@pod1.test", author=mallory)
        with pytest.raises(Refused, match="no contact"):
            receive(work, strangers, _from(work, mallory))
        assert work.conversations.by_guid(TALK) is None


def test_a_blocked_person_cannot_begin_a_conversation(store: Store) -> None:
    with store.work() as work:
        _people(work)
        carol = work.accounts.by_username("carol")
        assert carol is not None
        work.sharing.block(carol, work.people.need(DiasporaId("alice@pod2.test")))
        with pytest.raises(Refused, match="ignores"):
            receive(work, _conversation(*ALICE_AND_CAROL), _from(work, "alice@pod2.test"))


def test_a_conversation_that_comes_to_two_people_here_is_stored_once(store: Store) -> None:
    alice = "alice@pod2.test"
    with store.work() as work:
        _people(work)
        entity = _conversation(*ALICE_AND_CAROL, "debora@pod1.test")
        for name in ("carol", "debora", "carol"):
            receive(work, entity, _from(work, alice, name))
        told = [
            [each["target_guid"] for each in work.notifications.of(account)]
            for name in ("carol", "debora")
            if (account := work.accounts.by_username(name))
        ]
        assert told == [[TALK], [TALK]]


def test_a_conversation_keeps_its_author(store: Store) -> None:
    mallory = "mallory@pod2.test"
    with store.work() as work:
        _people(work)
        receive(work, _conversation(*ALICE_AND_CAROL), _from(work, "alice@pod2.test"))
        carol = work.accounts.by_username("carol")
        assert carol is not None
        work.sharing.set_contact(carol, work.people.need(DiasporaId(mallory)), sharing=True)
        copy = _conversation(mallory, "carol@pod1.test", author=mallory)
        with pytest.raises(Conflict):
            receive(work, copy, _from(work, mallory))


def test_nobody_writes_to_somebody_whose_account_is_closed(store: Store) -> None:
    with store.work() as work:
        _people(work)
        carol = work.accounts.by_username("carol")
        alice = work.people.need(DiasporaId("alice@pod2.test"))
        assert carol is not None
        work.people.close(alice)
        closed = work.people.get(alice.id)
        with pytest.raises(NotFound, match="closed"):
            conversing.start(work, carol, [closed], subject="Plans", text="Tea?")


def test_a_conversation_brings_only_its_own_messages(store: Store) -> None:
    stray = replace(_message("alice@pod2.test"), conversation_guid=Guid("conversation-0002"))
    entity = replace(_conversation(*ALICE_AND_CAROL), messages=(stray,))
    with store.work() as work:
        _people(work)
        with pytest.raises(Invalid, match="another conversation"):
            receive(work, entity, _from(work, "alice@pod2.test"))


def test_messages_come_from_participants_to_participants(store: Store) -> None:
    alice, mallory = "alice@pod2.test", "mallory@pod2.test"
    with store.work() as work:
        _people(work)
        with pytest.raises(Later):
            receive(work, _message(alice), _from(work, alice))
        receive(work, _conversation(*ALICE_AND_CAROL), _from(work, alice))
        with pytest.raises(Refused, match="publicly"):
            receive(work, _message(alice), _from(work, alice, None))
        with pytest.raises(InvalidSender, match="mallory"):
            receive(work, _message(mallory), _from(work, mallory))
        with pytest.raises(InvalidSender, match="debora"):
            receive(work, _message(alice), _from(work, alice, "debora"))
        for _ in range(2):
            receive(work, _message(alice), _from(work, alice))
        conversation = work.conversations.by_guid(TALK)
        assert conversation is not None
        assert work.conversations.messages(conversation) == (_message(alice),)


def test_a_message_guid_belongs_to_one_message(store: Store) -> None:
    alice, mallory = "alice@pod2.test", "mallory@pod2.test"
    with store.work() as work:
        _people(work)
        receive(work, _conversation(*ALICE_AND_CAROL, mallory), _from(work, alice))
        receive(work, _message(alice), _from(work, alice))
        with pytest.raises(Conflict):
            receive(work, _message(mallory), _from(work, mallory))


def test_the_first_message_must_be_by_the_author_of_the_conversation(store: Store) -> None:
    entity = Conversation(
        author=DiasporaId("alice@pod2.test"),
        guid=TALK,
        subject="Plans",
        participants=tuple(map(DiasporaId, ALICE_AND_CAROL)),
        messages=(_message("carol@pod1.test"),),
    )
    with store.work() as work:
        _people(work)
        with pytest.raises(InvalidSender):
            receive(work, entity, _from(work, "alice@pod2.test"))
