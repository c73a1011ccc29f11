"""The old home keeps what tells of a move in both forms; pods may not have heard of a form."""

from pathlib import Path

import pytest

from pod.app import Core
from pod.domain.entities import AccountMigration, AccountRename, Entity
from pod.domain.identity import DiasporaId
from pod.domain.ports import Migration
from pod.wire import entities, magic_envelope
from tests.pod.domain.moves import CRYPTO, a_pod, renamed
from tests.pod.house import Cast, cast, export, move, upload
from tests.pod.pair import Declined
from tests.pod.wire.vectors import Vector, envelope_bytes, named

OLD = DiasporaId("carol@pod1.test")


def _vector(form: str) -> Vector:
    """A golden message in that form."""
    name = "extended_form" if form == "account_rename" else "variant_a_author_is_old_id"
    return named(name, form)


def _record(core: Core) -> Migration:
    with core.context.work() as work:
        found = work.migrations.by_old_id(OLD)
        assert found is not None
        return found


def _forget_second(core: Core) -> None:
    with core.context.work() as work:
        work.connection.exec_driver_sql("UPDATE account_migrations SET second_envelope = NULL")


def _tell(played: Cast, envelope: bytes) -> tuple[str, str | None]:
    """Post something to the old home; what became of it, and why."""
    core = played.pods["pod1"]
    core.handle("POST", "/receive/public", [], envelope)
    played.pods.settle()
    with core.context.work() as work:
        query = "SELECT state, reason FROM inbox ORDER BY id DESC LIMIT 1"
        state, reason = work.connection.exec_driver_sql(query).one()
    return state, reason


def _badly_signed(entity: Entity, key: str) -> Entity:
    """The same, but the signature of the new identity is made with the old key."""
    if isinstance(entity, AccountMigration):
        signature = CRYPTO.sign_migration(OLD, entity.new_id, key)
        return AccountMigration(author=OLD, profile=entity.profile, signature=signature)
    assert isinstance(entity, AccountRename)
    wrong = CRYPTO.sign_migration(OLD, entity.new_id, key)
    return AccountRename(author=OLD, person=entity.person, new_signature=wrong)


@pytest.mark.parametrize("form", ["account_rename", "account_migration"])
def test_the_old_home_keeps_a_second_form_that_is_proven_and_no_other(
    tmp_path: Path, form: str
) -> None:
    with cast(tmp_path, POD_WIRE_PROFILE=form) as played:
        move(played.pods, export(played.carol))
        old_home = played.pods["pod1"]
        told = _record(played.pods["pod2"])
        assert _record(old_home).envelopes == told.envelopes
        second = told.second_envelope
        assert second is not None

        _forget_second(old_home)
        with old_home.context.work() as work:
            account = work.accounts.by_person(work.people.need(OLD))
            assert account is not None
        entity = entities.decode(magic_envelope.parse(second).payload)
        forged = CRYPTO.seal(_badly_signed(entity, account.private_key), account.private_key, OLD)  # type: ignore[arg-type]  # one of the two
        state, reason = _tell(played, forged)
        assert (state, "wrong signature" in str(reason)) == ("dropped", True)
        assert _record(old_home).second_envelope is None

        assert _tell(played, second) == ("done", None)
        assert _record(old_home).envelopes == told.envelopes


@pytest.mark.parametrize("form", ["account_rename", "account_migration"])
def test_whoever_asks_for_the_proof_gets_the_form_that_is_made_to_be_fetched(
    tmp_path: Path, form: str
) -> None:
    with cast(tmp_path, POD_WIRE_PROFILE=form) as played:
        move(played.pods, export(played.carol))
        for pod in ("pod1", "pod2"):
            status, _, body = played.pods[pod].handle(
                "GET", f"/fetch/account_rename/{OLD}", [], b""
            )
            entity = entities.decode(magic_envelope.parse(body).payload)
            assert (status, type(entity)) == (200, AccountRename)


@pytest.mark.parametrize(
    ("known", "name", "believed"),
    [
        ("account_rename", "account_rename", True),
        ("account_rename", "account_migration", False),
        ("account_migration", "account_rename", False),
        ("account_migration", "account_migration", True),
        ("none", "account_rename", False),
        ("none", "account_migration", False),
    ],
)
def test_a_form_that_a_pod_never_heard_of_is_dropped_as_anything_unknown(
    tmp_path: Path, known: str, name: str, *, believed: bool
) -> None:
    with a_pod(tmp_path, POD_KNOWS_FORMS=known) as pod:
        reason = pod.receive(envelope_bytes(_vector(name)))
        expected = f"UnknownEntity: payload: '{name}' is not an entity that is known here"
        assert reason == (None if believed else expected)
        assert bool(pod.moves) is believed


def test_without_account_rename_nothing_is_said_or_learned_of_where_somebody_went(
    tmp_path: Path,
) -> None:
    with cast(tmp_path, POD_KNOWS_FORMS="account_migration") as played:
        move(played.pods, export(played.carol))
        assert list(_record(played.pods["pod1"]).envelopes) == ["account_migration"]
        statuses = [
            played.pods["pod1"].handle("GET", path, [], b"")[0]
            for path in (
                f"/.well-known/webfinger?resource=acct:{OLD}",
                f"/fetch/account_rename/{OLD}",
            )
        ]
        assert statuses == [404, 404]
        with pytest.raises(Declined):
            played.dave.find(OLD)
        assert played.pods.state("pod4", "account_migration") == {}


def test_nobody_moves_to_a_pod_that_cannot_announce_it(tmp_path: Path) -> None:
    with cast(tmp_path, POD_KNOWS_FORMS="none") as played:
        with pytest.raises(Declined, match="so nobody can move here") as refusal:
            upload(played.pods, "pod2", export(played.carol))
        assert refusal.value.status == 422


def test_a_move_told_twice_keeps_what_told_of_it_first(tmp_path: Path) -> None:
    with a_pod(tmp_path) as pod:
        assert pod.receive(renamed("carol_old", "christy_new")) is None
        assert pod.receive(envelope_bytes(_vector("account_migration"))) is None
        with pod.core.context.work() as work:
            query = "SELECT form, second_envelope FROM account_migrations"
            rows = [tuple(row) for row in work.connection.exec_driver_sql(query)]
        assert rows == [("account_rename", None)]  # it is neither home: what would it need two for
