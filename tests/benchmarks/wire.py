"""How fast messages are made and read: ours, the library `federation`, bare OpenSSL, in one run.

`python -m tests.benchmarks.wire` prints a table and adds a line to the history. Rates are messages
per second and core; ratios are what to look at, since machines differ and are shared.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import __version__ as cryptography_version
from tabulate import tabulate

from harness.settings import ROOT
from tests.benchmarks import record, timing
from tests.benchmarks.wire_ours import lines
from tests.interop import environment

ROUNDS = 7

GOALS = {
    "public post, made and signed": 0.80,
    "public post, read and verified": 0.25,
    "private post, made": 0.75,
    "private post, received": 0.65,
    "comment, signature checked": 0.30,
}
"""What part of the bare operation ours has to reach, with keys of 2048 bits."""

_PEER = Path(__file__).with_name("wire_federation.py")


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table: rates of ours, of the bare operation, of the library (0: has none)."""

    bits: int
    name: str
    ours: float
    bound: float
    library: float
    share: float

    @property
    def goal(self) -> float | None:
        return GOALS.get(self.name) if self.bits == 2048 else None

    @property
    def is_missed(self) -> bool:
        return self.goal is not None and self.share < self.goal


def key_of(bits: int) -> str:
    """A test key of that size."""
    text = (ROOT / "fixtures" / "keys" / "pod1.pem").read_text()
    marker = "-----BEGIN"
    blocks = [marker + block for block in text.split(marker)[1:]]
    return blocks[0] if bits == 2048 else blocks[1]


@contextmanager
def library(pem: str) -> Iterator[subprocess.Popen[str]]:
    """The library's own process, waiting for what to measure."""
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "key.pem"
        key.write_text(pem)
        command = [environment.make(), _PEER, key]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]  # noqa: S603 - our own script
            try:
                yield process
            finally:
                process.stdin.close()


def measure(bits: int) -> Iterator[Result]:
    """Measure everything with keys of one size, in turn, round by round."""
    pem = key_of(bits)
    with library(pem) as peer:
        known = json.loads(peer.stdout.readline()) if peer.stdout else []
        for name, line in lines(pem).items():
            ours: list[float] = []
            bound: list[float] = []
            theirs: list[float] = []
            for _ in range(ROUNDS):
                found = timing.rates({"ours": line.ours, "bound": line.bound}, 1)
                ours += found["ours"]
                bound += found["bound"]
                theirs += [_ask(peer, name)] if name in known else []
            yield Result(
                bits,
                name,
                timing.median(ours),
                timing.median(bound),
                timing.median(theirs) if theirs else 0,
                timing.share(ours, bound),
            )


def _ask(peer: subprocess.Popen[str], name: str) -> float:
    if peer.stdin is None or peer.stdout is None:
        raise RuntimeError("the library's process has no pipes")
    print(name, file=peer.stdin, flush=True)
    return float(peer.stdout.readline())


def table(results: list[Result]) -> str:
    """The results for people."""
    rows = [
        (
            each.bits,
            each.name,
            f"{each.ours:,.0f}",
            f"{each.library:,.0f}" if each.library else "-",
            f"{each.bound:,.0f}",
            f"{each.share:.1%}",
            f"{each.library / each.bound:.1%}" if each.library else "-",
            f"{each.ours / each.library:.1f}" if each.library else "-",
            "" if each.goal is None else f"{each.goal:.0%}{' MISSED' if each.is_missed else ''}",
        )
        for each in results
    ]
    heads = (
        "RSA",
        "operation",
        "ours/s",
        "federation/s",
        "bare/s",
        "ours",
        "federation",
        "x",
        "goal",
    )
    return tabulate(rows, heads)


def figures(results: Iterable[Result]) -> list[dict[str, object]]:
    """What the history keeps: rates a second of processor time, and ours as share of the bare."""
    return [
        {
            "what": f"{each.bits} {each.name}",
            "rate": round(each.ours, 1),
            "bound": round(each.bound, 1),
            "federation": round(each.library, 1) or None,
            "share": round(each.share, 3),
            "goal": each.goal,
            "rounds": ROUNDS,
        }
        for each in results
    ]


def main() -> int:
    """Measure, print, add a line to the history; 1 if a goal was missed."""
    results = [result for bits in (2048, 4096) for result in measure(bits)]
    print(table(results))  # noqa: T201 - the command's output
    record.append("wire", figures(results), cryptography=cryptography_version)
    return int(any(each.is_missed for each in results))


if __name__ == "__main__":
    sys.exit(main())
