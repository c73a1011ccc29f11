"""The new identity that a rename tells of: what the message itself shows, and what is known of it.

Source: federation protocol section 8.5, checks 2 to 5.
"""

from __future__ import annotations

from pod.domain import moving
from pod.domain.archive import KnownPerson
from pod.domain.entities import AccountRename, Profile
from pod.domain.errors import Conflict, Invalid, PersonMissing, Refused
from pod.domain.moving import Move
from pod.domain.people import Person
from pod.domain.ports import WireForm, Work


def check(work: Work, rename: AccountRename, old_key: str | None) -> None:
    """Check the new identity as far as the message itself shows it.

    Raises:
        Refused: If names, GUID or key are not one new identity's own, or its signature is wrong.
    """
    person = rename.person
    what = f"account_rename of {rename.old_id}"
    if rename.old_id == rename.new_id or person.profile.author != rename.new_id:
        raise Invalid(f"{what}: old and new identity are not told apart")
    if old_key is not None and same_key(work, old_key, person.exported_key):
        raise Refused(f"{what}: the new identity has the old key")
    public_key = work.crypto.canonical_key(person.exported_key)
    holders = (work.people.by_guid(person.guid), work.people.by_key(public_key))
    for holder in holders:
        if holder is not None and holder.diaspora_id != rename.new_id:
            raise Conflict(f"{what}: GUID or key belong to {holder.diaspora_id}")
    if rename.new_signature:
        work.crypto.verify_rename(rename)


def confirmed(work: Work, rename: AccountRename) -> Person:
    """The new person as discovered, not as told.

    Raises:
        PersonMissing: If it is not known here, or only from an archive.
        Conflict: If GUID, key or pod differ from what the message says.
    """
    told = rename.person
    known = work.people.by_id(rename.new_id) or moved_on(work, _told(rename), told.url)
    if known is None or known.stub:
        raise PersonMissing(rename.new_id)
    same_pod = told.url.rstrip("/").lower() == known.pod_url.rstrip("/").lower()
    same = same_key(work, told.exported_key, known.public_key)
    if told.guid != known.guid or not same or not same_pod:
        raise Conflict(f"account_rename to {rename.new_id}: that ID has another GUID, key or pod")
    return known


def _told(rename: AccountRename) -> KnownPerson:
    told = rename.person
    return KnownPerson(diaspora_id=told.author, guid=told.guid, public_key=told.exported_key)


def moved_on(work: Work, told: KnownPerson, pod_url: str) -> Person | None:
    """Somebody who had moved on before this pod could discover them; None if nothing proves it.

    Their own home has shown the message that says so. If that is sealed with the key that somebody
    else tells of, message and key are the same person's.

    Raises:
        Refused: If it is sealed with another key.
    """
    envelope = work.migrations.alias_envelope(told.diaspora_id)
    newest = work.migrations.alias(told.diaspora_id)
    if envelope is None or newest is None or told.guid is None or told.public_key is None:
        return None
    entity = work.crypto.open(envelope, told.public_key)
    link = Person(
        id=0,
        diaspora_id=told.diaspora_id,
        guid=told.guid,
        public_key=work.crypto.canonical_key(told.public_key),
        pod_url=pod_url,
        closed=True,
    )
    profile = Profile(author=told.diaspora_id, searchable=False)
    person = work.people.add(link, profile, work.now)
    form: WireForm = "account_rename" if isinstance(entity, AccountRename) else "account_migration"
    move = Move(old=person, new=newest, profile=profile, form=form, envelope=envelope)
    moving.record(work, move)
    work.migrations.complete(person, work.now)
    return person


def same_key(work: Work, one: str, other: str) -> bool:
    """Whether two texts are the same key."""
    return work.crypto.fingerprint(one) == work.crypto.fingerprint(other)
