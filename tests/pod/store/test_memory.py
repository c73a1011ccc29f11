"""A unit of work reads people once, and never says of them what is not so any more."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, event, text, update

from pod.domain.errors import NotFound
from pod.domain.identity import DiasporaId
from pod.domain.people import Account, Person
from pod.domain.ports import Migration
from pod.store import false_stubs, imports, memory, prepared
from pod.store.engine import TROUBLE, Store
from pod.store.people import People
from pod.store.schema import REMEMBERED, metadata, people
from pod.store.unit_of_work import UnitOfWork
from tests.pod.rooms import NOW, add_account, add_person
from tests.pod.store.conftest import POSTGRESQL_ALONE, SQLITE_ALONE

ALICE = DiasporaId("alice@pod2.test")


@pytest.fixture
def work(store: Store) -> Iterator[UnitOfWork]:
    """An open unit of work."""
    with store.work() as work:
        yield work


@pytest.fixture
def asked(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that the database is given, past SQLAlchemy or by it."""
    statements: list[str] = []
    ask = prepared.ask

    def note(raw: object, sql: str, cells: list[object]) -> tuple[list[object], int]:
        statements.append(sql)
        return ask(raw, sql, cells)  # type: ignore[arg-type] # handed on as it came

    monkeypatch.setattr(prepared, "ask", note)

    @event.listens_for(store._engine, "before_cursor_execute")
    def note_another(_connection: object, _cursor: object, sql: str, *_more: object) -> None:
        if not sql.startswith(("SAVEPOINT", "RELEASE")):
            statements.append(sql)

    return statements


def _both(work: UnitOfWork, person: Person) -> tuple[Person | None, Person | None]:
    """The person by row and by ID, as repositories made at different times have them."""
    return work.people.get(person.id), People(work.connection).by_id(person.diaspora_id)


def _known(work: UnitOfWork, position: int = 0) -> Person:
    """Somebody who has been read already."""
    person = add_person(work, ALICE, position)
    assert _both(work, person) == (person, person)
    return person


def test_a_person_is_read_once_in_a_unit_of_work(store: Store, asked: list[str]) -> None:
    with store.work() as work:
        alice = add_person(work, ALICE)
    asked.clear()
    with store.work() as work:
        found = [_both(work, alice) for _ in range(3)]
    assert found == [(alice, alice)] * 3
    assert len(asked) == 1


def test_who_is_not_known_is_seen_as_soon_as_they_come(work: UnitOfWork) -> None:
    assert work.people.by_id(ALICE) is None
    with pytest.raises(NotFound):
        work.people.get(1)
    alice = add_person(work, ALICE)
    assert _both(work, alice) == (alice, alice)


def test_a_closed_person_is_seen_as_closed_at_once(work: UnitOfWork) -> None:
    alice = _known(work)
    work.people.close(alice)
    closed = replace(alice, closed=True)
    assert _both(work, alice) == (closed, closed)


def test_a_person_with_an_account_is_local_at_once_and_remote_when_it_is_gone(
    work: UnitOfWork,
) -> None:
    carol = add_account(work, "carol")
    assert _both(work, carol.person) == (carol.person, carol.person)
    assert carol.person.account_id == carol.id
    imports.remove_account(work, carol)
    assert work.people.by_id(carol.person.diaspora_id) is None
    assert work.accounts.by_username("carol") is None


def test_a_stub_with_another_name_is_seen_by_that_name_only(work: UnitOfWork) -> None:
    stub = _known(work)
    false_stubs.set_aside(work, stub)
    assert work.people.by_id(ALICE) is None
    aside = work.people.get(stub.id)
    assert aside.diaspora_id == f"false-stub-{stub.id}@pod2.test"
    false_stubs.put_back(work, aside)
    false_stubs.put_back(work, stub)
    assert _both(work, stub) == (stub, stub)


def test_a_stub_that_is_replaced_is_gone(work: UnitOfWork) -> None:
    stub = _known(work)
    false_stubs.set_aside(work, stub)
    real = add_person(work, ALICE, position=1)
    false_stubs.replace(work, stub, real)
    with pytest.raises(NotFound):
        work.people.get(stub.id)
    assert _both(work, real) == (real, real)


def test_a_move_is_followed_as_soon_as_it_is_recorded(work: UnitOfWork) -> None:
    old, new = add_person(work, ALICE), add_person(work, "alicia@pod3.test", position=1)
    assert work.people.newest(old) == old
    move = Migration(old=old, new=new, form="account_rename", envelope=b"", originated_here=False)
    work.migrations.add(move, NOW)
    assert work.people.newest(old) == new


