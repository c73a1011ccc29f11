"""One event, two forms: a move is told as account_rename or as account_migration, or as both.

Which form the pods emit is decided by the run's wire profile (`--wire-profile`); all that is said
here holds under either. Pods that know one form, or none, are the same pods with another setting.

Clauses: DEC-4.1
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from harness import (
    Account,
    CanMigrate,
    Federation,
    Fixtures,
    Forger,
    Gate,
    Identity,
    PodName,
    Refused,
    Snapshots,
    disagreements,
)

pytestmark = pytest.mark.needs.with_args(CanMigrate)

EVERYWHERE = dict.fromkeys(("pod1", "pod2", "pod3", "pod4"), "christy@pod2")
ALL_BUT_POD4 = EVERYWHERE | {"pod4": "carol@pod1"}
TOLD: tuple[PodName, ...] = ("pod1", "pod2", "pod3")
FORMS = ("account_rename", "account_migration")
PROOF = "/fetch/account_rename/carol@pod1.test"
SEED_FORM = {"POD_WIRE_PROFILE": "account_rename", "POD_EMIT_NEW_SIGNATURE": "false"}


def set_at(pod: PodName, setting: str) -> list[object]:
    """Parameters: that pod has each of the forms as the value of a setting."""
    return [
        pytest.param(form, marks=pytest.mark.pod_settings(**{pod: {setting: form}}), id=form)
        for form in FORMS
    ]


def told_to(gate: Gate, pod: PodName) -> list[str]:
    """In which forms a pod was told of a move."""
    return [str(each.entity) for each in gate.wiretap.messages(entity="account migration", to=pod)]


def records(snapshots: Snapshots) -> dict[PodName, dict[str, object]]:
    """What each pod has recorded of moves, whatever the form and the time it was told."""
    return {
        pod: {
            old: {
                name: value for name, value in row.fields.items() if name in ("new_id", "completed")
            }
            for old, row in snapshot.rows("account_migration").items()
        }
        for pod, snapshot in snapshots.items()
    }


# --- the profile ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", set_at("pod2", "POD_WIRE_PROFILE"))
def test_the_profile_decides_in_which_form_pods_are_told_and_nothing_else(
    federation: Federation, gate: Gate, carol: Account, dave: Account, form: str
) -> None:
    """Clauses: DEC-4.2, FED-4.4, OLD-4.7a; protocol 8.1, protocol 8.4."""
    federation["pod2"].import_archive(carol.export_archive(), "christy")
    moved = federation.settle()
    assert moved.known_as(carol) == ALL_BUT_POD4
    assert told_to(gate, "pod3") == [form]
    # The old home gets both, as it has to answer pods of either kind.
    assert sorted(told_to(gate, "pod1")) == sorted(FORMS)

    # Redirects, proofs and answers are the same.
    found = federation["pod1"].get("/.well-known/webfinger?resource=acct:carol@pod1.test")
    assert found.status == 301
    proofs = [federation[pod].get(PROOF).status for pod in ("pod1", "pod2", "pod3")]
    assert proofs == [200, 200, 302]
    dave.share(carol, aspect="people I follow")
    told = federation.settle()
    assert told.known_as(carol) == EVERYWHERE
    assert told_to(gate, "pod4") == [form]
    assert not disagreements(told)


# --- one form ------------------------------------------------------------------------------------


@pytest.mark.pod_settings(pod2=SEED_FORM)
def test_without_a_signature_of_the_new_identity_the_new_home_is_asked_for_its_consent(
    federation: Federation, gate: Gate, carol: Account
) -> None:
    """Clauses: DEC-4.3, OLD-4.7b; protocol 8.5, protocol 8.6."""
    # The form of the specification, and nothing besides it.
    with gate.losing("account_migration"):
        federation["pod2"].import_archive(carol.export_archive(), "christy")
        moved = federation.settle()

    assert moved.known_as(carol) == ALL_BUT_POD4
    asked = [each for each in gate.wiretap.exchanges(route="fetch") if each.recipient == "pod2"]
    proofs = {each.sender for each in asked if "/fetch/account_rename/" in each.path}
    assert proofs == {"pod1", "pod3"}
    assert {each.status for each in asked} == {200}
    assert not disagreements(moved, except_on=["pod4"])


Speak = Callable[[Forger, Identity, Identity], bytes]


def renamed(forger: Forger, old: Identity, new: Identity) -> bytes:
    """The form of the specification, with the new identity's signature."""
    return forger.seal(forger.rename(old, new, consent=new), old)


def migrated_a(forger: Forger, old: Identity, new: Identity) -> bytes:
    """The deployed form, in which the old identity speaks."""
    return forger.seal(forger.migration(old, new, variant="A"), old)


