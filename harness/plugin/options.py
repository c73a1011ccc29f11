"""The options of the plugin; each goes before its `HARNESS_*` variable."""

import os
from typing import get_args

import pytest

from harness.settings import OPTIONS, FederationName, HarnessSettings, WireProfile


def add_options(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("seedbed", "federations of pods")
    group.addoption("--federation", choices=get_args(FederationName), help="what the pods are")
    group.addoption("--seed", type=int, help="decides all names, texts and orders")
    group.addoption("--order", type=int, help="decides the order of events in joined")
    group.addoption("--wire-profile", choices=get_args(WireProfile), help="form of migrations")
    group.addoption("--reports", help="folder below which each run gets its own")
    group.addoption("--floor", type=int, help="how many scenarios at least must be judged")
    group.addoption("--keep", action="store_true", default=None, help="keep the pods' databases")
    group.addoption("--repeat", type=int, default=1, help="run each scenario so many times")


def read_settings(config: pytest.Config) -> HarnessSettings:
    """Read the settings of a run.

    Raises:
        UsageError: If a value cannot be understood.
    """
    given = {name: config.getoption(f"--{name.replace('_', '-')}") for name in (*OPTIONS, "keep")}
    return HarnessSettings.read(os.environ, **given)
