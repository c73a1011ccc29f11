"""The lock pins all that pyproject asks for, with hashes, and says nothing about its source."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^ ;\\]+)(?P<rest>(?:.*\\\n)*.*)", re.MULTILINE)


def asked_for() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] + project["optional-dependencies"]["dev"]
    return [Requirement(line) for line in lines]


def pins() -> dict[str, re.Match[str]]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return {canonicalize_name(match["name"]): match for match in PIN.finditer(text)}


def test_the_lock_pins_everything_that_is_asked_for_in_the_range_asked_for() -> None:
    pinned = pins()
    unfit = [
        str(wanted)
        for wanted in asked_for()
        if not (pin := pinned.get(canonicalize_name(wanted.name)))
        or not wanted.specifier.contains(pin["version"], prereleases=True)
    ]
    assert unfit == []


def test_every_pin_has_a_hash() -> None:
    assert [name for name, pin in pins().items() if "--hash=sha256:" not in pin["rest"]] == []


def test_the_lock_says_nothing_about_where_packages_come_from() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    known = re.compile(r"[\w.-]+==|    --hash=sha256:[0-9a-f]{64}( \\)?$|    #( |$)")
    assert [line for line in lines if not known.match(line)] == []
    assert [line for line in lines if "://" in line] == []
