"""What the arguments of verbs mean."""

from collections.abc import Sequence
from typing import Final

PUBLIC: Final = "public"


def named(names: str | Sequence[str]) -> tuple[str, ...]:
    """One name, or several."""
    return (names,) if isinstance(names, str) else tuple(names)


def audience(to: str | Sequence[str]) -> tuple[str, ...] | None:
    """The aspects that a post is for; None means the public."""
    return None if to == PUBLIC else named(to)
