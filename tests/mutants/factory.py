"""Makes pods that are broken on purpose: `HARNESS_POD_FACTORY=tests.mutants.factory:create_core`.

`SEEDBED_MUTANT` names the mutant; without it the pods are healthy. A pod is broken from the moment
on in which a snapshot is restored into it, which the harness does before each scenario. So the
common past is always that of healthy pods, and one kept past serves all mutants.
"""

import os
from collections.abc import Iterable, Mapping
from functools import cache

from pod.app import Answer, Core
from pod.app import create_core as create_healthy
from pod.jobs.client import Send
from pod.settings import SettingsError
from tests.mutants.registry import MUTANTS

VARIABLE = "SEEDBED_MUTANT"
RESTORE = ("POST", "/control/restore")

_at_work: list[str] = []
"""The hosts of the pods of this process that are at work, the innermost last."""
_broken: set[str] = set()


class MutantCore(Core):
    """A pod's core that knows when it is at work, and since when it is broken.

    Where it is the only one of its process it is always at work, in whatever thread.
    """

    def __init__(self, core: Core, *, is_alone: bool) -> None:
        super().__init__(core.context, core.close)
        self._host = core.context.settings.host
        self._is_alone = is_alone
        if is_alone:
            _at_work.append(self._host)

    def handle(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> Answer:
        """Answer one HTTP request."""
        with_me = self._enter()
        try:
            answer = super().handle(method, target, headers, body)
        finally:
            del _at_work[with_me:]
        if (method, target) == RESTORE:
            _broken.add(self._host)
        return answer

    def step(self) -> bool:
        """Do one due thing; whether there was one."""
        with_me = self._enter()
        try:
            return super().step()
        finally:
            del _at_work[with_me:]

    def _enter(self) -> int:
        if not self._is_alone:
            _at_work.append(self._host)
        return len(_at_work) - (not self._is_alone)


def create_core(settings: Mapping[str, str], *, send: Send | None = None) -> Core:
    """Make a pod, broken if the environment says so.

    Raises:
        SettingsError: If there is no such mutant.
    """
    _patch(os.environ.get(VARIABLE, ""))
    return MutantCore(create_healthy(settings, send=send), is_alone=send is None)


@cache
def _patch(name: str) -> None:
    """Break this process' pods, once."""
    if not name:
        return
    mutant = MUTANTS.get(name)
    if mutant is None:
        raise SettingsError(f"{VARIABLE} is {name!r}; there are {', '.join(sorted(MUTANTS))}")
    hosts = {f"{pod}.test" for pod in mutant.on}
    mutant.patch(lambda: bool(_at_work) and _at_work[-1] in hosts & _broken)
