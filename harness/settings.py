"""What the harness is asked to do: settings from `HARNESS_*`, and from the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal, Self, get_args

from harness.errors import UsageError

FederationName = Literal["auto", "joined", "processes", "containers"]
WireProfile = Literal["account_rename", "account_migration"]

ROOT = Path(__file__).parents[1]


OPTIONS: Final = ("federation", "seed", "order", "reports", "wire_profile", "floor")
"""What the command hands on to the plugin with a value; all else comes by the environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HarnessSettings:
    """Settings of a run; each is also read from `HARNESS_` and its name in capitals.

    Attributes:
        federation: What the pods are: cores in one process, servers, or containers. `auto` takes
            containers if an engine answers, else servers.
        seed: Decides all names and texts.
        order: Decides, with the seed, the order of events in `joined`; repetitions count on.
        pod_factory: Import path of what makes a pod's core, `module:function`.
        pod_server: Module that serves pods forked from one preloaded parent.
        wire_profile: The form in which pods announce account migrations.
        reports: Folder below which each run gets its own.
        cache: Folder for what can be made again: seeded databases.
        fixtures: Folder with the cast and the test keys.
        floor: How many scenarios at least must be judged; with fewer a run is inconclusive.
        keep: Leave the pods' databases in the run's folder.
        settle_seconds: How long messages may move until settling fails.
        boot_seconds: How long pods may take to come up.
        base_image: What the images of `containers` are made on; empty takes one that is there.
    """

    federation: FederationName = "auto"
    seed: int = 1
    order: int = 1
    pod_factory: str = "pod.app:create_core"
    pod_server: str = "pod.forkserver"
    wire_profile: WireProfile = "account_rename"
    reports: Path = Path("reports")
    cache: Path = Path(".seedbed") / "cache"
    fixtures: Path = ROOT / "fixtures"
    floor: int = 0
    keep: bool = False
    settle_seconds: float = 30.0
    boot_seconds: float = 30.0
    base_image: str = ""

    @classmethod
    def read(cls, environment: Mapping[str, str], **given: Any) -> Self:  # noqa: ANN401 (any field)
        """Read the settings; what is given, and not None, goes before the environment.

        Raises:
            UsageError: If a value cannot be understood.
        """
        found = {
            name: environment[f"HARNESS_{name.upper()}"]
            for name in (field.name for field in fields(cls))
            if environment.get(f"HARNESS_{name.upper()}")
        }
        wanted = found | {name: value for name, value in given.items() if value is not None}
        return cls(**{name: _cast(name, value) for name, value in wanted.items()})

    @property
    def settle_timeout(self) -> timedelta:
        """How long messages may move."""
        return timedelta(seconds=self.settle_seconds)

    @property
    def boot_timeout(self) -> timedelta:
        """How long pods may take to come up."""
        return timedelta(seconds=self.boot_seconds)

    def changed(self, **given: Any) -> "HarnessSettings":  # noqa: ANN401 (any field)
        """The same settings but for these."""
        return replace(self, **given)


_CHOICES = {"federation": get_args(FederationName), "wire_profile": get_args(WireProfile)}
_TYPES = {
    "seed": int,
    "order": int,
    "floor": int,
    "settle_seconds": float,
    "boot_seconds": float,
    "reports": Path,
    "cache": Path,
    "fixtures": Path,
}


def _cast(name: str, value: Any) -> Any:  # noqa: ANN401 (text, or the field's own type)
    choices = _CHOICES.get(name)
    if choices and value not in choices:
        raise UsageError(f"{name} is {value!r}; expected one of {', '.join(choices)}")
    if name == "keep":
        return value if isinstance(value, bool) else value.lower() in ("1", "true", "yes")
    try:
        return _TYPES[name](value) if name in _TYPES else value
    except ValueError as error:
        raise UsageError(f"{name} is {value!r}; expected a number") from error
