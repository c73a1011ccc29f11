"""What fuzzing starts from, and what it has found once, breaks nothing."""

from pathlib import Path

import pytest

from pod.domain.errors import Invalid
from pod.wire import entities
from pod.wire.errors import WireError
from pod.wire.properties import BY_NAME
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


@pytest.mark.parametrize("target", targets.TARGETS)
def test_something_of_what_a_target_starts_from_is_accepted(target: str) -> None:
    """Or what lies behind the first refusal would be found by chance alone."""
    folder = sorted((targets.CORPUS / target).iterdir())
    assert any(_is_accepted(target, path.read_bytes()) for path in folder)


def _is_accepted(target: str, data: bytes) -> bool:
    try:
        targets.TARGETS[target](data)
    except (WireError, Invalid):
        return False
    return True


def test_every_kind_of_entity_is_among_what_is_started_from() -> None:
    roots = {entities.decode(each).__class__ for each in _read("payload")}
    assert roots == {schema.make for schema in BY_NAME.values()}


def _read(target: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((targets.CORPUS / target).iterdir())]


def test_a_target_that_lets_an_error_out_is_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_data: bytes) -> None:
        raise KeyError("never caught")

    monkeypatch.setattr(targets, "TARGETS", {"broken": broken})
    with pytest.raises(KeyError, match="never caught"):
        targets.run("broken", b"")
