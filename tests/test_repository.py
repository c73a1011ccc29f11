"""What holds for every file of the repository; each rule is also shown to find a planted breach."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.repository_rules import (
    SCENARIO_LINES,
    foreign_places,
    oversized,
    sleeps,
    undocumented,
    unreadable_tests,
    vaguely_named,
)

ROOT = Path(__file__).parents[1]
FOLDERS = ("harness", "scenarios", "pod_image", "fixtures", "tests", "docs", ".ci")
TEXT = {".py", ".md", ".toml", ".lock", ".ini", ".mako", ".yml", ".yaml", ".json", ".html", ""}


def files() -> Iterator[Path]:
    """Every file that belongs to the repository, wherever it may lie."""
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.name != ".coverage")
    for folder in FOLDERS:
        found = (path for path in (ROOT / folder).rglob("*") if path.is_file())
        yield from (path for path in found if "__pycache__" not in path.parts)


def modules() -> Iterator[Path]:
    return (path for path in files() if path.suffix == ".py")


def breaches(paths: Iterator[Path], rule: Callable[[str], list[str]]) -> list[str]:
    found = []
    for path in paths:
        try:
            complaints = rule(path.read_text(encoding="utf-8"))
        except SyntaxError as error:
            complaints = [f"is no Python that this Python understands: line {error.lineno}"]
        found += [f"{path.relative_to(ROOT)} {complaint}" for complaint in complaints]
    return found


def test_no_file_names_a_place_outside_the_repository() -> None:
    assert breaches((path for path in files() if path.suffix in TEXT), foreign_places) == []


def test_no_module_or_function_is_too_long_to_be_read_at_once() -> None:
    others = (path for path in modules() if ROOT / "scenarios" not in path.parents)
    assert breaches(others, oversized) == []


def test_no_scenario_is_too_long_to_be_read_at_once() -> None:
    scenarios = (path for path in modules() if ROOT / "scenarios" in path.parents)
    assert breaches(scenarios, partial(oversized, function_lines=SCENARIO_LINES)) == []


def test_nothing_sleeps_to_wait() -> None:
    assert breaches(modules(), sleeps) == []


def test_every_module_says_what_it_is_for() -> None:
    assert breaches(modules(), undocumented) == []


def test_no_module_has_a_name_that_tells_nothing() -> None:
    named = [found for path in modules() for found in vaguely_named(path.stem)]
    assert named == []


def test_every_test_is_a_sentence() -> None:
    tests = (path for path in modules() if path.name.startswith("test_"))
    assert breaches(tests, unreadable_tests) == []


@pytest.mark.parametrize(
    "line",
    [
        "see /" + "work/main/notes",
        "export HOME=/" + "root/",
        "as ../" + "shared says",
        "https://files.python" + "hosted.example/x.whl",
        "index-url = https://pypi" + ".org/simple",
        "decided in DESIGN" + " §4",
        "see reference/" + "protocol.md",
    ],
)
def test_the_rule_on_places_finds_a_planted_one(line: str) -> None:
    assert [found.split(" names ")[0] for found in foreign_places(f"first\n{line}\n")] == ["line 2"]


def test_the_rule_on_places_lets_own_words_pass() -> None:
    assert foreign_places("The reference pod serves /people/root/ in the framework.\n") == []


def test_the_rule_on_size_finds_a_long_module_and_a_long_function() -> None:
    function = "def long() -> None:\n" + "    x = 1\n" * 40
    assert oversized(function) == ["long() has 41 lines, 40 at most"]
    assert oversized(function, function_lines=60) == []
    assert oversized("x = 1\n" * 301) == ["has 301 lines, 300 at most"]


@pytest.mark.parametrize(
    "line",
    ["time.sleep(1)", "await asyncio.sleep(0)", "from time import sleep", "wait = time.sleep"],
)
def test_the_rule_on_sleeping_finds_each_way_to_sleep(line: str) -> None:
    text = f"import time\nasync def f() -> None:\n    {line}\n"
    assert sleeps(text) == ["line 3 sleeps"]


def test_the_rule_on_docstrings_finds_a_bare_module() -> None:
    assert undocumented("import os\n") == ["has no docstring"]
    assert undocumented("") == []
    assert undocumented('"""Something."""\n') == []


def test_the_rules_on_names_find_vague_ones() -> None:
    assert vaguely_named("helpers") == ["is called helpers: name it after what it holds"]
    assert vaguely_named("audience") == []
    assert unreadable_tests("def test_import() -> None: ...\n") == ["test_import() is no sentence"]
