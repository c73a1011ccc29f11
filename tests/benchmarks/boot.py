"""Four pods: until each answers, and until nothing of them is left.

Floors: `joined`, four databases copied; `processes`, one bare interpreter that forks four idle
processes; `containers`, four networks and five idle containers from the same image.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from harness.settings import HarnessSettings
from tests.benchmarks import floors
from tests.benchmarks.federations import Name, asked, stopped, town
from tests.benchmarks.measuring import Figure, conclude, figure, seconds

ROUNDS: Final = 5

Pair = tuple[float, float]
"""Seconds until all is up, and until all is gone."""

_BOOT_SECONDS: Final[dict[Name, float | None]] = {
    "joined": None,
    "processes": 1.5,
    "containers": None,
}


def life(name: Name) -> Pair:
    """Boot and stop a federation."""
    with stopped(name) as runtime:
        return seconds(runtime.start), seconds(runtime.stop)


def measured(name: Name, rounds: int) -> Iterable[Figure]:
    """Boot and teardown of a federation, beside their floors."""
    life(name)  # builds images, fills caches
    floor = _floor(name)
    pairs = [(life(name), floor()) for _ in range(rounds)]
    ours, bare = zip(*pairs, strict=True)
    is_bounded = name == "containers"
    return (
        figure(
            f"boot, {name}",
            [up for up, _ in ours],
            [up for up, _ in bare],
            goal=_BOOT_SECONDS[name],
            goal_ratio=2.5 if is_bounded else None,
        ),
        figure(
            f"teardown, {name}",
            [down for _, down in ours],
            [down for _, down in bare],
            goal_ratio=1.3 if is_bounded else None,
        ),
    )


def _floor(name: Name) -> Callable[[], Pair]:
    if name == "processes":
        return floors.forks
    if name == "containers":
        return _containers()
    with town("joined") as there:
        databases = tuple(there.saved.databases.values())
    return lambda: floors.copies(databases)


def _containers() -> Callable[[], Pair]:
    from harness.runtime.containers.engine import find_engine
    from harness.runtime.containers.images import images
    from harness.runtime.containers.places import wheel_cache

    settings = HarnessSettings.read({})
    client = find_engine().connect()
    image = images(client, wheel_cache(settings), lambda _: None, settings.base_image).pod
    return lambda: floors.containers(client, image)


def main() -> None:
    """Measure what was asked for."""
    wanted = asked(__doc__, ROUNDS)
    found = [each for name in wanted.federations for each in measured(name, wanted.rounds)]
    conclude("boot", found)


if __name__ == "__main__":
    main()
