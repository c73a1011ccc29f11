"""What a scenario found and what it expected, in plain words, where pytest would show objects."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from harness.facts.snapshot import Snapshots

SHOWN: Final = 12
"""Differences that are shown."""

_WIDEST: Final = 200
_CONTENT: Final = ("text", "subject", "bio")
_NOISE: Final = re.compile(r"^\s*(\+  (and   )?( *)where .* at 0x|Use -v|\.\.\.Full output)")
_SILENT: Final = re.compile(r"DID NOT RAISE (?:<class '(?:\w+\.)*)?(\w+)(?:'>)?")
_FINDINGS: Final = re.compile(r"^assert not <(\d+) findings>.*", re.DOTALL)


def contrast(found: object, expected: object) -> list[str] | None:
    """How two values that were to be equal differ; None if pytest tells it well enough."""
    if isinstance(found, Snapshots) and isinstance(expected, Snapshots):
        lines = list(_changed_rows(found, expected))
        return [f"the pods believe something else ({len(lines)} differences)", *_first(lines)]
    if isinstance(found, Mapping) and isinstance(expected, Mapping):
        return ["not as expected", *_first(list(_members(found, expected)))]
    if isinstance(found, tuple | list | set | frozenset):
        return ["not as expected", f"found {_short(found)}, expected {_short(expected)}"]
    return None


def plainly(text: str) -> str:
    """An assertion's text without what only helps those who debug the scenario."""
    counted = _FINDINGS.match(text)
    if counted:
        return f"the pods disagree: {counted[1]} finding{'s' * (counted[1] != '1')}"
    silent = _SILENT.fullmatch(text)
    if silent:
        return f"{silent[1]} was expected, and did not come"
    lines = [line.rstrip() for line in text.splitlines() if not _NOISE.match(line)]
    return "\n".join(line for line in lines if line).removeprefix("assert ")


def _members(found: Mapping[Any, Any], expected: Mapping[Any, Any]) -> Iterator[str]:
    for key in [*expected, *(key for key in found if key not in expected)]:
        left, right = found.get(key, _NOTHING), expected.get(key, _NOTHING)
        if left != right:
            yield f"{key}: found {_short(left)}, expected {_short(right)}"


def _changed_rows(found: Snapshots, expected: Snapshots) -> Iterator[str]:
    for pod in sorted({*found, *expected}):
        rows = [_rows(each, pod) for each in (found, expected)]
        for type_, key in sorted(rows[0].keys() | rows[1].keys()):
            left, right = (each.get((type_, key)) for each in rows)
            if left is None or right is None:
                yield f"{pod}: {type_} {key}: {'missing' if left is None else 'was not there'}"
            elif left != right:
                yield f"{pod}: {type_} {key}: {_fields(left, right)}"


def _rows(snapshots: Snapshots, pod: Any) -> dict[tuple[str, str], Mapping[str, object]]:  # noqa: ANN401 (a name)
    return {(row.type, row.key): row.fields for row in snapshots[pod]} if pod in snapshots else {}


def _fields(left: Mapping[str, object], right: Mapping[str, object]) -> str:
    return "; ".join(
        f"another {name}"
        if name in _CONTENT
        else f"{name}: found {_short(left.get(name))}, expected {_short(right.get(name))}"
        for name in sorted({*left, *right})
        if left.get(name) != right.get(name)
    )


def _first(lines: list[str]) -> list[str]:
    more = [f"… and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return lines[:SHOWN] + more


def _short(value: object) -> str:
    text = str(value) if isinstance(value, str | _Nothing) else repr(value)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


class _Nothing:
    def __str__(self) -> str:
        return "nothing"


_NOTHING: Final = _Nothing()
