"""The interop matrix, told by the tests: what either side understands of the other, and what not.

`python -m tests.interop.matrix` writes it into docs/interop.md. What is expected to fail has to
fail, so a run of these tests that ends well has proved every row.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.interop.environment import LOCK, ROOT

PAGE: Final = ROOT / "docs" / "interop.md"
BEGIN: Final = "<!-- written by `python -m tests.interop.matrix` -->\n\n"
DIRECTIONS: Final = {"foreign_to_ours": "library → pod", "ours_to_foreign": "pod → library"}


@dataclass(frozen=True, slots=True)
class Row:
    """What one test says.

    Attributes:
        direction: Who speaks, and who should understand.
        what: The test's sentence.
        deviation: What the library does otherwise; empty if it is understood.
    """

    direction: str
    what: str
    deviation: str


def rows() -> list[Row]:
    """Every test of this folder, what is understood first."""
    found = [row for path in Path(__file__).parent.glob("test_*.py") for row in _rows(path.stem)]
    return sorted(found, key=lambda row: (row.direction, bool(row.deviation), row.what))


def _rows(module: str) -> Iterator[Row]:
    direction = direction_of(module)
    if direction is None:
        return
    for name, test in vars(importlib.import_module(f"tests.interop.{module}")).items():
        if name.startswith("test_"):
            reasons = [
                mark.kwargs["reason"]
                for mark in getattr(test, "pytestmark", ())
                if mark.name == "xfail"
            ]
            yield Row(direction, sentence(name), "".join(reasons))


def direction_of(module: str) -> str | None:
    """Who speaks in a module of tests; None if it is not about an exchange."""
    return DIRECTIONS.get(module.removeprefix("test_").removesuffix("_deviations"))


def sentence(name: str) -> str:
    """A test's name, to be read."""
    return name.removeprefix("test_").replace("_", " ")


def library() -> str:
    """The library and its version, from the lock."""
    return next(
        line.split()[0] for line in LOCK.read_text().splitlines() if line.startswith("federation==")
    )


def table() -> str:
    """The matrix as Markdown."""
    lines = [
        f"| {row.direction} | {row.what} | {'**no**' if row.deviation else 'yes'} "
        f"| {_shown(row.deviation)} |"
        for row in rows()
    ]
    heads = f"| {library()} | what | understood | why not, by the protocol's paragraph |"
    return "\n".join((heads, "|---" * 4 + "|", *lines)) + "\n"


def _shown(deviation: str) -> str:
    return deviation.removeprefix("federation protocol ").replace("<", "&lt;")


def main() -> None:
    """Write the matrix into its page."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(text.partition(BEGIN)[0] + BEGIN + table(), encoding="utf-8")


if __name__ == "__main__":
    main()
