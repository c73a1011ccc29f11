"""One line for each event on standard error, as `event=received entity=comment guid=…`."""

from __future__ import annotations

import logging
import sys

_MAX_CHARACTERS = 500


def one_line(value: object) -> str:
    """A value that another pod may have influenced, without control characters and not too long."""
    text = str(value)[:_MAX_CHARACTERS]
    return "".join(character if character.isprintable() else " " for character in text)


def start_logging() -> None:
    """Write events to standard error."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        force=True,
    )
    # The client's own lines would name every address a second time.
    logging.getLogger("httpx").setLevel(logging.WARNING)
