"""The cast and their common past: made once through the federation, then restored for each run."""

from harness.seeding.fixtures import Fixtures
from harness.seeding.stage import Stage
from harness.seeding.story import Seeded, restore, seeded

__all__ = ["Fixtures", "Seeded", "Stage", "restore", "seeded"]
