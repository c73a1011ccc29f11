"""Stubs that turned out to be false: an archive told another key or GUID than the person's own.

What came from elsewhere was never verified with a stub's key (`pod.domain.attribution`), so that
nothing but the archive's own comments, likes, votes and answers rests on it.
"""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from pod.domain.identity import DiasporaId
from pod.domain.people import Person
from pod.store import rows
from pod.store.schema import deliveries, people, profiles, relayable_signatures
from pod.store.signatures import KINDS
from pod.store.unit_of_work import UnitOfWork


def set_aside(work: UnitOfWork, stub: Person) -> None:
    """Remove what the false key had signed, and make the name free for the real person."""
    for entity, _ in work.interactions.by_author(stub):
        found = work.interactions.find(KINDS[type(entity)], entity.guid)
        if found is not None:
            work.interactions.remove(found)
    _rename(work, stub, f"false-stub-{stub.id}@{stub.diaspora_id.host}")


def put_back(work: UnitOfWork, stub: Person) -> None:
    """Give the stub its name back, as the real person could not be had after all."""
    if work.people.by_id(stub.diaspora_id) is None:  # else somebody else's attempt succeeded
        _rename(work, stub, stub.diaspora_id)


def _rename(work: UnitOfWork, stub: Person, name: str) -> None:
    aside = name != stub.diaspora_id
    values = {
        "diaspora_id": DiasporaId(name),
        "guid": f"false-stub-{stub.guid}"[:255] if aside else stub.guid,
    }
    rows.change(work.connection, people, values, id=stub.id)


def replace(work: UnitOfWork, stub: Person, real: Person) -> None:
    """Let everything that named the stub name the real person; forget the stub."""
    work.migrations.repoint(stub, real)
    # What waits to be sent is encrypted when it is sent: with the right key now.
    for name in ("recipient_id", "concerns_id"):
        rows.change(work.connection, deliveries, {name: real.id}, **{name: stub.id})
    rows.remove(work.connection, relayable_signatures, signer_id=stub.id)
    try:
        with work.connection.begin_nested():
            rows.remove(work.connection, profiles, person_id=stub.id)
            rows.remove(work.connection, people, id=stub.id)
    except IntegrityError:  # some record has to keep naming it
        work.people.close(stub)