def test_an_account_is_seen_as_it_is_now(work: UnitOfWork) -> None:
    carol = add_account(work, "carol")

    def found() -> tuple[Account | None, ...]:
        return work.accounts.get(carol.id), work.accounts.by_person(carol.person)

    assert found() == (carol, carol)
    work.accounts.set_state(carol, "locked")
    assert found() == (replace(carol, state="locked"),) * 2
    work.accounts.update(carol, {"email": "new@mail.test"})
    assert found() == (replace(carol, state="locked", email="new@mail.test"),) * 2
    work.people.close(carol.person)
    assert work.accounts.get(carol.id).person.closed


def test_what_is_written_by_sqlalchemy_is_seen_at_once(work: UnitOfWork) -> None:
    alice = _known(work)
    closing = update(people).where(people.c.id == alice.id).values(closed=True)
    work.connection.execute(closing)
    assert work.people.get(alice.id).closed
    work.connection.exec_driver_sql("UPDATE people SET closed = false")
    assert not work.people.get(alice.id).closed


def test_what_was_read_in_a_part_that_is_undone_is_forgotten(work: UnitOfWork) -> None:
    alice = _known(work)

    def fail() -> None:
        with work.part():
            work.people.close(alice)
            assert work.people.get(alice.id).closed
            bob = add_person(work, "bob@pod2.test", position=1)
            assert work.people.by_id(bob.diaspora_id) == bob
            raise NotFound("something else")

    with pytest.raises(NotFound, match="something else"):
        fail()
    assert _both(work, alice) == (alice, alice)
    assert work.people.by_id(DiasporaId("bob@pod2.test")) is None


def test_a_part_that_is_kept_changes_nothing_in_what_is_known(
    work: UnitOfWork, asked: list[str]
) -> None:
    alice = _known(work)
    asked.clear()
    with work.part():
        assert _both(work, alice) == (alice, alice)
    assert _both(work, alice) == (alice, alice)
    assert asked == []


def test_the_next_unit_of_work_reads_anew(store: Store) -> None:
    with store.work() as work:
        alice = _known(work)
    with store.alone() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.cursor().execute("UPDATE people SET closed = true")  # as a snapshot that is restored
    with store.work() as work:
        assert _both(work, alice) == (replace(alice, closed=True),) * 2


def test_what_a_unit_of_work_read_before_it_failed_is_forgotten(store: Store) -> None:
    def fail() -> None:
        with store.work() as work:
            _known(work)
            raise NotFound("not yet")

    with pytest.raises(NotFound, match="not yet"):
        fail()
    with store.work() as work:
        assert work.people.by_id(ALICE) is None


def test_nothing_is_remembered_outside_a_transaction(store: Store) -> None:
    with store.work() as work:
        _known(work)
        assert memory.of(work.connection)
    with store.alone() as connection:
        assert memory.of(connection) == {}
        assert not _kept(connection)


def _kept(connection: Connection) -> bool:
    return any(str(key).startswith("pod.store") for key in connection.info)


def test_no_row_of_a_remembered_table_goes_away_or_changes_with_another() -> None:
    """Then a write elsewhere would change what is remembered, and nobody would notice."""
    remembered = [table for table in metadata.sorted_tables if table.info == REMEMBERED]
    followed = {
        str(key.parent)
        for table in remembered
        for key in table.foreign_keys
        if key.ondelete or key.onupdate
    }
    assert {table.name for table in remembered} == {"people", "accounts", "account_migrations"}
    assert followed == set()


@SQLITE_ALONE
def test_a_connection_that_is_lost_is_trouble_of_the_database(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not of ours: a job that it meets is done later."""

    def lose() -> None:
        with store.work() as work:
            monkeypatch.setattr(work.connection.dialect, "is_disconnect", lambda *_: True)
            work.connection.execute(text("SELECT * FROM nowhere"))

    with pytest.raises(TROUBLE, match="no such table"):
        lose()


@POSTGRESQL_ALONE
def test_a_server_that_hangs_up_is_trouble_of_the_database_and_is_called_again(
    store: Store,
) -> None:
    with store.work() as work:
        alice = add_person(work, ALICE)

    def lose() -> None:
        with store.work() as work:
            assert _both(work, alice) == (alice, alice)
            work.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(TROUBLE):
        lose()
    with store.work() as work:
        assert _both(work, alice) == (alice, alice)
