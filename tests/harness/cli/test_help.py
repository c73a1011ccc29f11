"""Every word of the command is explained, by itself and in the documents."""

from collections.abc import Iterator

import pytest
import typer.main

from harness.cli.main import app
from harness.settings import ROOT
from tests.harness.cli.terminal import Terminal

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined] # a group has them


def parameters() -> Iterator[tuple[str, str, str]]:
    for name, command in COMMANDS.items():
        for each in command.params:
            yield name, str(each.name), str(getattr(each, "help", None) or "")


def test_every_command_and_every_option_has_a_sentence_of_help() -> None:
    helps = [(name, str(command.help or "")) for name, command in COMMANDS.items()]
    sentences = [*helps, *((f"{name} {each}", text) for name, each, text in parameters())]
    assert len(sentences) > len(COMMANDS) * 2
    assert [place for place, text in sentences if not text.strip().endswith(".")] == []


def test_every_command_has_examples_that_call_it() -> None:
    examples = {name: str(command.epilog or "") for name, command in COMMANDS.items()}
    assert [name for name, text in examples.items() if f"seedbed {name}" not in text] == []


def test_every_command_is_told_of_in_the_documents() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "README.md", *ROOT.glob("docs/*.md"))]
    text = "\n".join(texts)
    forms = {name: (f"seedbed {name}", f"make {name}") for name in COMMANDS}
    assert [name for name, told in forms.items() if not any(form in text for form in told)] == []


@pytest.mark.parametrize("words", [(), *((name,) for name in COMMANDS)])
def test_help_is_printed_and_is_no_mistake(here: Terminal, words: tuple[str, ...]) -> None:
    for option in ("--help", "-h"):
        answer = here.call(*words, option)
        assert (answer.returncode, answer.stderr) == (0, "")
        assert answer.stdout.startswith(f"Usage: seedbed {' '.join(words)}".rstrip())
