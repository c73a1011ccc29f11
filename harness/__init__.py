"""The vocabulary of scenarios: all that they may import.

The names are loaded when they are first used, so that `seedbed --help` need not wait for them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from harness.driver.adapter import (
        CanCountPending,
        CanMigrate,
        Invitation,
        Location,
        Poll,
    )
    from harness.driver.login import Garbled, Refused
    from harness.facts.archive import Archive
    from harness.facts.finding import Finding, Findings
    from harness.facts.identity import POD_NAMES, DiasporaId, PodName
    from harness.facts.reference import Ref
    from harness.facts.snapshot import Row, Snapshot, Snapshots
    from harness.federation import (
        Account,
        Federation,
        Forger,
        ImportWizard,
        Peer,
        PeerPerson,
        Pod,
    )
    from harness.gate import Exchange, Gate
    from harness.gate.compose import Value
    from harness.gate.forge import Identity
    from harness.gate.http import Pace
    from harness.gate.script import NEVER, Answer, Delivery, Drip, UndeclaredRequest
    from harness.observe.beacon import Beacon, new_word
    from harness.runtime import CanHearOctets, CanRunInside
    from harness.runtime.mail import Mail
    from harness.seeding import Fixtures
    from harness.verify import disagreements

_HOME: Final = {
    "NEVER": "harness.gate.script",
    "POD_NAMES": "harness.facts.identity",
    "Account": "harness.federation",
    "Answer": "harness.gate.script",
    "Archive": "harness.facts.archive",
    "Beacon": "harness.observe.beacon",
    "CanCountPending": "harness.driver.adapter",
    "CanHearOctets": "harness.runtime",
    "CanMigrate": "harness.driver.adapter",
    "CanRunInside": "harness.runtime",
    "Delivery": "harness.gate.script",
    "DiasporaId": "harness.facts.identity",
    "Drip": "harness.gate.script",
    "Exchange": "harness.gate",
    "Federation": "harness.federation",
    "Finding": "harness.facts.finding",
    "Findings": "harness.facts.finding",
    "Fixtures": "harness.seeding",
    "Forger": "harness.federation",
    "Garbled": "harness.driver.login",
    "Gate": "harness.gate",
    "Identity": "harness.gate.forge",
    "ImportWizard": "harness.federation",
    "Invitation": "harness.driver.adapter",
    "Location": "harness.driver.adapter",
    "Mail": "harness.runtime.mail",
    "Pace": "harness.gate.http",
    "Peer": "harness.federation",
    "PeerPerson": "harness.federation",
    "Pod": "harness.federation",
    "PodName": "harness.facts.identity",
    "Poll": "harness.driver.adapter",
    "Ref": "harness.facts.reference",
    "Refused": "harness.driver.login",
    "Row": "harness.facts.snapshot",
    "Snapshot": "harness.facts.snapshot",
    "Snapshots": "harness.facts.snapshot",
    "UndeclaredRequest": "harness.gate.script",
    "Value": "harness.gate.compose",
    "disagreements": "harness.verify",
    "new_word": "harness.observe.beacon",
}

__all__ = [
    "NEVER",
    "POD_NAMES",
    "Account",
    "Answer",
    "Archive",
    "Beacon",
    "CanCountPending",
    "CanHearOctets",
    "CanMigrate",
    "CanRunInside",
    "Delivery",
    "DiasporaId",
    "Drip",
    "Exchange",
    "Federation",
    "Finding",
    "Findings",
    "Fixtures",
    "Forger",
    "Garbled",
    "Gate",
    "Identity",
    "ImportWizard",
    "Invitation",
    "Location",
    "Mail",
    "Pace",
    "Peer",
    "PeerPerson",
    "Pod",
    "PodName",
    "Poll",
    "Ref",
    "Refused",
    "Row",
    "Snapshot",
    "Snapshots",
    "UndeclaredRequest",
    "Value",
    "disagreements",
    "new_word",
]


def __getattr__(name: str) -> object:
    """Load a name of the vocabulary when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module 'harness' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
