"""Messages that are well-formed and well signed, and must be refused all the same.

The vectors were judged by other implementations, too; see fixtures/wire/SOURCE.md.
"""

from pathlib import Path
from typing import Any

import pytest

from pod.domain.errors import DomainError, InvalidSender, Later, Refused
from tests.pod.acquainted import COMMENT, apply, on_the_post, pod_of
from tests.pod.wire.vectors import Vector, load, named


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("comment_author_sends_to_non_owner", InvalidSender),
        ("comment_third_party_to_owner", InvalidSender),
        ("comment_author_signature_wrong_key", Refused),
        ("comment_order_changed_after_signing", Refused),
        ("retraction_comment_by_third_party", InvalidSender),
        ("retraction_unknown_target", Later),
        ("participation_for_foreign_parent", Refused),
    ],
)
def test_a_message_that_breaks_the_sender_rule_changes_nothing(
    name: str, error: type[DomainError], tmp_path: Path
) -> None:
    with pod_of(named(name), tmp_path) as core:
        with pytest.raises(error):
            apply(core, named(name))
        assert on_the_post(core) == {COMMENT}


@pytest.mark.parametrize(
    "vector",
    [
        pytest.param(vector, id=vector["name"])
        for vector in load("relayables")
        if "event" not in vector["name"]
    ],
)
def test_a_relayable_that_keeps_the_sender_rule_is_stored(vector: Vector, tmp_path: Path) -> None:
    with pod_of(vector, tmp_path) as core:
        entity: Any = apply(core, vector)
        assert on_the_post(core) == {COMMENT, entity.guid}
        with core.context.work() as work:
            kind = {"Comment": "comment", "Like": "like"}.get(
                type(entity).__name__, "poll_participation"
            )
            kept = work.interactions.signed(kind, entity.guid)  # type: ignore[arg-type]
        # What the root author says on the own post needs no signature, and has none here.
        if entity.author == "alice@pod-a.example.org":
            assert kept is None
        else:
            assert kept is not None
            assert (kept[0].signed, kept[0].author_signature) == (
                entity.signed,
                entity.author_signature,
            )


def test_a_retraction_by_the_root_author_is_obeyed(tmp_path: Path) -> None:
    vector = named("retraction_comment_relayed_by_root_author", "entities")
    with pod_of(vector, tmp_path) as core:
        retraction: Any = apply(core, vector)
        assert on_the_post(core) == {COMMENT} - {retraction.target_guid}
