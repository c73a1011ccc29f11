"""Whether an archive may be imported here at all.

That it has the right form was checked when it was read. Source: seed specification section 3.
"""

from __future__ import annotations

from pod.domain.archive import Archive
from pod.domain.errors import PersonMissing, Refused
from pod.domain.identity import DiasporaId
from pod.domain.people import Person
from pod.domain.ports import Work


def validate(work: Work, archive: Archive) -> Person:
    """Find the owner, and check that the archive is theirs and that they can still move.

    Raises:
        PersonMissing: If the owner has to be discovered first.
        Refused: If the owner has moved or is closed, or the key is not theirs.
    """
    owner = work.people.by_id(archive.owner)
    if owner is None or owner.stub:
        _refuse_moved(work, archive.owner)
        raise PersonMissing(archive.owner)
    migration = work.migrations.of(owner)
    if migration is not None:
        raise Refused(
            f"archive: {archive.owner} has moved to {migration.new.diaspora_id} already; "
            "export again there"
        )
    if owner.closed:
        raise Refused(f"archive: the account {archive.owner} is closed, it cannot move any more")
    _check_key(work, archive, owner)
    return owner


def _refuse_moved(work: Work, owner: DiasporaId) -> None:
    """Refuse an owner of whom only the new name is known."""
    newest = work.migrations.alias(owner)
    if newest is not None:
        raise Refused(f"archive: {owner} has moved to {newest.diaspora_id} already")


def _check_key(work: Work, archive: Archive, owner: Person) -> None:
    """Compare keys, not texts: one key can be written in several ways."""
    try:
        public_key = work.crypto.public_key(archive.private_key)
    except Refused as error:
        raise Refused(f"archive: user.private_key: {error}") from None
    if work.crypto.fingerprint(public_key) != work.crypto.fingerprint(owner.public_key):
        raise Refused(
            f"archive: user.private_key is not the key of {archive.owner}; "
            "use an archive that this account's own pod exported"
        )
