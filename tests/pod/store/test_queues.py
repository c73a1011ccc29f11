"""Queues give out what is due, in order, once."""

from datetime import timedelta

from sqlalchemy import select, update

from pod.domain.identity import DiasporaId, Guid
from pod.store.engine import Store
from pod.store.queues import Counts
from pod.store.schema import deliveries, inbox
from pod.store.unit_of_work import UnitOfWork
from tests.pod.rooms import NOW, add_account, add_person

LATER = NOW + timedelta(minutes=5)
MANY = 10


def _bodies(work: UnitOfWork) -> list[bytes]:
    """Claim all that can be claimed."""
    bodies: list[bytes] = []
    while (claimed := work.inbox.claim(NOW, MANY)) is not None:
        bodies.append(claimed.body)
    return bodies


def test_a_message_is_claimed_once(store: Store) -> None:
    with store.work() as work:
        row_id = work.inbox.add(b"one", None, "public/pod2.test")
        claimed = work.inbox.claim(NOW, MANY)
        assert claimed is not None
        assert (claimed.id, claimed.body, claimed.recipient_account_id) == (row_id, b"one", None)
        assert work.inbox.claim(NOW, MANY) is None
        assert work.inbox.counts(NOW) == Counts(running=1)


def test_messages_of_one_lane_are_claimed_one_after_the_other(store: Store) -> None:
    with store.work() as work:
        first = work.inbox.add(b"1", None, "public/pod2.test")
        work.inbox.add(b"2", None, "public/pod2.test")
        work.inbox.add(b"3", None, "public/pod3.test")
        assert _bodies(work) == [b"1", b"3"]
        work.inbox.finish(first)
        assert _bodies(work) == [b"2"]


def test_no_more_is_claimed_than_may_be_worked_on(store: Store) -> None:
    with store.work() as work:
        for lane in ("a", "b", "c"):
            work.inbox.add(lane.encode(), None, lane)
        claimed = [work.inbox.claim(NOW, 2) for _ in range(3)]
        assert [each and each.body for each in claimed] == [b"a", b"b", None]


def test_what_is_retried_sleeps_until_it_is_due(store: Store) -> None:
    with store.work() as work:
        row_id = work.inbox.add(b"1", None, "lane")
        assert work.inbox.claim(NOW, MANY) is not None
        work.inbox.retry(row_id, LATER)
        assert work.inbox.claim(NOW, MANY) is None
        assert work.inbox.counts(NOW) == Counts(sleeping=1, sleeping_until=LATER)
        again = work.inbox.claim(LATER, MANY)
        assert again is not None
        assert again.attempts == 1


def test_after_a_restart_what_was_being_worked_on_is_queued(store: Store) -> None:
    with store.work() as work:
        work.inbox.add(b"1", None, "lane")
        work.inbox.claim(NOW, MANY)
        work.inbox.requeue()
        assert work.inbox.counts(NOW) == Counts(queued=1)


def test_a_handled_message_keeps_no_body(store: Store) -> None:
    with store.work() as work:
        done, dropped = (work.inbox.add(b"secret", None, lane) for lane in ("a", "b"))
        work.inbox.finish(done)
        work.inbox.drop(dropped, "BadSignature: wrong")
        rows = work.connection.execute(select(inbox.c.state, inbox.c.body, inbox.c.reason))
        assert [tuple(row) for row in rows] == [
            ("done", b"", None),
            ("dropped", b"", "BadSignature: wrong"),
        ]
        assert work.totals.get("received") == 2


