"""`seedbed compare` judges what a run has left, without pods."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli.comparing import compare_folder
from harness.errors import UsageError
from harness.facts.snapshot import Snapshots
from harness.plugin.evidence import write_snapshots
from harness.report import states


@pytest.fixture
def folder(past: Snapshots, tmp_path: Path) -> Path:
    """A run's folder, as the plugin leaves it."""
    write_snapshots(past, tmp_path, states.STATE)
    return tmp_path


def edit(path: Path, type_: str, field: str, value: object) -> str:
    """Change one cell of the first row of a type; answers the row's key."""
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    row = next(row for row in document["rows"] if row[0] == type_)
    row[2][field] = value
    path.write_text(json.dumps(document), "utf-8")
    return str(row[1])


def test_what_is_written_is_read_again(folder: Path, past: Snapshots) -> None:
    read = states.read(folder)
    assert read == past
    assert past.origin is not None
    assert read.origin is not None
    assert read.origin.acts == past.origin.acts
    assert read.origin.canaries == past.origin.canaries
    assert read.origin.public_keys.items() <= past.origin.public_keys.items()
    assert read.origin.databases() == {}


def test_a_healthy_run_has_no_disagreement(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare_folder(folder, None, json_=False) == 0
    said = capsys.readouterr()
    assert said.out == "no disagreement between the pods\n"
    assert said.err == (
        "not judged, as the folder has no databases (`seedbed run --keep` leaves them):\n"
        "  private_items_stay_private, nothing_is_left_of_the_old_identity\n\n"
    )


def test_one_edited_cell_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    guid = edit(folder / "pods" / "pod3" / "state.json", "poll", "question", "Really?")
    assert compare_folder(folder, None, json_=True) == 1
    (finding,) = json.loads(capsys.readouterr().out)
    assert (finding["rule"], finding["pod"], finding["subject"], finding["field"]) == (
        "same_content_everywhere",
        "pod3",
        f"poll {guid[:8]}",
        "question",
    )
    assert finding["found"] == "Really?"


def test_a_row_that_is_missing_is_named_since_the_acts_are_known(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "pods" / "pod2" / "state.json"
    document = json.loads(path.read_text("utf-8"))
    gone = next(row for row in document["rows"] if row[0] == "like")
    document["rows"].remove(gone)
    document["rows"] = [row for row in document["rows"] if row[:2] != ["signature", gone[1]]]
    path.write_text(json.dumps(document), "utf-8")
    assert compare_folder(folder, None, json_=False) == 1
    said = capsys.readouterr().out
    assert "everyone_entitled_has_it" in said
    assert f"like {gone[1][:8]}" in said

    # Without the acts nobody knows who must have it, and finding nothing means nothing.
    (folder / "state.acts.json").unlink()
    assert compare_folder(folder, None, json_=False) == 2
    unjudged = capsys.readouterr().err
    assert "no state.acts.json, which tells what was done, and no databases" in unjudged
    assert "everyone_entitled_has_it, nobody_else_has_it" in unjudged


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("pods/pod1/state.json", "{", "pods/pod1/state.json cannot be read"),
        ("pods/pod1/state.json", "[]", "pods/pod1/state.json holds no state"),
        ("state.acts.json", "{}", "state.acts.json holds no acts"),
    ],
)
def test_files_that_are_damaged_are_named(
    folder: Path, name: str, content: str, complaint: str
) -> None:
    (folder / name).write_text(content)
    with pytest.raises(UsageError, match=complaint):
        compare_folder(folder, None, json_=False)


def test_a_folder_without_states_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no pods/"):
        compare_folder(tmp_path, None, json_=False)
