"""Settings for federations that tests start themselves."""

from pathlib import Path

import pytest

from harness.settings import HarnessSettings


@pytest.fixture
def settings(tmp_path: Path) -> HarnessSettings:
    return HarnessSettings(cache=tmp_path / "cache", reports=tmp_path / "reports", boot_seconds=60)
