"""The plugin's markers, which its own tests look at without running under it."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "pod_settings(pod1={...}, ...): settings of single pods")
