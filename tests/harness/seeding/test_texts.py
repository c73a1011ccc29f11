"""What the cast say depends on the seed, and on nothing of the process that makes it up."""

import os
import subprocess
import sys

import pytest

from harness.settings import ROOT

SAY_ALL = """
from harness.seeding.cast import read_cast
from harness.seeding.texts import Texts
from harness.settings import HarnessSettings

roles = read_cast(HarnessSettings().fixtures / "cast.toml")
texts = Texts(1, roles)
for role in roles:
    who = role.name
    print(texts.profile(role), texts.sentence(who), texts.word(who), texts.place(who))
"""


def said(hash_seed: str) -> list[str]:
    done = subprocess.run(  # noqa: S603 (our own interpreter and program)
        [sys.executable, "-c", SAY_ALL],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("hash_seed", ["2", "3"])
def test_the_cast_say_the_same_in_each_process(hash_seed: str) -> None:
    first = said("1")
    assert len(first) == 8
    assert said(hash_seed) == first
