"""Errors of their own that pods met and did not handle.

A server goes on after a mistake of its program: the request or job is lost, and what was to follow
from it may be missed by nobody, least of all where nothing was to follow. So its log is read.
"""

import re
from pathlib import Path
from typing import Final

_BEGINS: Final = re.compile(
    rb"^(?:Traceback \(most recent call last\):|\S+ \S+ (?:ERROR|CRITICAL) .*)$", re.MULTILINE
)
_SHOWN: Final = 40
"""Lines of an error that are told."""


class Stumbled(AssertionError):
    """A pod met an error that its program did not foresee."""


def check_log(pod: str, log: Path, begins: int) -> None:
    """Look for an error in what a pod has logged.

    Args:
        pod: Its name.
        log: Its log.
        begins: Where what is looked at begins, in octets.

    Raises:
        Stumbled: If there is one; it says the first.
    """
    if not log.exists():
        return
    with log.open("rb") as file:
        file.seek(begins)
        said = file.read()
    found = _BEGINS.search(said)
    if found is None:
        return
    lines = said[found.start() :].decode("utf-8", errors="replace").splitlines()
    told = "\n".join(f"  | {line}" for line in lines[:_SHOWN])
    raise Stumbled(f"{pod} met an error that it did not handle; its log says:\n{told}")
