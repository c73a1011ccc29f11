"""What a mutant is: a pod with one line of its behaviour broken, and who must notice."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from typing import Any, Final

from harness.facts.identity import PodName

Function = Callable[..., object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A broken pod.

    Attributes:
        name: How it is asked for.
        breaks: What is wrong with it, in one sentence.
        patches: What is replaced in the pod: `module:function` or `module:Class.method`.
        instead: What takes its place; its first argument is the original.
        on: The pods that are broken; all others are healthy.
        rule: The check that must notice.
        pod: The pod that its finding must name.
        subject: How the object that the finding names begins.
        field: The field that it names; empty for any.
        scenarios: What has to be played for that, as `seedbed run` is told.
    """

    name: str
    breaks: str
    patches: str
    instead: Function
    on: tuple[PodName, ...]
    rule: str
    pod: PodName
    subject: str
    field: str
    scenarios: tuple[str, ...]

    def patch(self, is_broken: Callable[[], bool]) -> None:
        """Replace the behaviour in this process, where and while `is_broken` says so."""
        owner, attribute = self._place()
        original: Function = getattr(owner, attribute)  # whatever it may take and give

        @wraps(original)
        def broken(*args: object, **named: object) -> object:
            if not is_broken():
                return original(*args, **named)
            return self.instead(original, *args, **named)

        setattr(owner, attribute, broken)

    def _place(self) -> tuple[Any, str]:
        module, _, path = self.patches.partition(":")
        *outer, attribute = path.split(".")
        owner: Any = import_module(module)
        for name in outer:
            owner = getattr(owner, name)
        return owner, attribute


MUTANTS: Final[dict[str, Mutant]] = {}


def mutant(
    patches: str,
    *,
    on: PodName | tuple[PodName, ...],
    caught: str,
    at: PodName | None = None,
    naming: tuple[str, str],
    by: str | tuple[str, ...],
) -> Callable[[Function], Function]:
    """Register a function, which takes the original and its arguments, as a mutant.

    Args:
        patches: What it replaces.
        on: Which pods are broken.
        caught: The check that must notice.
        at: The pod that must be named; else the broken one.
        naming: The object that must be named, by how it begins, and its field (empty: any).
        by: The scenarios that bring it to light.
    """
    pods = (on,) if isinstance(on, str) else on

    def register(instead: Function) -> Function:
        MUTANTS[instead.__name__] = Mutant(
            name=instead.__name__,
            breaks=(instead.__doc__ or "").strip(),
            patches=patches,
            instead=instead,
            on=pods,
            rule=caught,
            pod=at or pods[0],
            subject=naming[0],
            field=naming[1],
            scenarios=(by,) if isinstance(by, str) else by,
        )
        return instead

    return register
