"""New GUIDs: random, or in test mode a function of the act that needs them."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pod.domain.identity import Guid


@dataclass(slots=True, kw_only=True)
class Act:
    """What a person does in one request, named by a seed text; and when, if that is given.

    `counts` says how many GUIDs of each kind the committed units of work of this act have taken,
    so that what was rolled back and done again gets the same ones.
    """

    seed: str | None = None
    at: datetime | None = None
    counts: Counter[str] = field(default_factory=Counter)


class RandomIds:
    """GUIDs nobody can foresee: 32 hex digits."""

    def guid(self, *about: str) -> Guid:  # noqa: ARG002 - the port's signature
        """A new GUID."""
        return Guid(secrets.token_hex(16))

    def keep(self) -> None:
        """Nothing to remember."""


class ActIds:
    """GUIDs of one unit of work in an act: a function of host, seed text, what, and the n-th."""

    def __init__(self, host: str, act: Act) -> None:
        self._host = host
        self._act = act
        self._counts = act.counts.copy()

    def guid(self, *about: str) -> Guid:
        """The GUID for what it is about."""
        what = "/".join(about)
        self._counts[what] += 1
        return _derived(self._host, f"act:{self._act.seed}", what, self._counts[what])

    def keep(self) -> None:
        """Count what was taken; called when the unit of work is committed."""
        self._act.counts = self._counts


class CountedIds:
    """GUIDs in test mode where nobody acts, as when a message is received: numbered by the pod."""

    def __init__(self, host: str, count: Callable[[], int]) -> None:
        self._host = host
        self._count = count

    def guid(self, *about: str) -> Guid:
        """The GUID for what it is about."""
        return _derived(self._host, "pod", "/".join(about), self._count())

    def keep(self) -> None:
        """The number is kept by the database."""


def _derived(*parts: object) -> Guid:
    text = "\n".join(str(part) for part in parts)
    return Guid(hashlib.sha256(text.encode()).hexdigest()[:32])
