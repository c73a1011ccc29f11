"""The cast file."""

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.seeding.cast import Role, read_cast
from harness.seeding.texts import Texts, image
from harness.settings import ROOT


def test_the_cast_is_who_the_scenarios_speak_of() -> None:
    roles = read_cast(ROOT / "fixtures" / "cast.toml")
    assert {role.name: f"{role.username}@{role.pod}" for role in roles} == {
        "carol": "carol@pod1",
        "debora": "debora@pod1",
        "alice": "alice@pod2",
        "other_carol": "carol@pod2",
        "bob": "bob@pod3",
        "fay": "fay@pod3",
        "mallory": "mallory@pod3",
        "dave": "dave@pod4",
    }


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[carol", "cannot be read"),
        ('[carol]\nlocale = "en_US"', "cannot be read"),
        ('[carol]\npod = "pod9"\nlocale = "en_US"', "pod9, which is no pod"),
        ('[carol]\npod = "pod1"\nlocale = "en_US"\nblocks = ["eve"]', "names eve"),
    ],
)
def test_a_cast_that_makes_no_sense_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "cast.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=complaint):
        read_cast(path)


def test_words_depend_on_the_seed_and_the_person_alone() -> None:
    carol = Role(name="carol", pod="pod1", username="carol", locale="en_US")
    bob = Role(name="bob", pod="pod3", username="bob", locale="de_DE")
    alone = Texts(1, [carol])
    together = Texts(1, [bob, carol])
    together.sentence("bob")
    assert alone.sentence("carol") == together.sentence("carol")
    assert Texts(2, [carol]).sentence("carol") != Texts(1, [carol]).sentence("carol")
    assert alone.canary("x") == together.canary("x") != alone.canary("y")


def test_pictures_are_real_and_differ() -> None:
    assert image("one")[:8] == b"\x89PNG\r\n\x1a\n"
    assert image("one") != image("two")
