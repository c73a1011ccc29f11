"""The list of attacks in docs/security.md, made from what the scenarios cite.

`python -m tests.attack_list` writes it anew.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
DOCUMENT: Final = ROOT / "docs/security.md"
BEGIN, END = "<!-- attacks: written by tests.attack_list -->\n", "<!-- /attacks -->"

TRIED: Final = {
    1: "a document with a DTD, entities or an entity bomb",
    2: "an entity that names a file or an address",
    3: "XML that is not well-formed",
    4: "comments and sections inside of values, elements that occur twice",
    5: "messages and answers that are too large, too deep or too many",
    6: "answers that are compressed, endless, slow, or never come",
    7: "what was said before, said again",
    8: "a private message passed on to somebody else",
    9: "words of one person in a message of another",
    10: "a message in the name of somebody whose key one lacks",
    11: "another key, or a bad one, for a person",
    12: "other algorithms than the only one",
    13: "words of somebody else without a signature of theirs",
    14: "words passed on by whom it is not for",
    15: "a GUID that something else, or somebody else, has",
    16: "something else than what was asked for",
    17: "documents about somebody else than was asked for",
    18: "addresses that are no pod's",
    19: "redirects: many, in circles, away from https, of deliveries",
    20: "one message that makes a pod ask for many things",
    21: "limited things at the public door",
    22: "words about a limited post at the public door",
    23: "ciphertext that tells by its answer how it failed",
    24: "ciphertext that was changed",
    25: "scripts in texts, names and addresses",
    26: "taking back what is not one's own",
    27: "words of accounts that are closed or have moved",
    28: "moves of others, second moves, circles of moves",
    29: "names that look like another",
    30: "lines written into a log, secrets read from it",
}
"""What is tried, by the row of the federation protocol's section 9."""

_ROWS: Final = re.compile(r"protocol 9 rows? (\d+(?:, (?:row )?\d+)*)")
_UNCHANGED, _TOLD = ("harmless",), ("brought", "in_vain", "refused", "log_lines", "answers")


@dataclass(frozen=True)
class Attack:
    """A scenario that tries something.

    Attributes:
        rows: Which rows of the protocol it cites.
        file: Where it is.
        name: What it is called.
        calls: The names that it calls.
    """

    rows: tuple[int, ...]
    file: str
    name: str
    calls: frozenset[str]

    @property
    def sentence(self) -> str:
        """The name in words, with the file."""
        words = self.name.removeprefix("test_").replace("_", " ")
        return f"{words} ([{self.file}](../scenarios/{self.file}))"

    @property
    def verdict(self) -> str:
        """What the scenario compares, besides what its name says."""
        found = []
        if self.calls.intersection(_UNCHANGED):
            found.append("nothing changed")
        if self.calls.intersection(_TOLD):
            found.append("the log says why")
        return "; ".join(found) or "as the name says"


def attacks() -> list[Attack]:
    """Every scenario that cites the checklist, in the order of files and lines."""
    return [each for path in sorted((ROOT / "scenarios").glob("test_*.py")) for each in _in(path)]


def _in(path: Path) -> Iterator[Attack]:
    for node in ast.parse(path.read_text("utf-8")).body:
        if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
            continue
        if rows := _cited(ast.get_docstring(node) or ""):
            yield Attack(rows, path.name, node.name, frozenset(_called(node)))


def _cited(docstring: str) -> tuple[int, ...]:
    lists = _ROWS.findall(docstring)
    return tuple(sorted({int(row) for each in lists for row in re.findall(r"\d+", each)}))


def _called(node: ast.FunctionDef) -> Iterator[str]:
    for each in ast.walk(node):
        match each:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                yield name


def table() -> str:
    """The rows of the checklist, with what tries each."""
    found = attacks()
    head = "| row | what is tried | scenario | verdict |\n|---|---|---|---|\n"
    return head + "".join(line for row in TRIED for line in _lines(row, found))


def _lines(row: int, found: list[Attack]) -> Iterator[str]:
    told = f"{row} | {TRIED[row]}"
    for attack in (each for each in found if row in each.rows):
        yield f"| {told} | {attack.sentence} | {attack.verdict} |\n"
        told = " | "


def written() -> str:
    """The list as the document has it now."""
    text = DOCUMENT.read_text("utf-8")
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)]


if __name__ == "__main__":
    before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}", "utf-8")
