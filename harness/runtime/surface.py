"""What every federation has in its run folder: the wiretap's record, a log per pod."""

from pathlib import Path

from harness.facts.identity import POD_HOSTS, POD_NAMES, PodName
from harness.gate import Gate, KeyRing, Wiretap
from harness.runtime.clock import VirtualClock
from harness.runtime.environment import key_pool
from harness.settings import HarnessSettings


def open_gate(settings: HarnessSettings, folder: Path, clock: VirtualClock) -> Gate:
    """A gate that records to `wire.jsonl` and can read messages to test people."""
    folder.mkdir(parents=True, exist_ok=True)
    wiretap = Wiretap(folder / "wire.jsonl", virtual_now=lambda: clock.now)
    hosts = {host: pod for pod, host in POD_HOSTS.items()}
    return Gate(hosts, wiretap, KeyRing(key_pool(settings)))


def pod_logs(folder: Path) -> dict[PodName, Path]:
    """The log file of each pod; its folder is made."""
    files: dict[PodName, Path] = {pod: folder / "pods" / pod / "log" for pod in POD_NAMES}
    for file in files.values():
        file.parent.mkdir(parents=True, exist_ok=True)
    return files