def test_a_slow_pod_does_not_keep_others_waiting(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        work.outbox.envelope(
            "comment", b"<env/>", carol.person, [f"https://pod{n}.test/" for n in (2, 3)]
        )
        work.outbox.envelope("comment", b"<env/>", carol.person, ["https://pod2.test/"])
        claimed = [work.deliveries.claim(NOW, MANY) for _ in range(3)]
        assert [each and each.pod_url for each in claimed] == [
            "https://pod2.test/",
            "https://pod3.test/",
            None,
        ]


def test_the_totals_tell_what_became_of_deliveries(store: Store) -> None:
    with store.work() as work:
        carol = add_account(work, "carol")
        pods = [f"https://pod{n}.test/" for n in (2, 3)]
        work.outbox.envelope("comment", b"<env/>", carol.person, pods)
        first, second = work.connection.scalars(select(deliveries.c.id).order_by(deliveries.c.id))
        work.deliveries.finish(first)
        work.deliveries.abandon(second)
        assert [work.totals.get(name) for name in ("sent", "abandoned")] == [1, 1]
        assert work.deliveries.counts(NOW) == Counts()


def test_an_import_waits_until_it_is_scheduled(store: Store) -> None:
    with store.work() as work:
        guid = Guid("1" * 32)
        row = work.imports.add(guid, b"archive", DiasporaId("carol@pod2.test"))
        assert work.imports.claim(NOW, 1) is None
        work.imports.update(row.id, username="christy", state="scheduled")
        work.imports.schedule(row.id)
        claimed = work.imports.claim(NOW, 1)
        assert claimed is not None
        assert (claimed.guid, claimed.username, claimed.state) == (guid, "christy", "scheduled")
        assert work.imports.archive(row.id) == b"archive"
        work.imports.finish(row.id)
        assert work.imports.counts(NOW) == Counts()


def test_an_import_scheduled_while_it_is_worked_on_goes_on(store: Store) -> None:
    with store.work() as work:
        row = work.imports.add(Guid("1" * 32), b"", DiasporaId("carol@pod2.test"))
        work.imports.schedule(row.id)
        work.imports.claim(NOW, 1)
        work.imports.schedule(row.id)
        work.imports.finish(row.id)
        assert work.imports.claim(NOW, 1) is not None


def test_a_stub_is_completed_once_however_often_it_is_asked_for(store: Store) -> None:
    with store.work() as work:
        at = DiasporaId("dave@pod4.test")
        for due_at in (LATER, NOW):
            work.completions.add("person", at, at, due_at)
        assert work.completions.claim(NOW, 1) is None
        claimed = work.completions.claim(LATER, 1)
        assert claimed is not None
        assert (claimed.kind, claimed.subject, claimed.at) == ("person", at, at)
        work.completions.finish(claimed.id)
        assert work.completions.counts(LATER) == Counts()


def test_pending_migrations_are_kept_once_for_each_pair(store: Store) -> None:
    old, new = DiasporaId("carol@pod1.test"), DiasporaId("christy@pod2.test")
    with store.work() as work:
        work.pending_migrations.add(old, new, b"<one/>", LATER)
        work.pending_migrations.add(old, new, b"<two/>", LATER)
        claimed = work.pending_migrations.claim(LATER, 1)
        assert claimed is not None
        assert (claimed.old_id, claimed.new_id, claimed.envelope) == (old, new, b"<one/>")
        work.pending_migrations.discard(old, new)
        assert work.pending_migrations.counts(LATER) == Counts()


def test_mail_is_queued_and_finished(store: Store) -> None:
    with store.work() as work:
        work.mails.add("carol@mail.test", "Welcome", "Hello", NOW)
        mail = work.mails.claim(NOW, 1)
        assert mail is not None
        assert (mail.recipient, mail.subject, mail.text) == ("carol@mail.test", "Welcome", "Hello")
        work.mails.finish(mail.id)
        assert work.mails.counts(NOW) == Counts()


def test_a_notification_is_given_once(store: Store) -> None:
    with store.work() as work:
        carol, dave = add_account(work, "carol"), add_person(work, "dave@pod4.test")
        for _ in range(2):
            work.notifications.add(carol, "started_sharing", dave, NOW)
            work.notifications.add(carol, "commented", dave, NOW, target_guid="1" * 32)
        told = work.notifications.of(carol)
    common = {"actor": "dave@pod4.test", "created_at": "2026-01-01T12:00:00Z"}
    assert told == (
        {"kind": "commented", "target_guid": "1" * 32, **common},
        {"kind": "started_sharing", "target_guid": None, **common},
    )


def test_queues_order_by_when_things_fall_due(store: Store) -> None:
    with store.work() as work:
        late, early = (work.inbox.add(text, None, str(text)) for text in (b"late", b"early"))
        statement = update(inbox).where(inbox.c.id == early)
        work.connection.execute(statement.values(due_at=NOW - timedelta(hours=1)))
        assert _bodies(work) == [b"early", b"late"]
        assert late < early
