"""docs/security.md lists every attack that scenarios try, as they are."""

from tests.attack_list import TRIED, attacks, table, written


def test_the_list_of_attacks_is_that_of_the_scenarios() -> None:
    assert written().strip() == table().strip(), "run python -m tests.attack_list"


def test_every_row_of_the_checklist_is_tried_by_a_scenario() -> None:
    cited = {row for attack in attacks() for row in attack.rows}
    assert (sorted(TRIED.keys() - cited), sorted(cited - TRIED.keys())) == ([], [])
