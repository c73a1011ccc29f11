"""A full disk, known by what somebody says who needed room on it."""

from typing import Final, Literal

from harness.errors import DiskFull

Whose = Literal["the container engine's", "this machine's"]

_SIGN: Final = "no space left"
_NEXT_STEPS: Final[dict[Whose, str]] = {
    "the container engine's": "See what it keeps with `docker system df`, and free some space, for "
    "example with `docker image prune`",
    "this machine's": "Free some space, and run again",
}


def need_room(doing: str, said: object, whose: Whose = "the container engine's") -> None:
    """Raise `DiskFull` if what was said means that.

    Args:
        doing: What needed room, for the message.
        said: A complaint, by whomever.
        whose: The disk that is then full.
    """
    if _SIGN in str(said).lower():
        raise DiskFull(f"{doing}: {whose} disk is full", _NEXT_STEPS[whose])
