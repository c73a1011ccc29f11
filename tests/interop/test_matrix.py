"""The page with the interop matrix says what the tests say."""

from tests.interop import matrix


def test_the_page_has_the_matrix_that_the_tests_tell() -> None:
    """`python -m tests.interop.matrix` writes it anew."""
    assert matrix.PAGE.read_text(encoding="utf-8").partition(matrix.BEGIN)[2] == matrix.table()


def test_the_matrix_has_both_directions_and_both_outcomes() -> None:
    found = {(row.direction, bool(row.deviation)) for row in matrix.rows()}
    expected = {(way, no) for way in matrix.DIRECTIONS.values() for no in (True, False)}
    assert found == expected
