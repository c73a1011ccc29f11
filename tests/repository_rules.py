"""Rules that hold for every file of the repository, as pure functions: text in, complaints out."""

import ast
import re
from collections.abc import Iterator

FUNCTION_TYPES = (ast.FunctionDef, ast.AsyncFunctionDef)

MODULE_LINES = 300
FUNCTION_LINES = 40
SCENARIO_LINES = 60
VAGUE_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "base", "manager"})

# Spelled in pieces, or this file would break its own rule.
FOREIGN_PLACES = {
    "a path of one machine": r"(?<![\w.])/(?:work|root|Users)/|/opt/"
    r"wheels",
    "a folder beside the repository": r"\.\./" + "shared",
    "a package registry's host": r"(?i)\b(?:"
    + "|".join(
        (
            "pypi" + r"\.org",
            "python" + "hosted",
            "crates" + r"\.io",
            "npmjs" + r"\.",
            "deb" + r"\.debian",
        )
    )
    + ")",
    "a text that readers do not have": r"\b(?:DESIGN|STYLE)(?:\.md| §)|\breference/\w+\.md",
}


def foreign_places(text: str) -> list[str]:
    """Name what only exists outside the repository: machine paths, registries, other texts."""
    return [
        f"line {number} names {what}: {line.strip()[:80]}"
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in FOREIGN_PLACES.items()
        if re.search(pattern, line)
    ]


def oversized(text: str, *, function_lines: int = FUNCTION_LINES) -> list[str]:
    """Name a module and the functions that are too long to be read at once."""
    count = len(text.splitlines())
    complaints = [f"has {count} lines, {MODULE_LINES} at most"] if count > MODULE_LINES else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, FUNCTION_TYPES):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > function_lines:
                complaints.append(f"{node.name}() has {lines} lines, {function_lines} at most")
    return complaints


def sleeps(text: str) -> list[str]:
    """Name every place that waits for time instead of for a condition."""
    return [f"line {line} sleeps" for line in sorted(_sleep_lines(ast.parse(text)))]


def _sleep_lines(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="time" | "asyncio"), attr="sleep"):
                yield node.lineno
            case ast.ImportFrom(module="time" | "asyncio", names=names):
                if any(name.name == "sleep" for name in names):
                    yield node.lineno


def undocumented(text: str) -> list[str]:
    """Say whether a module lacks its docstring; an empty file needs none."""
    tree = ast.parse(text)
    return ["has no docstring"] if tree.body and ast.get_docstring(tree) is None else []


def vaguely_named(name: str) -> list[str]:
    """Say whether a module's name tells nothing about what it holds."""
    return [f"is called {name}: name it after what it holds"] if name in VAGUE_NAMES else []


def unreadable_tests(text: str) -> list[str]:
    """Name tests whose names do not say who does what."""
    return [
        f"{node.name}() is no sentence"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, FUNCTION_TYPES)
        and node.name.startswith("test_")
        and len(node.name.split("_")) < 4
    ]
