"""What the arguments of verbs mean."""

import pytest

from harness.federation.texts import audience


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
