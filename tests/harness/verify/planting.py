"""Plants single differences in snapshots."""

from harness.facts.identity import PodName
from harness.facts.snapshot import Row, Snapshots, Value, snapshot


def without(snapshots: Snapshots, pod: PodName, type_: str, key: str) -> Snapshots:
    """The same, but that a pod lacks a row."""
    return _with_rows(
        snapshots, pod, [row for row in snapshots[pod] if (row.type, row.key) != (type_, key)]
    )


def having(snapshots: Snapshots, pod: PodName, row: Row) -> Snapshots:
    """The same, but that a pod has this row, instead of one of that type and key if there is."""
    return _with_rows(
        snapshots,
        pod,
        [*(each for each in snapshots[pod] if (each.type, each.key) != (row.type, row.key)), row],
    )


def changed(snapshots: Snapshots, pod: PodName, row: Row, name: str, value: Value) -> Snapshots:
    """The same, but that one field of one row of a pod has another value."""
    return having(snapshots, pod, Row(row.type, row.key, {**row.fields, name: value}))


def other_than(value: Value) -> Value:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, tuple):
        return ("mallory@pod3.test",)
    return "dave@pod4.test" if value and "@" in value else "planted"


def _with_rows(snapshots: Snapshots, pod: PodName, rows: list[Row]) -> Snapshots:
    planted = snapshot(pod, snapshots[pod].host, rows)
    return Snapshots({**snapshots, pod: planted}, snapshots.origin)
