"""What the arguments of verbs mean."""

import re
from collections.abc import Sequence
from typing import Final

PUBLIC: Final = "public"

_MENTION = re.compile(r"@\{(?:[^;{}]*;)?\s*([^;{}\s]+@[^;{}\s]+)\s*\}")


def mentioned(text: str) -> list[str]:
    """The diaspora IDs in mentions: `@{Carol; carol@pod1.test}` or `@{carol@pod1.test}`."""
    return list(dict.fromkeys(_MENTION.findall(text)))


def named(names: str | Sequence[str]) -> tuple[str, ...]:
    """One name, or several."""
    return (names,) if isinstance(names, str) else tuple(names)


def audience(to: str | Sequence[str]) -> tuple[str, ...] | None:
    """The aspects that a post is for; None means the public."""
    return None if to == PUBLIC else named(to)
