"""Reads what the pods believe into snapshots."""

from functools import partial
from typing import Any

from harness.errors import AdapterBroken
from harness.facts.identity import PodName
from harness.facts.snapshot import Row, Snapshot, Snapshots, Value, snapshot
from harness.runtime import Runtime


def read_snapshots(runtime: Runtime) -> Snapshots:
    """Read the state of every running pod."""
    return Snapshots(runtime.ask_all(lambda pod: read_snapshot(pod, runtime)))


def read_snapshot(pod: PodName, runtime: Runtime) -> Snapshot:
    """Read the state of one pod.

    Raises:
        AdapterBroken: If the pod lists something twice, or not in the agreed form.
    """
    return runtime.control[pod].state_as(partial(arranged, pod))


def arranged(pod: PodName, state: dict[str, Any]) -> Snapshot:
    """Arrange what a pod answered: `{"host": …, "rows": [[type, key, fields], …]}`."""
    try:
        host = str(state["host"])
        rows = [Row(str(type_), str(key), _frozen(fields)) for type_, key, fields in state["rows"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AdapterBroken(f"the state of {pod} is not in the agreed form: {error!r}") from error
    twice = _first_repeated(rows)
    if twice is not None:
        raise AdapterBroken(f"the state of {pod} lists {twice.type} {twice.key} twice")
    return snapshot(pod, host, rows)


def _first_repeated(rows: list[Row]) -> Row | None:
    seen = set[tuple[str, str]]()
    for row in rows:
        if (row.type, row.key) in seen:
            return row
        seen.add((row.type, row.key))
    return None


def _frozen(fields: dict[str, Any]) -> dict[str, Value]:
    return {name: _value(value) for name, value in fields.items()}


def _value(value: Any) -> Value:  # noqa: ANN401 (the JSON edge)
    if isinstance(value, list):
        return tuple(tuple(item) if isinstance(item, list) else item for item in value)
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError(f"{value!r} is no text, number, truth value or list of these")