def migrated_b(forger: Forger, old: Identity, new: Identity) -> bytes:
    """The deployed form, in which the new identity speaks."""
    return forger.seal(forger.migration(old, new, variant="B"), new)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (renamed, migrated_a),
        (migrated_a, renamed),
        (migrated_b, renamed),
        (renamed, migrated_b),
        (migrated_b, migrated_a),
    ],
)
def test_whatever_forms_tell_of_a_move_it_is_one_event(
    federation: Federation, mallory: Account, alice: Account, first: Speak, second: Speak
) -> None:
    """Clauses: DEC-4.1, DEC-4.4, MSG-17; protocol 8.1, protocol 8.4.."""
    # mallory has an account on pod4, too, and both keys: so both identities agree.
    alice.look_up(mallory)
    other = federation["pod4"].sign_up("malcolm")
    forger = federation.forger
    old, new = forger.identity(mallory), forger.identity(other)

    def told(speak: Speak) -> Snapshots:
        answers = forger.send(speak(forger, old, new), to=TOLD, via="pod4")
        assert answers == dict.fromkeys(TOLD, 202)
        return federation.settle()

    once = told(first)
    assert {pod: once.known_as(mallory)[pod] for pod in TOLD} == dict.fromkeys(TOLD, "malcolm@pod4")
    moved = {"mallory@pod3.test": {"new_id": "malcolm@pod4.test", "completed": True}}
    assert records(once) == {**dict.fromkeys(TOLD, moved), "pod4": {}}
    assert list(once["pod1"].rows("block")) == ["carol@pod1.test→malcolm@pod4.test"]

    # Told once more, in the other form: nothing happens, and nobody objects.
    refused = {pod.name: len(pod.log_lines("dropped")) for pod in federation}
    assert told(second) == once
    assert {pod.name: len(pod.log_lines("dropped")) for pod in federation} == refused


# --- pods that know one form only, or none -------------------------------------------------------


@pytest.mark.parametrize("form", set_at("pod3", "POD_KNOWS_FORMS"))
def test_a_pod_that_knows_one_form_is_told_in_that_form(
    federation: Federation, carol: Account, bob: Account, form: str
) -> None:
    """Clauses: DEC-4.15; protocol 8.4."""
    christy = federation["pod2"].import_archive(carol.export_archive(), "christy")
    moved = federation.settle()

    assert moved.known_as(carol) == ALL_BUT_POD4
    assert moved["pod3"].rows("account_migration")["carol@pod1.test"]["form"] == form
    assert "christy@pod2" in bob.contacts()
    assert christy.contacts()["bob@pod3"]["sharing"]
    assert not disagreements(moved, except_on=["pod4"])


@pytest.mark.parametrize("form", set_at("pod4", "POD_KNOWS_FORMS"))
def test_a_pod_that_writes_to_the_old_address_is_answered_in_the_form_it_knows(
    federation: Federation, carol: Account, christy: Account, dave: Account, form: str
) -> None:
    """Clauses: DEC-4.15, OLD-4.11; protocol 8.7."""
    dave.share(carol, aspect="people I follow")
    told = federation.settle()

    assert told.known_as(carol) == EVERYWHERE
    assert told["pod4"].rows("account_migration")["carol@pod1.test"]["form"] == form
    assert christy.contacts()["dave@pod4"]["sharing"]
    assert not disagreements(told)


@pytest.mark.pod_settings(pod3={"POD_KNOWS_FORMS": "none"})
def test_a_pod_that_never_heard_of_migrations_is_stale_until_it_has_learned_of_them(
    federation: Federation, gate: Gate, carol: Account, bob: Account, fixtures: Fixtures
) -> None:
    """Clauses: DEC-7.1, INT-7.1b, OLD-4.11; protocol 8.7."""
    christy = federation["pod2"].import_archive(carol.export_archive(), "christy")
    half = federation.settle()

    # It acknowledges whatever it is told, and does nothing: now, and by itself for ever.
    brought = gate.wiretap.messages(entity="account migration", to="pod3")
    assert {each.status for each in brought} == {202}
    assert len(federation["pod3"].log_lines("dropped")) == len(brought)
    assert half.known_as(carol) == ALL_BUT_POD4 | {"pod3": "carol@pod1"}
    (stale,) = disagreements(half, except_on=["pod4"])
    assert (stale.rule, stale.pod) == ("everyone_knows_of_the_move", "pod3")
    assert stale.consequences > 0
    federation.clock.advance(timedelta(days=4))
    assert federation.settle().known_as(carol) == half.known_as(carol)
    assert gate.wiretap.messages(entity="account migration", to="pod3") == brought

    # With new software it learns of the move as soon as somebody there addresses the old ID.
    federation["pod3"].configure({})
    said = bob.comment(fixtures.posts["carol_public"], "Are you still there?")
    healed = federation.settle()
    assert healed.known_as(carol) == ALL_BUT_POD4
    assert healed.holding(said) == TOLD
    assert christy.contacts()["bob@pod3"]["sharing"]
    assert not disagreements(healed, except_on=["pod4"])


@pytest.mark.pod_settings(pod4={"POD_KNOWS_FORMS": "none"})
def test_a_pod_that_never_heard_of_migrations_looks_like_one(
    federation: Federation, carol: Account, christy: Account, dave: Account
) -> None:
    """Clauses: DEC-7.1, OLD-4.5; protocol 8.8."""
    # That another ID is answered is no more than a mistake to it, and does no damage.
    assert dave.look_up(carol) is None
    assert dave.look_up(christy) == christy.diaspora_id
    assert federation.settle().known_as(carol) == ALL_BUT_POD4

    # It announces nothing, has nothing to fetch, and nobody can move there.
    described = {pod.name: b"account_" in pod.get("/nodeinfo/2.0").body for pod in federation}
    assert described == {"pod1": True, "pod2": True, "pod3": True, "pod4": False}
    assert federation["pod4"].get(PROOF).status == 404
    with pytest.raises(Refused, match="nobody can move here"):
        federation["pod4"].begin_import(christy.export_archive())
