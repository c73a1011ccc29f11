"""The settings that a pod is started with."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness.facts.identity import POD_HOSTS, PodName
from harness.runtime.clock import BEGINNING
from harness.settings import HarnessSettings


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all pods of a run have around them.

    Attributes:
        settings: What the harness was asked for.
        databases: The folder of their databases.
        smtp: The mail server, as `host:port`.
        token: Opens the control API of this run's pods.
        changed: What single pods are to have otherwise than usual.
    """

    settings: HarnessSettings
    databases: Path
    smtp: str
    token: str = field(default_factory=secrets.token_urlsafe, repr=False)
    changed: dict[PodName, Mapping[str, str]] = field(default_factory=dict)

    def database(self, pod: PodName) -> Path:
        """Where the pod keeps its data."""
        return self.databases / f"{pod}.sqlite3"

    def of(self, pod: PodName, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The pod's settings, `POD_*`.

        Args:
            pod: Which pod.
            extra: What depends on the way it runs: its socket, its proxy.
        """
        return {
            "POD_HOST": POD_HOSTS[pod],
            "POD_DATABASE_URL": f"sqlite:///{self.database(pod).absolute()}",
            "POD_SMTP": self.smtp,
            "POD_CONTROL_TOKEN": self.token,
            "POD_TEST_MODE": "true",
            "POD_CLOCK": f"{BEGINNING:%Y-%m-%dT%H:%M:%SZ}",
            "POD_KEY_POOL": str((self.settings.fixtures / "keys" / f"{pod}.pem").absolute()),
            "POD_WIRE_PROFILE": self.settings.wire_profile,
        } | {**(extra or {}), **self.changed.get(pod, {})}


def key_pool(settings: HarnessSettings, slice_: str = "*") -> tuple[str, ...]:
    """The private test keys, each as PEM: all of them, or one slice of the pool."""
    paths = sorted((settings.fixtures / "keys").glob(f"{slice_}.pem"))
    texts = (path.read_text("ascii") for path in paths)
    marker = "-----BEGIN"
    return tuple(f"{marker}{block}" for text in texts for block in text.split(marker)[1:])
