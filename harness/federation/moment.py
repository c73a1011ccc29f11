"""A moment of a federation, as far as the harness itself must know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from harness.facts.journal import Act


@dataclass(frozen=True, slots=True)
class Moment:
    """What has to be known, besides the pods' databases, to go on from there.

    Attributes:
        clock: When it is.
        counts: How many acts each person has done.
        acts: Everything that was done.
    """

    clock: datetime
    counts: Mapping[str, int]
    acts: tuple[Act, ...]
