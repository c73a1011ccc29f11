"""The container engine that tests need, or the reason why they are left out."""

import os

import pytest

from harness.runtime.containers.base_image import USUAL
from harness.runtime.containers.engine import Engine, EngineMissing, find_engine


def is_promised() -> bool:
    """Whether somebody, such as CI, promises an engine: then its absence is a failure."""
    return bool(os.environ.get("SEEDBED_NEEDS_ENGINE"))


def need_engine() -> Engine:
    """An engine with something to build on; without one the test is left out, unless promised."""
    try:
        engine = find_engine()
    except EngineMissing as error:
        if is_promised():
            raise
        pytest.skip(str(error))
    if not is_promised() and not any(map(engine.has_image, USUAL)):
        pytest.skip("there is no base image; `make base-image` makes one")
    return engine
