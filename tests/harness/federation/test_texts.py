"""What the arguments of verbs mean."""

import pytest

from harness.federation.texts import audience, mentioned


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("nobody at all: carol@pod1.test", []),
        ("hello @{carol@pod1.test}", ["carol@pod1.test"]),
        ("hello @{Carol C.; carol@pod1.test} and @{ bob@pod3.test }",
         ["carol@pod1.test", "bob@pod3.test"]),
        ("@{carol@pod1.test} @{carol@pod1.test}", ["carol@pod1.test"]),
        ("@{no id}", []),
    ],
)  # fmt: skip
def test_a_text_mentions_whom_it_names_by_id(text: str, people: list[str]) -> None:
    assert mentioned(text) == people


@pytest.mark.parametrize(
    ("to", "aspects"),
    [
        ("public", None),
        ("friends", ("friends",)),
        (["friends", "work"], ("friends", "work")),
        (["public"], ("public",)),  # an aspect may be called so
    ],
)
def test_a_post_is_for_the_public_or_for_aspects(
    to: str | list[str], aspects: tuple[str, ...] | None
) -> None:
    assert audience(to) == aspects
