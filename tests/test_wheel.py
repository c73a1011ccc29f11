"""A wheel takes everything along that Seedbed needs where there is no checkout."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from harness.runtime.containers.context import sources

ROOT = Path(__file__).parents[1]
WHAT_IT_IS_MADE_OF = ("harness", "scenarios", "fixtures", "pod_image", "docs")
ASK = """
import json
from hashlib import sha256
from harness.runtime.containers.context import sources
from harness.settings import ROOT
assert ROOT.name == "installed", ROOT
print(json.dumps({name: sha256(content).hexdigest() for name, content in sources().items()}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What pip would make of the wheel; built from a copy, as building leaves traces."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "copy"
    for name in WHAT_IT_IS_MADE_OF:
        shutil.copytree(ROOT / name, copy / name, symlinks=True)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", folder, copy], check=True)  # noqa: S603 - our own folder
    (wheel,) = folder.glob("seedbed-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def test_images_are_built_from_a_wheel_as_from_a_checkout(installed: Path) -> None:
    asked = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", ASK],
        cwd=installed.parent,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        check=True,
    )
    here = {name: sha256(content).hexdigest() for name, content in sources().items()}
    assert json.loads(asked.stdout) == here


def test_a_wheel_has_the_scenarios_the_cast_and_what_makes_a_base_image(installed: Path) -> None:
    wanted = ("pod_image/base_image.sh", "fixtures/cast.toml", "fixtures/keys/pod1.pem")
    assert [name for name in wanted if not (installed / name).is_file()] == []
    scenarios = {path.name for path in (installed / "scenarios").glob("test_*.py")}
    assert scenarios == {path.name for path in (ROOT / "scenarios").glob("test_*.py")}
