"""An account migration that is agreed: its effect on what this pod knows, and how it is announced.

Source: seed specification sections 4 to 6; federation protocol sections 8.1, 8.2 and 8.4.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pod.domain import profiles, sharing
from pod.domain.archive import Archive
from pod.domain.entities import AccountMigration, AccountRename, Profile
from pod.domain.entities import Person as Identity
from pod.domain.errors import Refused
from pod.domain.identity import DiasporaId, is_host
from pod.domain.people import Account, Person
from pod.domain.ports import WIRE_FORMS, Condition, Migration, Policy, WireForm, Work, other_form

REPEAT_FROM = timedelta(days=14)
"""How far back what went to the old ID is repeated, if the move does not tell its time."""

MAX_NAMED_PODS = 1000
"""Pods told because an archive names their addresses: an archive must not aim us at the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A migration whose proofs were found good. `envelope` is the message that tells of it.

    `second_envelope` is one that tells of it in the other form.
    """

    old: Person
    new: Person
    profile: Profile
    form: WireForm
    envelope: bytes
    second_envelope: bytes | None = None
    originated_here: bool = False
    remote_photo_path: str | None = None


# --- its effect ----------------------------------------------------------------------------------


def apply(work: Work, move: Move) -> None:
    """Close the old person, and make everything that named them name the newest one.

    What accounts here sent to the old ID lately is sent to the new one again, so that nothing is
    lost that somebody wrote in the meantime.
    """
    target = work.people.newest(move.new)
    sharers = set(_sharers(work, target)) | set(_sharers(work, move.old))
    record(work, move)
    _take_profile(work, move)
    if move.remote_photo_path is not None and not move.new.is_local:
        work.migrations.move_photos(move.old, move.remote_photo_path)
    work.people.close(move.old)
    work.migrations.repoint(move.old, target)
    _close_account(work, move.old)
    _tell_sharers(work, target, sharers)
    work.outbox.send_again(move.old, target, _since(work, move.profile))
    work.migrations.complete(move.old, work.now)


def record(work: Work, move: Move) -> None:
    """Store the fact, with the message that proves it; for good."""
    work.migrations.add(
        Migration(
            old=move.old,
            new=move.new,
            form=move.form,
            envelope=move.envelope,
            second_envelope=move.second_envelope,
            originated_here=move.originated_here,
        ),
        work.now,
    )


def _take_profile(work: Work, move: Move) -> None:
    """Believe the profile in the message, unless what is known is at least as new.

    The message is public: of a profile that is not, it leaves out what only some may see.
    """
    if move.new.is_local:
        return
    edited_at, known = move.profile.edited_at, work.people.profile(move.new).edited_at
    if known is None or (edited_at is not None and edited_at > known):
        profile = profiles.with_absolute_images(move.profile, move.new.pod_url)
        work.people.set_profile(move.new, profile)


def _close_account(work: Work, old: Person) -> None:
    """The old home keeps the name, so that it is not given out again, and the key, to answer."""
    account = work.accounts.by_person(old)
    if account is not None:
        work.accounts.clear(account)
        work.accounts.set_state(account, "closed")


def _sharers(work: Work, person: Person) -> Iterable[int]:
    """The accounts here that share with the person."""
    contacts = work.sharing.contacts_about(person)
    return (contact.account_id for contact in contacts if contact.receiving)


def _tell_sharers(work: Work, target: Person, before: set[int]) -> None:
    """The new home does not know who shares with the person; those who do say so again."""
    now = set(_sharers(work, target))
    for account_id in sorted(now | before):
        account = work.accounts.get(account_id)
        if account.state != "closed" and account.person.id != target.id:
            _tell(work, account, target, is_sharing=account_id in now)


def _tell(work: Work, account: Account, target: Person, *, is_sharing: bool) -> None:
    mirror = work.accounts.by_person(target)
    if mirror is not None:
        work.sharing.set_contact(mirror, account.person, sharing=is_sharing)
        return
    sharing.tell(work, account, target, sharing=is_sharing)
    if is_sharing:
        profiles.introduce(work, account, target)


def _since(work: Work, profile: Profile) -> datetime:
    return profile.edited_at or work.now - REPEAT_FROM


# --- its announcement ----------------------------------------------------------------------------


def compose(
    work: Work, account: Account, old_id: DiasporaId, old_key: str
) -> Mapping[WireForm, bytes]:
    """The messages that tell everybody, in the forms this pod emits, sealed with the old key.

    Raises:
        Refused: If this pod knows no form.
    """
    makers: Mapping[WireForm, Callable[[], AccountRename | AccountMigration]] = {
        "account_rename": lambda: _rename(work, account, old_id),
        "account_migration": lambda: _migration(work, account, old_id),
    }
    return {
        form: work.crypto.seal(makers[form](), old_key, old_id) for form in need_forms(work.policy)
    }


def need_forms(policy: Policy) -> tuple[WireForm, ...]:
    """The forms in which this pod announces moves, the usual one first.

    Raises:
        Refused: If it knows none: then nobody can move here.
    """
    if not policy.emitted_forms:
        raise Refused(f"{policy.host} knows no way to announce a move, so nobody can move here")
    return policy.emitted_forms


def _shown_profile(work: Work, account: Account) -> Profile:
    profile = work.people.profile(account.person)
    return profile if profile.public else profiles.without_extended(profile)


def _rename(work: Work, account: Account, old_id: DiasporaId) -> AccountRename:
    person = account.person
    identity = Identity(
        guid=person.guid,
        author=person.diaspora_id,
        url=work.policy.url,
        profile=_shown_profile(work, account),
        exported_key=person.public_key,
    )
    rename = AccountRename(author=old_id, person=identity)
    if not work.policy.emit_new_signature:
        return rename
    signature = work.crypto.sign_rename(old_id, rename, account.private_key)
    return replace(rename, new_signature=signature)


def _migration(work: Work, account: Account, old_id: DiasporaId) -> AccountMigration:
    """Variant A: deployed software mishandles the other one."""
    new_id = account.person.diaspora_id
    return AccountMigration(
        author=old_id,
        profile=_shown_profile(work, account),
        signature=work.crypto.sign_migration(old_id, new_id, account.private_key),
        old_identity=old_id,
    )


def announce(work: Work, account: Account, migration: Migration, archive: Archive) -> None:
    """Tell everybody who gets profile updates, everybody named in the archive, and the old home.

    Those whom the account shares with also get what the public message leaves out of a profile.
    """
    named = (work.people.by_id(diaspora_id) for diaspora_id in archive.people())
    known = (work.people.newest(person) for person in named if person is not None)
    people = (*profiles.profile_recipients(work, account), *known, migration.old)
    pods = {*work.people.pods(people), *_named_pods(archive)}
    tell_pods(work, migration, pods)
    profile = work.people.profile(account.person)
    if not profile.public:
        contacts = work.sharing.contacts(account)
        entitled = [contact.person for contact in contacts if contact.receiving]
        work.outbox.private(profile, account, entitled)


def tell_pods(work: Work, migration: Migration, pods: Collection[str]) -> None:
    """Send what tells of the move: in the first form to all, in the second to those who need it.

    The old home needs both, since it has to answer pods of either kind.
    """
    work.outbox.envelope(migration.form, migration.envelope, migration.old, sorted(pods))
    second = migration.second_envelope
    if second is not None:
        form, home = other_form(migration.form), migration.old.pod_url
        homes, others = {home} & set(pods), set(pods) - {home}
        work.outbox.envelope(form, second, migration.old, homes, only_if="understood")
        work.outbox.envelope(form, second, migration.old, others, only_if="needed")


def understands(form: WireForm, features: Collection[str]) -> bool:
    """Whether a pod that announces these features understands a form.

    Deployed software understands account_migration and announces nothing.
    """
    return form in features or (form == "account_migration" and not set(WIRE_FORMS) & set(features))


def is_wanted(form: WireForm, only_if: Condition, features: Collection[str]) -> bool:
    """Whether a pod that announces these features gets a message in a second form."""
    if only_if == "needed" and understands(other_form(form), features):
        return False
    return understands(form, features)


def _named_pods(archive: Archive) -> list[str]:
    named = {pod for post in archive.posts for pod in post.pods}
    return sorted(pod for pod in named if _is_origin(pod))[:MAX_NAMED_PODS]


def _is_origin(url: str) -> bool:
    """Whether this is the address of a pod as pods are known by: https, a host, a slash."""
    host = url.removeprefix("https://").removesuffix("/")
    return url == f"https://{host}/" and is_host(host)
