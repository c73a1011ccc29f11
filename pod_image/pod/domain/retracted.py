"""Tombstones: what was retracted does not come back with a late or repeated copy.

Source: federation protocol section 9, row 7.
"""

from pod.domain.errors import Refused
from pod.domain.identity import Guid
from pod.domain.ports import Work


def refuse_retracted(work: Work, target_type: str, guid: Guid) -> None:
    """Raise `Refused` if there is a tombstone for this GUID, of this kind of entity.

    GUIDs are unique for each kind only: what somebody else retracted under the same one counts not.
    """
    if work.migrations.is_retracted(target_type, guid):
        raise Refused(f"{guid} was retracted and does not come back")
