"""The documents agree with the repository: links, commands, packages and words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.verify import CHECKS

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
COMMAND = re.compile(r"(?:^|`)make ((?:-C \S+ )?[a-z][a-z-]*)", re.MULTILINE)
TARGET = re.compile(r"^([a-z][a-z -]*):(?!=)", re.MULTILINE)
WORDS = (
    "pod", "home pod", "podmin", "person", "account", "diaspora ID", "GUID", "contact", "sharing",
    "receiving", "aspect", "entity", "author", "sender", "recipient", "relayable", "parent",
    "root author", "magic envelope", "encrypted magic envelope", "payload", "dispatch", "delivery",
    "abandon", "archive", "account migration", "closed", "federation", "cut", "heal", "isolate",
    "settle", "snapshot", "finding", "agreed", "disagreed", "unknown", "unsupported",
)  # fmt: skip


def documents() -> list[Path]:
    folders = ("docs", "fixtures", "reports", "pod_image", "scenarios", "harness")
    return sorted(ROOT.glob("*.md")) + sorted(
        path for folder in folders for path in (ROOT / folder).rglob("*.md")
    )


def anchors(text: str) -> set[str]:
    """The anchors that a forge gives to headings."""
    headings = (heading.lower() for heading in HEADING.findall(FENCE.sub("", text)))
    return {re.sub(r"[^\w -]", "", heading).replace(" ", "-") for heading in headings}


def broken_links(path: Path) -> Iterator[str]:
    for link in LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8"))):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        if not target.exists():
            yield f"{path.name}: {link} leads nowhere"
        elif anchor and anchor not in anchors(target.read_text(encoding="utf-8")):
            yield f"{path.name}: {link}: no such heading"


def test_every_link_leads_somewhere() -> None:
    assert [broken for path in documents() for broken in broken_links(path)] == []


def test_the_rule_on_links_finds_broken_ones(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One Thing\n[a](#one-thing) [b](#two) [c](gone.md) [d](page.md#one-thing)\n")
    assert list(broken_links(page)) == [
        "page.md: #two: no such heading",
        "page.md: gone.md leads nowhere",
    ]


def test_every_make_command_in_the_documents_exists() -> None:
    targets = {
        name
        for line in TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
        for name in line.split()
    }
    named = {
        (path.name, command.split()[-1])
        for path in documents()
        for command in COMMAND.findall(path.read_text(encoding="utf-8"))
    }
    assert named, "the documents name no make command, so this test looked at nothing"
    assert sorted(pair for pair in named if pair[1] not in targets) == []


def packages(folder: str) -> list[str]:
    found = {path.parent.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*.py")}
    return sorted({path.parts[0] for path in found if path.parts})


@pytest.mark.parametrize("folder", ["harness", "pod_image/pod"])
def test_the_architecture_document_names_every_package(folder: str) -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert packages(folder) != []
    assert [name for name in packages(folder) if f"`{name}`" not in text] == []


def test_the_glossary_explains_every_word_of_the_project() -> None:
    rows = re.findall(
        r"^\| \*\*(.+?)\*\* \|", (ROOT / "docs/glossary.md").read_text("utf-8"), re.MULTILINE
    )
    explained = {word.strip() for row in rows for word in row.split(",")}
    assert [word for word in WORDS if word not in explained] == []


def test_decisions_are_numbered_without_gap_and_tell_context_choice_and_consequence() -> None:
    paths = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in paths] == list(range(1, len(paths) + 1))
    parts = {
        path.name: re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE) for path in paths
    }
    assert parts == {name: ["Context", "Choice", "Consequence"] for name in parts}


def test_every_check_has_a_section_and_every_section_a_check() -> None:
    text = (ROOT / "docs/verification.md").read_text("utf-8")
    sections = re.findall(r"^### (.+)$", text, re.MULTILINE)
    named = [title.lower().replace(" ", "_") for title in sections]
    assert sorted(named) == sorted(check.__name__ for check in CHECKS)
