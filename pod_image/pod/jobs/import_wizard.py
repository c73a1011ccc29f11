"""The import wizard: upload an archive, then choose the new name; see `pod.jobs.importing`.

Source: seed specification sections 5 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass

from pod.domain import moving, registering
from pod.domain.archive import Archive
from pod.domain.errors import Conflict, Invalid, Later, NameTaken, NotAllowed, NotFound
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Person
from pod.domain.validating import validate
from pod.jobs import resolve
from pod.jobs.context import Context
from pod.jobs.importing import ask_home, need
from pod.jobs.passwords import hash_password
from pod.store.ids import Act
from pod.store.unit_of_work import UnitOfWork
from pod.wire import archive as files

SCHEDULED = (
    "Your account migration has been scheduled. "
    "You’ll be emailed once your account is available"  # noqa: RUF001 - the seed's wording
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An archive that was found valid, and what the wizard proposes."""

    guid: Guid
    old_id: DiasporaId
    username: str
    is_available: bool
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The name and log-in that a person wants on this pod."""

    username: str
    email: str
    password: str


def need_imports(context: Context) -> None:
    """Let nobody begin where nobody can move to.

    Raises:
        NotAllowed: If the podmin has switched imports off.
        Refused: If the pod knows no way to announce a move.
    """
    host = context.settings.host
    if not context.settings.imports:
        raise NotAllowed(
            f"{host} takes in nobody from elsewhere: its podmin has switched imports off"
        )
    moving.need_forms(context.settings)


def upload(context: Context, body: bytes, act: Act | None = None) -> Offer:
    """Check an archive and keep it.

    Raises:
        Refused: If it cannot be imported; the message says what is wrong with it.
        NotAllowed: If nothing is imported here.
    """
    need_imports(context)
    archive = files.read(body)
    ask_home(context, archive.owner)
    _find_owner(context, archive)
    with context.work(act) as work:
        row = work.imports.add(work.ids.guid("import"), body, archive.owner)
        name = archive.username.lower()
        return Offer(
            guid=row.guid,
            old_id=archive.owner,
            username=name,
            is_available=_is_available(work, name),
            email=archive.email,
        )


def _find_owner(context: Context, archive: Archive) -> Person:
    """The owner, discovered if need be."""
    try:
        return resolve.attempt(context, lambda work: validate(work, archive))
    except (NotFound, Later) as error:
        raise Invalid(
            f"archive: its owner {archive.owner} cannot be found, so nothing proves whose it is; "
            f"try again when {archive.owner.host} can be reached: {error}"
        ) from None


def _is_available(work: UnitOfWork, username: str) -> bool:
    try:
        return registering.is_available(work, registering.check_username(username))
    except Invalid:
        return False


def choose(context: Context, guid: str, choice: Choice, act: Act | None = None) -> DiasporaId:
    """Make the new account, locked, and schedule the import.

    Returns:
        The new diaspora ID.

    Raises:
        NotFound: If there is no such import.
        Conflict: If it was scheduled before, or has ended.
        NameTaken: If the name is not free; the import waits for another choice.
        Invalid: If name, email or password cannot be used.
        NotAllowed: If nothing is imported here any more.
    """
    need_imports(context)
    username = registering.check_username(choice.username)
    email = registering.check_email(choice.email)
    password = registering.check_password(choice.password)
    _check(context, guid, username)
    registration = registering.Registration(
        username=username,
        email=email,
        password_hash=hash_password(password, fast=context.settings.test_mode),
        private_key=context.new_private_key(),
    )
    with context.work(act) as work:
        _need_open(work, guid)
        return _schedule(work, guid, registration)


def _check(context: Context, guid: str, username: str) -> None:
    """Refuse early: making a key takes a second, and one of a pool is used up."""
    with context.work() as work:
        _need_open(work, guid)
        if not registering.is_available(work, username):
            raise NameTaken(f"username {username} is taken, or was once; choose another")


def _need_open(work: UnitOfWork, guid: str) -> None:
    row = need(work, guid)
    if row.state != "validated":
        raise Conflict(f"import {guid} is {row.state} already; nothing more is to be chosen")


def _schedule(work: UnitOfWork, guid: str, registration: registering.Registration) -> DiasporaId:
    row = need(work, guid)
    account = registering.register(work, registration, state="locked")
    work.imports.update(
        row.id,
        state="scheduled",
        username=registration.username,
        email=registration.email,
        account_id=account.id,
    )
    work.imports.schedule(row.id)
    return account.person.diaspora_id
