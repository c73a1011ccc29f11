"""The register of clauses, read from `docs/clauses.toml` and checked.

The file lies among the documents, where people look for it; a link beside this module takes it
into the wheel.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from importlib.resources import files
from typing import Final

from harness.errors import UsageError
from harness.facts.clause import GROUPS, LEVELS, SECTIONS, Clause, Register

TABLES: Final = {"clause": LEVELS, "decision": ("decision",), "scenario": ("scenario",)}
"""Each table of the file, and the levels that its entries may have."""

_ID: Final = re.compile(r"[A-Z]{3}-(\d)\.\d+[a-z]?")
_ROW: Final = re.compile(rf"({'|'.join(GROUPS)})-\d\d")
_TESTING: Final = 8
_ABSENT: Final[Mapping[str, list[object]]] = {"scenario": []}
"""What may be left out."""
_TEST: Final = re.compile(r"(scenarios|tests)/[\w/]+\.py::test_\w+")
_KEYS: Final = tuple(field.name for field in fields(Clause))


def register() -> Register:
    """The register that belongs to this version.

    Raises:
        UsageError: If it cannot be read.
    """
    try:
        text = files("harness.report").joinpath("clauses.toml").read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(
            str(error), "Check the repository out, or install the package, again"
        ) from error
    return parse(text)


def parse(text: str) -> Register:
    """Read a register.

    Raises:
        UsageError: If the text is no TOML, an entry has an unknown key, a missing or ill-formed
            value, or the ID of another.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(f"no TOML: {error}", "Repair the line it names") from error
    if unknown := sorted(document.keys() - TABLES.keys()):
        raise _wrong(f"unknown table {unknown[0]!r}", f"There are {', '.join(TABLES)}")
    found = {name: _clauses(document.get(name, _ABSENT.get(name)), name) for name in TABLES}
    made = Register(found["clause"], found["decision"], found["scenario"])
    counts = Counter(clause.id for clause in made)
    if twice := [id_ for id_, number in counts.items() if number > 1]:
        raise _wrong(f"{twice[0]} is there twice", "Give each entry an ID of its own")
    return made


def _wrong(what: str, next_step: str) -> UsageError:
    return UsageError(f"docs/clauses.toml: {what}", next_step)


def _clauses(entries: object, table: str) -> tuple[Clause, ...]:
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise _wrong(f"no list of [[{table}]]", f"Begin each entry with [[{table}]]")
    return tuple(_clause(entry, table) for entry in entries)


def _clause(entry: Mapping[str, object], table: str) -> Clause:
    name = _name(entry)
    if unknown := sorted(entry.keys() - set(_KEYS)):
        raise _wrong(f"{name}: unknown key {unknown[0]!r}", f"There are {', '.join(_KEYS)}")
    if table == "scenario":  # whose section and level go without saying
        entry = dict(entry) | {"section": _TESTING, "level": "scenario"}
    level = _text(entry, "level")
    if level not in TABLES[table]:
        raise _wrong(f"{name}: level {level!r}", f"Choose {' or '.join(TABLES[table])}")
    id_, section = _row(entry) if table == "scenario" else _identity(entry)
    tests = _names(entry, "tested_by")
    if broken := [test for test in tests if _TEST.fullmatch(test) is None]:
        raise _wrong(f"{name}: {broken[0]!r} is no test", "Write scenarios/test_x.py::test_y")
    return Clause(
        id=id_,
        section=section,
        level=next(each for each in TABLES[table] if each == level),
        paraphrase=_text(entry, "paraphrase"),
        tested_by=tests,
        checks=_names(entry, "checks"),
        waits_for=_text(entry, "waits_for") if "waits_for" in entry else "",
    )


def _name(entry: Mapping[str, object]) -> object:
    return entry.get("id", "an entry without id")


def _identity(entry: Mapping[str, object]) -> tuple[str, int]:
    id_, section = _text(entry, "id"), entry.get("section")
    found = _ID.fullmatch(id_)
    if found is None:
        raise _wrong(f"{id_!r} is no ID of a clause", "Write it like OLD-4.3 or OLD-4.3a")
    if section not in SECTIONS or int(found[1]) != section:
        raise _wrong(f"{id_}: section {section!r}", f"Write section = {found[1]}, from 2 to 8")
    return id_, int(found[1])


def _row(entry: Mapping[str, object]) -> tuple[str, int]:
    id_ = _text(entry, "id")
    if _ROW.fullmatch(id_) is None:
        raise _wrong(f"{id_!r} is no ID of a scenario", f"Begin with {', '.join(GROUPS)}: GEN-07")
    return id_, _TESTING


def _text(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _wrong(f"{_name(entry)}: {key} is no text", f'Write {key} = "…"')
    return value


def _names(entry: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _wrong(f"{_name(entry)}: {key} is no list of texts", f'Write {key} = ["…"]')
    if len(set(value)) < len(value):
        raise _wrong(f"{_name(entry)}: {key} names something twice", "Name it once")
    return tuple(value)
