"""What leaves the pod: sealed once, delivered to each pod or person, sent again to who moved."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pod.domain.entities import Contact, Entity, StatusMessage
from pod.domain.identity import Guid
from pod.domain.people import Account, Person
from pod.store.engine import Store
from pod.store.schema import deliveries, outgoing
from pod.store.unit_of_work import UnitOfWork
from pod.wire import entities, keys, magic_envelope
from tests.pod.rooms import NOW, add_account, add_person


def _post(author: Account, *, public: bool = True) -> StatusMessage:
    return StatusMessage(
        author=author.person.diaspora_id,
        guid=Guid("f" * 32),
        created_at=NOW,
        text="Hello",
        public=public,
    )


def _queued(work: UnitOfWork) -> list[tuple[str, str, int | None]]:
    columns = (outgoing.c.entity, deliveries.c.pod_url, deliveries.c.recipient_id)
    rows = work.connection.execute(select(*columns).join(outgoing).order_by(deliveries.c.id))
    return [(entity, url, recipient) for entity, url, recipient in rows]


def _sent(work: UnitOfWork) -> list[Entity]:
    rows = work.connection.scalars(select(outgoing.c.payload).order_by(outgoing.c.id))
    return [entities.decode(payload) for payload in rows]


@pytest.fixture
def alice_bob() -> tuple[str, str]:
    """Two people of one pod."""
    return "alice@pod2.test", "bob@pod2.test"


def test_a_public_message_goes_once_to_each_pod(store: Store, alice_bob: tuple[str, str]) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        people = [add_person(work, name, at) for at, name in enumerate(alice_bob)]
        dave = add_person(work, "dave@pod4.test", 2)
        work.outbox.public(_post(carol), carol, [*people, dave, carol.person])
        assert _queued(work) == [
            ("status_message", "https://pod2.test/", None),
            ("status_message", "https://pod4.test/", None),
        ]
        envelope = magic_envelope.parse(work.connection.scalars(select(outgoing.c.envelope)).one())
    envelope.verify(keys.load_public(carol.person.public_key))
    assert entities.decode(envelope.payload) == _post(carol)


def test_a_private_message_goes_to_each_person(store: Store, alice_bob: tuple[str, str]) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        alice, bob = (add_person(work, name, at) for at, name in enumerate(alice_bob))
        work.outbox.private(_post(carol, public=False), carol, [alice, bob, bob, carol.person])
        assert _queued(work) == [
            ("status_message", "https://pod2.test/", alice.id),
            ("status_message", "https://pod2.test/", bob.id),
        ]
        assert len(_sent(work)) == 1


def test_a_pod_that_sent_something_does_not_get_it_back(store: Store) -> None:
    with store.work() as work:
        carol, dave = add_account(work, "carol"), add_person(work, "dave@pod4.test")
        work.outbox.public(_post(carol), carol, [dave], except_pods=["https://pod4.test/"])
        work.outbox.private(_post(carol), carol, [dave], except_pods=["https://pod4.test/"])
        work.outbox.envelope("comment", b"<env/>", carol.person, ["https://pod1.test/"])
        assert _queued(work) == []


def _moved(work: UnitOfWork) -> tuple[Account, Person, Person]:
    return (
        add_account(work, "debora"),
        add_person(work, "carol@pod2.test", 0),
        add_person(work, "christy@pod3.test", 1),
    )


def test_what_was_addressed_to_somebody_who_moved_is_sent_again(store: Store) -> None:
    with store.work() as work:
        debora, carol, christy = _moved(work)
        work.outbox.private(_post(debora, public=False), debora, [carol])
        work.outbox.public(_post(debora), debora, [carol], concerns=carol)
        work.outbox.public(_post(debora), debora, [carol])
        for _ in range(2):
            work.outbox.send_again(carol, christy, NOW)
        assert _queued(work)[3:] == [
            ("status_message", "https://pod3.test/", christy.id),
            ("status_message", "https://pod3.test/", None),
        ]
        assert len(_sent(work)) == 3


def test_contacts_are_not_sent_again_since_sharers_tell_the_new_id_themselves(
    store: Store,
) -> None:
    with store.work() as work:
        debora, carol, christy = _moved(work)
        contact = Contact(author=debora.person.diaspora_id, recipient=carol.diaspora_id)
        work.outbox.private(contact, debora, [carol])
        work.outbox.send_again(carol, christy, NOW)
        sent = _sent(work)
    assert [each.recipient for each in sent if isinstance(each, Contact)] == ["carol@pod2.test"]


def test_what_was_finished_long_before_is_not_sent_again(store: Store) -> None:
    with store.work() as work:
        debora, carol, christy = _moved(work)
        work.outbox.private(_post(debora, public=False), debora, [carol])
        long_ago = NOW - timedelta(days=1)
        work.connection.execute(update(deliveries).values(state="done", finished_at=long_ago))
        work.outbox.send_again(carol, christy, NOW)
        assert len(_queued(work)) == 1


def test_somebody_elses_envelope_is_passed_on_as_it_is(store: Store) -> None:
    with store.work() as work:
        _, carol, christy = _moved(work)
        work.outbox.forward("comment", b"<env/>", carol, christy, is_private=True)
        work.outbox.forward("comment", b"<env/>", carol, christy, is_private=False)
        assert _queued(work) == [
            ("comment", "https://pod3.test/", christy.id),
            ("comment", "https://pod3.test/", None),
        ]
