"""Mentions in texts, read by the harness' own eyes.

Source: federation protocol, section 1.5
"""

import re

_MENTION = re.compile(r"@\{(?:[^;{}]*; )?([a-z0-9._-]+@[a-z0-9.-]+(?::[0-9]+)?)\}")


def mentioned(text: str) -> tuple[str, ...]:
    """The diaspora IDs mentioned in a text, in order, each once."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))
