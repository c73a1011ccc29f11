"""`seedbed images`: the images of pod and gate, without starting anything."""

import os

import typer

from harness.report.progress import progress
from harness.runtime.containers.engine import find_engine
from harness.runtime.containers.images import images
from harness.runtime.containers.places import wheel_cache
from harness.settings import HarnessSettings


def build_images() -> None:
    """Build what is not there, and say what their names stand for.

    Raises:
        UsageError: If there is no engine, or no base image.
        BuildFailed: If a step fails.
    """
    settings = HarnessSettings.read(os.environ)
    client = find_engine().connect()
    try:
        made = images(client, wheel_cache(settings), progress().say, settings.base_image)
    finally:
        client.close()
    typer.echo(f"seedbed-pod:latest is {made.pod}\nseedbed-gate:latest is {made.gate}")
