"""Removes what runs have made in the container engine: a run's own things, and dead runs' ones."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from harness.runtime.containers.labels import OWNER, RUN, is_dead
from harness.runtime.ready import wait_until

if TYPE_CHECKING:
    from docker import DockerClient

_AT_ONCE: Final = 16
PATIENCE: Final = timedelta(seconds=30)
_INTERVAL: Final = timedelta(milliseconds=50)

_GONE: Final = 404
# Another run is removing it just now, or has not yet removed what is on it.
_BUSY: Final = (403, 409)

Remove = Callable[[str], object]


def sweep(client: "DockerClient") -> None:
    """Remove what runs have left whose process has ended."""
    _remove(client, OWNER, lambda thing: is_dead(thing[OWNER]))


def remove_run(client: "DockerClient", run: str) -> None:
    """Remove all that a run has made."""
    _remove(client, f"{RUN}={run}", lambda _: True)


def _remove(client: "DockerClient", label: str, is_meant: Callable[[dict[str, str]], bool]) -> None:
    api, filters = client.api, {"label": label}

    def remove_container(id_: str) -> None:
        api.remove_container(id_, force=True, v=True)

    found = api.containers(all=True, filters=filters)
    # First what takes longest: whoever is on many networks has to leave each.
    found.sort(key=_count_of_networks, reverse=True)
    containers = _ids(found, "Id", is_meant)
    networks = _ids(api.networks(filters=filters), "Id", is_meant)
    # A network can be removed as soon as nobody is on it, while other containers still end.
    _each(
        [(remove_container, id_) for id_ in containers]
        + [(api.remove_network, id_) for id_ in networks]
    )
    volumes = api.volumes(filters=filters)["Volumes"] or ()
    _each([(api.remove_volume, id_) for id_ in _ids(volumes, "Name", is_meant)])


def _count_of_networks(container: dict[str, Any]) -> int:
    return len((container.get("NetworkSettings") or {}).get("Networks") or ())


def _ids(things: Iterable[Any], key: str, is_meant: Callable[[dict[str, str]], bool]) -> list[str]:
    return [str(thing[key]) for thing in things if is_meant(thing.get("Labels") or {})]


def _each(removals: list[tuple[Remove, str]]) -> None:
    if not removals:
        return
    with ThreadPoolExecutor(_AT_ONCE, "sweeper") as threads:
        list(threads.map(lambda each: _until_gone(*each), removals))


def _until_gone(remove: Remove, id_: str) -> None:
    """Remove a thing, or wait until another run that sweeps it, too, has done so."""
    from docker.errors import APIError

    objections: list[APIError] = []

    def is_gone() -> bool:
        try:
            remove(id_)
        except APIError as error:
            if error.status_code not in (_GONE, *_BUSY):
                raise
            objections.append(error)
            return error.status_code == _GONE
        return True

    if not wait_until(is_gone, timeout=PATIENCE, interval=_INTERVAL):
        raise objections[-1]
