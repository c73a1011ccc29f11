"""Pages made of templates."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


class Templates:
    """Templates that may extend each other; what they are given is escaped."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def render(self, name: str, **values: Any) -> str:  # noqa: ANN401 - for a template
        """Fill one in."""
        return self._environment.get_template(name).render(**values)

    @cached_property
    def _environment(self) -> Environment:
        # Most pods of tests are asked for no page, and shall start fast.
        from jinja2 import DictLoader, Environment

        return Environment(loader=DictLoader(self._texts), autoescape=True)
