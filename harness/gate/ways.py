"""How long a message was under way, from its first sender to the last pod that was passed it on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.gate.wiretap import Exchange

Key = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Way:
    """One message and the pods that had it, one from the other."""

    what: str
    began: datetime
    ended: datetime
    pods: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """From the beginning of the first delivery to the end of the last."""
        return (self.ended - self.began).total_seconds()

    def __str__(self) -> str:
        return f"{self.what}: {' → '.join(self.pods)}"


def longest_way(exchanges: Iterable[Exchange]) -> Way | None:
    """The way that took longest; None if nothing was delivered.

    A delivery continues another if it is of the same message, made by the pod that had received
    it, and began when that one had ended.
    """
    ways: dict[Key, list[Way]] = {}
    for each in sorted(exchanges, key=_beginning):
        key = _key(each)
        if key is not None and each.verdict in ("passed", "released"):
            known = ways.setdefault(key, [])
            known.append(_continued(each, known))
    return max((way for known in ways.values() for way in known), key=_length, default=None)


def _key(each: Exchange) -> Key | None:
    """What makes two deliveries the same message; None if that cannot be told.

    Of messages without a GUID, such as an account migration, an author makes no two at a time.
    """
    if not each.is_delivery or each.entity is None:
        return None
    return each.entity, each.guid or each.target_guid or "", each.author


def _beginning(each: Exchange) -> datetime:
    return each.at - timedelta(milliseconds=each.duration_ms)


def _continued(each: Exchange, known: Iterable[Way]) -> Way:
    began, to = _beginning(each), each.recipient or each.host
    before = [way for way in known if way.pods[-1] == each.sender and way.ended <= began]
    if not before:
        return Way(f"{each.entity} of {each.author}", began, each.at, (each.sender, to))
    first = max(before, key=_length)
    return Way(first.what, first.began, each.at, (*first.pods, to))


def _length(way: Way) -> float:
    return way.seconds
