"""Whom a text mentions; one reading serves the acts of people and the check of what is stored."""

import pytest

from harness.verify.text import mentioned


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("nobody at all: carol@pod1.test", ()),
        ("hello @{carol@pod1.test}", ("carol@pod1.test",)),
        ("hello @{Carol C.; carol@pod1.test}", ("carol@pod1.test",)),
        ("@{carol@pod1.test} @{carol@pod1.test}", ("carol@pod1.test",)),
        ("no space after: @{Carol;carol@pod1.test}", ()),
        ("a space before the end: @{bob@pod3.test }", ()),
        ("@{no id}", ()),
    ],
)
def test_a_text_mentions_whom_it_names_by_id(text: str, people: tuple[str, ...]) -> None:
    assert mentioned(text) == people
