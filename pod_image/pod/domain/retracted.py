"""Tombstones: what was retracted does not come back with a late or repeated copy.

Source: federation protocol section 9, row 7.
"""

from pod.domain.errors import Refused
from pod.domain.identity import Guid
from pod.domain.ports import Work


def refuse_retracted(work: Work, guid: Guid) -> None:
    """Raise `Refused` if there is a tombstone for this GUID."""
    if work.migrations.is_retracted(guid):
        raise Refused(f"{guid} was retracted and does not come back")
