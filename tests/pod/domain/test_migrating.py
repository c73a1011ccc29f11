"""Whom this pod believes that an account has moved: the rules of federation protocol 8.5, in order.

The messages are golden vectors or made here with the keys of the vectors; they are posted to a real
pod that knows carol@pod-a and, if not said otherwise, christy@pod-b.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pod.domain.entities import AccountDeletion, AccountMigration, AccountRename, Profile
from pod.domain.entities import Person as Identity
from pod.domain.errors import NotFound
from pod.domain.identity import DiasporaId, Guid
from pod.jobs.discover import discover
from pod.wire.webfinger import WebFinger, write_webfinger
from tests.pod.domain.moves import CAROL, CHRISTY, CRYPTO, a_pod, renamed, sealed
from tests.pod.messages import account_of
from tests.pod.wire.vectors import Vector, each, envelope_bytes, named, owners

REASONS = {
    "new_signature_by_old_key": "wrong signature",
    "new_signature_other_old_id": "wrong signature",
    "envelope_signed_by_third_party": "was sent by mallory",
    "profile_author_mismatch": "another author",
    "same_id": "the same",
    "old_key_reused": "key",
    "variant_a_wrong_envelope_signer": "was sent by christy",
    "variant_b_missing_old_identity": "old_identity",
    "variant_b_wrong_envelope_signer": "was sent by carol",
}


@each("account_rename", "account_migration")
def test_the_pod_believes_a_golden_move_or_says_what_is_wrong_with_it(
    tmp_path: Path, vector: Vector
) -> None:
    with a_pod(tmp_path, "carol_old", "christy_new", "mallory") as pod:
        reason = pod.receive(envelope_bytes(vector))
        if vector["expect"] == "accept":
            assert (reason, pod.moves, pod.pending) == (None, {CAROL: CHRISTY}, 0)
        elif vector["expect"].startswith("accept only after"):
            assert (reason, pod.moves, pod.pending) == (None, {}, 1)
        else:
            assert reason is not None
            assert REASONS[vector["name"]] in reason
            assert (pod.moves, pod.pending) == ({}, 0)


def test_a_move_closes_the_old_person_and_shows_the_new_profile(tmp_path: Path) -> None:
    with a_pod(tmp_path) as pod:
        pod.receive(envelope_bytes(named("extended_form", "account_rename")))
        rows = pod.pods.state("pod1", "person", "profile")
        assert (rows["person", CAROL]["closed"], rows["person", CHRISTY]["closed"]) == (True, False)
        assert rows["profile", CHRISTY]["first_name"] == "Christy"
        assert rows["profile", CAROL]["first_name"] is None


def test_both_forms_of_one_move_are_one_event(tmp_path: Path) -> None:
    with a_pod(tmp_path) as pod:
        for file, name in (
            ("account_rename", "extended_form"),
            ("account_migration", "variant_a_author_is_old_id"),
            ("account_migration", "variant_b_author_is_new_id"),
            ("account_rename", "extended_form"),
            ("account_rename", "seed_form"),
        ):
            assert pod.receive(envelope_bytes(named(name, file))) is None
        assert (pod.moves, pod.pending) == ({CAROL: CHRISTY}, 0)
        forms = pod.pods.state("pod1", "account_migration")
        assert forms["account_migration", CAROL]["form"] == "account_rename"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"guid": Guid("0000000000000000000000000000abcd")}, "another GUID, key or pod"),
        ({"url": "https://pod-x.example.org/"}, "another GUID, key or pod"),
        ({"guid": Guid("ba110a700000013888060242ac110000")}, "belong to mallory"),
    ],
)
def test_what_discovery_says_about_the_new_identity_counts(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    with a_pod(tmp_path, "carol_old", "christy_new", "mallory") as pod:
        found = pod.receive(renamed("carol_old", "christy_new", **changes))
        assert found is not None
        assert reason in found
        assert pod.moves == {}


@pytest.mark.parametrize("answer", ["none", "404"])
def test_an_unknown_new_identity_that_cannot_be_discovered_now_is_looked_for_over_days(
    tmp_path: Path, answer: str
) -> None:
    with a_pod(tmp_path, "carol_old") as pod:
        if answer == "404":
            pod.home_of("pod-b.example.org")
        assert pod.receive(renamed("carol_old", "christy_new")) is None
        for wait in (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)):
            pod.wait(wait)
            assert (pod.moves, pod.pending) == ({}, 1)
        pod.know(owners()["christy_new"])
        pod.wait(timedelta(days=3))
        assert (pod.moves, pod.pending) == ({CAROL: CHRISTY}, 0)


def test_a_new_identity_that_is_never_found_is_looked_for_five_times(tmp_path: Path) -> None:
    with a_pod(tmp_path, "carol_old") as pod:
        pod.home_of("pod-b.example.org")
        assert pod.receive(renamed("carol_old", "christy_new")) is None
        for wait in (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)):
            pod.wait(wait)
        pod.wait(timedelta(days=3))
        asked = [each for each in pod.pods.exchanges if "webfinger" in each.url]
        assert (pod.moves, pod.pending, len(asked)) == ({}, 0, 5)


def test_what_the_podmin_does_not_accept_is_not_kept_either(tmp_path: Path) -> None:
    with a_pod(tmp_path, "carol_old", POD_REQUIRE_NEW_SIGNATURE="true") as pod:
        reason = pod.receive(renamed("carol_old", "christy_new", is_signed=False))
        assert (str(reason).partition(":")[0], pod.pending) == ("Refused", 0)


def test_the_first_move_wins_and_the_podmin_is_warned_of_another(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with a_pod(tmp_path, "carol_old", "christy_new", "mallory") as pod:
        assert pod.receive(renamed("carol_old", "christy_new")) is None
        reason = pod.receive(renamed("carol_old", "mallory"))
        assert reason is not None
        assert "has moved to christy@pod-b.example.org, so not to" in reason
        assert pod.moves == {CAROL: CHRISTY}
    warned = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert [line.partition(" reason=")[0] for line in warned] == ["event=second_move inbox=2"]


def test_a_key_of_somebody_else_is_known_in_whatever_form_it_comes(tmp_path: Path) -> None:
    with a_pod(tmp_path, "carol_old", "christy_new", "mallory") as pod:
        other_form = owners()["mallory"].pem["public_key_pkcs1_pem"]
        reason = pod.receive(
            renamed("carol_old", "christy_new", is_signed=False, exported_key=other_form)
        )
        mallory = owners()["mallory"].diaspora_id
        assert reason == (f"Conflict: account_rename of {CAROL}: GUID or key belong to {mallory}")


def test_a_circle_of_moves_is_refused(tmp_path: Path) -> None:
    with a_pod(tmp_path, "alice", "bob", "dave") as pod:
        assert pod.receive(renamed("alice", "bob")) is None
        assert pod.receive(renamed("bob", "dave")) is None
        reason = pod.receive(renamed("dave", "alice"))
        assert reason is not None
        assert "circle" in reason
        assert set(pod.moves) == {"alice@pod-a.example.org", "bob@pod-b.example.org"}


def test_a_chain_that_comes_in_the_wrong_order_ends_at_the_newest(tmp_path: Path) -> None:
    with a_pod(tmp_path, "alice", "bob", "dave") as pod:
        assert pod.receive(renamed("bob", "dave")) is None
        assert pod.receive(renamed("alice", "bob")) is None
        with pod.core.context.work() as work:
            alice = work.people.need(DiasporaId("alice@pod-a.example.org"))
            assert work.people.newest(alice).diaspora_id == "dave@pod-d.example.org:3000"


def test_more_than_five_moves_in_a_row_are_refused(tmp_path: Path) -> None:
    labels = ("alice", "bob", "dave", "carol_old", "christy_new", "mallory", "legacy1024")
    with a_pod(tmp_path, *labels) as pod:
        reasons = [pod.receive(renamed(old, new)) for old, new in pairwise(labels)]
        assert reasons[:5] == [None] * 5
        assert reasons[5] is not None
        assert "more than 5 moves" in reasons[5]


def test_nobody_moves_onto_a_closed_account_or_one_that_lives_here(tmp_path: Path) -> None:
    with a_pod(tmp_path, "carol_old", "christy_new") as pod:
        christy = owners()["christy_new"]
        pod.receive(sealed(AccountDeletion(author=CHRISTY), christy))
        reason = pod.receive(renamed("carol_old", "christy_new"))
        assert reason is not None
        assert "closed" in reason
        victim = pod.pods.sign_up("victim", "pod1")
        with pod.core.context.work() as work:
            person = work.people.need(DiasporaId(victim.diaspora_id))
            account = work.accounts.by_person(person)
            assert account is not None
            key = account.private_key
        carol = owners()["carol_old"]
        identity = Identity(
            guid=person.guid,
            author=person.diaspora_id,
            url=person.pod_url,
            profile=Profile(author=person.diaspora_id),
            exported_key=person.public_key,
        )
        rename = AccountRename(author=CAROL, person=identity)
        for pushed in (
            rename,
            replace(rename, new_signature=CRYPTO.sign_rename(CAROL, rename, key)),
        ):
            reason = pod.receive(sealed(pushed, carol))
            assert reason is not None
            assert "did not import it" in reason
        assert (pod.moves, pod.pending) == ({}, 0)


def test_of_a_deleted_account_only_the_new_name_is_noted(tmp_path: Path) -> None:
    with a_pod(tmp_path) as pod:
        carol = owners()["carol_old"]
        pod.receive(sealed(AccountDeletion(author=CAROL), carol))
        assert pod.receive(renamed("carol_old", "christy_new")) is None
        assert pod.moves == {CAROL: CHRISTY}


def test_after_the_move_the_old_id_says_nothing_any_more(tmp_path: Path) -> None:
    with a_pod(tmp_path) as pod:
        pod.receive(renamed("carol_old", "christy_new"))
        profile = Profile(author=CAROL, first_name="Thief", public=True)
        reason = pod.receive(sealed(profile, owners()["carol_old"]))
        assert reason is not None
        assert "closed" in reason


def test_a_migration_with_one_key_in_both_places_is_refused(tmp_path: Path) -> None:
    with a_pod(tmp_path) as pod:
        carol = owners()["carol_old"]
        signature = CRYPTO.sign_migration(CAROL, CHRISTY, carol.pem["private_key_pkcs8_pem"])
        profile = Profile(author=CHRISTY)
        entity = AccountMigration(author=CAROL, profile=profile, signature=signature)
        reason = pod.receive(sealed(entity, carol))
        assert reason is not None
        assert "wrong signature" in reason
        assert pod.moves == {}


def test_nobody_who_is_unknown_has_become_somebody_here(tmp_path: Path) -> None:
    with a_pod(tmp_path, "mallory") as pod:
        account = account_of(pod.pods.sign_up("christy", "pod1"))
        new_id = account.person.diaspora_id
        identity = Identity(
            guid=account.person.guid,
            author=new_id,
            url="https://pod1.test/",
            profile=Profile(author=new_id),
            exported_key=account.person.public_key,
        )
        rename = AccountRename(author=CAROL, person=identity)
        signature = CRYPTO.sign_rename(CAROL, rename, account.private_key)
        told = sealed(replace(rename, new_signature=signature), owners()["carol_old"])
        document = WebFinger(
            subject=new_id, hcard_url="https://pod1.test/h", seed_url="https://pod1.test/"
        )
        home = pod.home_of("pod-a.example.org")
        home.served[f"/.well-known/webfinger?resource=acct:{CAROL}"] = write_webfinger(document)
        home.served[f"/fetch/account_rename/{CAROL}"] = told
        with pytest.raises(NotFound, match="did not import it"):
            discover(pod.core.context, CAROL)
        with pod.core.context.work() as work:
            assert work.migrations.alias(CAROL) is None
