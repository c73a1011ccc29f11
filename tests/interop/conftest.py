"""A federation with one real pod that matters, and the foreign one; started once for all tests.

At the end of a session the interop matrix is printed: what was understood, in which direction.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from tabulate import tabulate

from harness.driver.registry import adapter
from harness.facts.identity import DiasporaId
from harness.facts.reference import Ref
from harness.facts.snapshot import Row, Snapshots
from harness.federation import Account, Federation
from harness.runtime.environment import key_pool
from harness.runtime.processes import Processes
from harness.settings import HarnessSettings
from tests.interop import matrix
from tests.interop.foreign import FRIDA, ForeignPod, foreign_pod

FRIDAS_ID = DiasporaId.parse(FRIDA)


@dataclass(frozen=True, slots=True)
class Meeting:
    """alice on pod1 and frida, of whom each has looked the other up; bob on pod2 follows alice."""

    federation: Federation
    foreign: ForeignPod
    alice: Account
    bob: Account

    def settle(self) -> Snapshots:
        return self.federation.settle()

    @property
    def pod(self) -> dict[str, object]:
        """Where public messages for alice's pod go."""
        return {"endpoint": "https://pod1.test/", "public": True}

    @property
    def mailbox(self) -> dict[str, object]:
        """Where private messages for alice go."""
        person = self.settle()["pod1"].rows("person")[str(self.alice)]
        key = self.foreign.do("discover", handle=str(self.alice))["public_key"]
        return {
            "endpoint": "https://pod1.test/",
            "public": False,
            "guid": person["guid"],
            "public_key": key,
        }

    def row(self, kind: str, guid: str) -> Row | None:
        """What alice's pod has of an entity."""
        return self.settle()["pod1"].get(kind, guid)

    def heard(self, class_: str) -> list[dict[str, object]]:
        """The entities of one class that the library has understood since it was asked last."""
        self.settle()
        return [entity for entity in self.foreign.entities() if entity["class"] == class_]


class Deviation(Exception):
    """The library does otherwise than the protocol says; expected where a test says so."""


def new_guid() -> str:
    return uuid4().hex


@pytest.fixture(scope="session")
def meeting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meeting]:
    folder: Path = tmp_path_factory.mktemp("interop")
    settings = HarnessSettings(cache=folder / "cache", reports=folder, boot_seconds=60)
    runtime = Processes(settings, folder / "run")
    runtime.start()
    try:
        with foreign_pod(runtime, key_pool(settings, "peer")[0]) as foreign:
            federation = Federation(
                runtime,
                adapter("reference"),
                seed=1,
                settle_timeout=timedelta(seconds=60),
                private_keys=key_pool(settings),
            )
            alice = federation["pod1"].sign_up("alice")
            bob = federation["pod2"].sign_up("bob")
            bob.share(alice, aspect="friends")
            alice.share(FRIDAS_ID, aspect="friends")
            federation.settle()
            yield Meeting(federation, foreign, alice, bob)
    finally:
        runtime.stop()


@pytest.fixture
def post_of_alice(meeting: Meeting) -> Ref:
    """A public post of alice's, which has arrived at frida's."""
    post = meeting.alice.post("Hello from pod1")
    meeting.heard("DiasporaPost")
    return post


@pytest.fixture
def post_of_frida(meeting: Meeting) -> str:
    """A public post of frida's, which has arrived at alice's."""
    guid = new_guid()
    meeting.foreign.send("Post", meeting.pod, guid=guid, raw_content="Hello abroad", public=True)
    meeting.foreign.do(
        "publish", kind="Post", fields={"guid": guid, "raw_content": "Hello abroad", "public": True}
    )
    assert meeting.row("post", guid) is not None
    meeting.foreign.received()
    return guid


# --- the matrix ----------------------------------------------------------------------------------

_WORDS = {"passed": "yes", "skipped": "no (deviates)", "failed": "NO"}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was understood, by direction; expected failures are the library's deviations."""
    told = [
        (direction, matrix.sentence(name), _WORDS[report.outcome])
        for kind in ("passed", "xfailed", "failed")
        for report in terminalreporter.stats.get(kind, ())
        if report.when == "call" and "tests/interop/" in report.nodeid
        for file, _, name in [report.nodeid.rpartition("/")[2].partition("::")]
        if (direction := matrix.direction_of(file.removesuffix(".py")))
    ]
    if told:
        terminalreporter.section("interop matrix")
        terminalreporter.write_line(tabulate(sorted(told), ("direction", "what", "understood")))
