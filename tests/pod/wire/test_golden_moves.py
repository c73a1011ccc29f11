"""Both wire forms of an account migration, against the vectors."""

import pytest

from pod.domain.entities import (
    AccountMigration,
    AccountRename,
)
from pod.domain.identity import DiasporaId, Guid
from pod.wire.entities import decode
from pod.wire.errors import (
    BadSignature,
    MissingSignature,
    WireError,
)
from pod.wire.signatures import (
    migration_signing_string,
    rename_signing_string,
    sign_migration,
    sign_rename,
    verify_migration,
    verify_rename,
)
from tests.pod.wire.vectors import Vector, each, named, opened, owners

CAROL = DiasporaId("carol@pod-a.example.org")
CHRISTY = DiasporaId("christy@pod-b.example.org")


@each("account_migration")
def test_the_signed_string_of_a_migration_names_old_and_new(vector: Vector) -> None:
    assert migration_signing_string(CAROL, CHRISTY) == vector["migration_signing_string"]
    signer = owners()[vector["signature_signed_by"]]
    signature = sign_migration(CAROL, CHRISTY, signer.private_key)
    assert signature == vector["signature_base64"]


MIGRATIONS = {
    "variant_a_author_is_old_id": CHRISTY,
    "variant_a_without_old_identity": CHRISTY,
    "variant_b_author_is_new_id": CAROL,
}


@pytest.mark.parametrize("name", MIGRATIONS)
def test_a_migration_is_signed_by_the_identity_that_did_not_send_it(name: str) -> None:
    vector = named(name, "account_migration")
    entity = decode(opened(vector).payload)

    assert isinstance(entity, AccountMigration)
    assert (entity.old_id, entity.new_id, entity.signer) == (
        CAROL,
        CHRISTY,
        MIGRATIONS[name],
    )
    verify_migration(entity, owners()[entity.signer].public_key)
    with pytest.raises(BadSignature):
        verify_migration(entity, owners()[entity.author].public_key)


def rename_of(vector: Vector) -> AccountRename:
    entity = decode(opened(vector).payload)
    assert isinstance(entity, AccountRename)
    return entity


def test_an_extended_rename_is_signed_as_its_vector_says() -> None:
    vector = named("extended_form", "account_rename")
    entity, christy = rename_of(vector), owners()[CHRISTY]
    parts = (entity.old_id, entity.new_id, Guid(christy.guid), christy.public_key)

    verify_rename(entity)

    assert rename_signing_string(*parts) == vector["new_signature_string"]
    assert sign_rename(*parts, christy.private_key) == vector["new_signature_base64"]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("seed_form", MissingSignature),
        ("new_signature_by_old_key", BadSignature),
        ("new_signature_other_old_id", BadSignature),
    ],
)
def test_a_rename_without_proof_of_the_new_key_is_noticed(
    name: str, error: type[WireError]
) -> None:
    with pytest.raises(error):
        verify_rename(rename_of(named(name, "account_rename")))
