"""Scenarios in which a pod is set otherwise than usual: the marker `pod_settings`.

@pytest.mark.pod_settings(pod3={"POD_KNOWS_FORMS": "none"})
"""

from collections.abc import Mapping
from typing import cast

import pytest

from harness.errors import UsageError
from harness.facts.identity import POD_NAMES, PodName

Changed = Mapping[PodName, Mapping[str, str]]


def settings_of(item: pytest.Item) -> Changed:
    """What the scenario asks for; the marker nearest to it decides about each setting.

    Raises:
        UsageError: If a marker names no pod, or what is no setting of pods.
    """
    found: dict[PodName, dict[str, str]] = {}
    for marker in item.iter_markers("pod_settings"):
        for pod, settings in marker.kwargs.items():
            _check(item, pod, settings)
            name = cast(PodName, pod)
            found[name] = {**settings, **found.get(name, {})}
    return found


def _check(item: pytest.Item, pod: str, settings: object) -> None:
    expected = 'Write it as @pytest.mark.pod_settings(pod3={"POD_NAME": "value"})'
    if pod not in POD_NAMES:
        raise UsageError(f"{item.name}: pod_settings is about {pod!r}, which is no pod", expected)
    pairs = settings.items() if isinstance(settings, dict) else (("", settings),)
    for name, value in pairs:
        if not (str(name).startswith("POD_") and isinstance(value, str)):
            raise UsageError(f"{item.name}: {pod} cannot be given {name}={value!r}", expected)
