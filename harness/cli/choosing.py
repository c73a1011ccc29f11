"""Which scenarios a name means."""

import difflib
import re
from pathlib import Path

import scenarios
from harness.errors import UsageError

ALL = "all"
HEADLINE = "test_account_migration.py"

_FUNCTION = re.compile(r"^def (test_\w+)\(", re.MULTILINE)


def scenario_folder() -> Path:
    """Where the scenarios lie."""
    return Path(next(iter(scenarios.__path__)))


def available(folder: Path) -> dict[str, list[str]]:
    """The scenarios of each file, in order."""
    return {
        path.name: _FUNCTION.findall(path.read_text("utf-8"))
        for path in sorted(folder.glob("test_*.py"))
    }


def chosen(names: tuple[str, ...], folder: Path) -> list[str]:
    """The pytest node ids that the names mean; no name means the headline, `all` everything.

    A name is a file, with or without `test_` and `.py`, or a part of either's name.

    Raises:
        UsageError: If a name means no scenario.
    """
    if ALL in names:
        return [str(folder)]
    if not names:
        return [str(folder / HEADLINE)]
    found = available(folder)
    return list(dict.fromkeys(node for name in names for node in _matching(name, found, folder)))


def _matching(name: str, found: dict[str, list[str]], folder: Path) -> list[str]:
    plain = name.partition("[")[0].strip().lower().replace(" ", "_").replace("-", "_")
    stem = Path(plain).name.removesuffix(".py").removeprefix("test_")
    file, is_one, function = plain.partition("::")
    if f"test_{stem}.py" in found:
        return [str(folder / f"test_{stem}.py")]
    nodes = [str(folder / path) for path in found if not is_one and stem in path]
    nodes += [
        f"{folder / path}::{each}"
        for path, functions in found.items()
        for each in functions
        if (function in each and Path(file).name == path if is_one else stem in each)
    ]
    if not nodes:
        raise UsageError(f"no scenario is called {name!r}", _advice(plain, found))
    return nodes


def _advice(name: str, found: dict[str, list[str]]) -> str:
    stems = [path.removeprefix("test_").removesuffix(".py") for path in found]
    functions = [each.removeprefix("test_") for functions in found.values() for each in functions]
    near = difflib.get_close_matches(name, [*stems, *functions], n=3, cutoff=0.5)
    if near:
        return "Did you mean " + " or ".join(near)
    return "There are " + ", ".join(stems) + "; a part of a scenario's name will do, too"
