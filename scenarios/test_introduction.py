"""A pod follows moves before anybody can move to it: imports can be switched off.

So a federation can learn of moves first, and offer them when everybody has.

Clauses: INT-7.1a, INT-7.2, INT-7.4
"""

import pytest

from harness import Account, CanMigrate, Federation, Refused, disagreements

pytestmark = [
    pytest.mark.needs.with_args(CanMigrate),
    pytest.mark.pod_settings(pod2={"POD_IMPORTS": "false"}),
]

SWITCHED_OFF = "pod2.test takes in nobody from elsewhere: its podmin has switched imports off"


def test_nobody_moves_to_a_pod_whose_podmin_has_switched_imports_off(
    federation: Federation, carol: Account
) -> None:
    """Clauses: INT-7.1a, INT-7.4."""
    archive = carol.export_archive()
    before = federation.settle()
    with pytest.raises(Refused) as refused:
        federation["pod2"].begin_import(archive)
    assert (refused.value.status, refused.value.reason) == (403, SWITCHED_OFF)

    page = federation["pod2"].get("/users/import")
    assert (page.status, SWITCHED_OFF in page.body.decode()) == (403, True)
    assert b"<form" not in page.body
    assert federation.settle() == before

    # The podmin wants them after all; or it is the usual pod, where nobody had to do anything.
    federation["pod2"].configure({})
    federation["pod2"].import_archive(archive, "christy")
    moved = federation.settle()
    assert moved.known_as(carol)["pod2"] == "christy@pod2"


def test_a_pod_without_imports_follows_moves_all_the_same(
    federation: Federation, carol: Account
) -> None:
    """Clauses: INT-7.2."""
    christy = federation["pod3"].import_archive(carol.export_archive(), "christy")
    moved = federation.settle()
    assert not disagreements(moved, except_on=["pod4"])
    assert moved.known_as(carol)["pod2"] == "christy@pod3"
    assert christy.contacts().keys() >= {"alice@pod2"}
