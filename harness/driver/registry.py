"""The adapters that there are, by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from harness.driver.adapter import Adapter
from harness.driver.reference import ReferencePod
from harness.errors import UsageError

ADAPTERS: Final[Mapping[str, Adapter]] = MappingProxyType({"reference": ReferencePod()})


def adapter(name: str) -> Adapter:
    """Find an adapter.

    Raises:
        UsageError: If there is none of that name.
    """
    try:
        return ADAPTERS[name]
    except KeyError:
        known = ", ".join(sorted(ADAPTERS))
        raise UsageError(f"no adapter is called {name!r}; there are: {known}") from None
