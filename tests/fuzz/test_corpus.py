"""What fuzzing starts from, and what it has found once, breaks nothing."""

from pathlib import Path

import pytest

from tests.fuzz import targets

INPUTS = [
    pytest.param(target, path, id=f"{target}-{path.name}")
    for target in targets.TARGETS
    for folder in (targets.CORPUS, targets.CRASHES)
    for path in sorted((folder / target).glob("*"))
]


@pytest.mark.parametrize(("target", "path"), INPUTS)
def test_an_input_of_the_corpus_is_read_or_refused(target: str, path: Path) -> None:
    targets.run(target, path.read_bytes())


def test_every_target_has_something_to_start_from() -> None:
    assert {path.name for path in targets.CORPUS.iterdir()} == set(targets.TARGETS)


def test_a_target_that_lets_an_error_out_is_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_data: bytes) -> None:
        raise KeyError("never caught")

    monkeypatch.setattr(targets, "TARGETS", {"broken": broken})
    with pytest.raises(KeyError, match="never caught"):
        targets.run("broken", b"")
